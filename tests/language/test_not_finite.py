"""Numbers that JSON does not have, but that Python reads from `1e400`."""

import pytest

from muster.facts.alias_file import RawPaths
from muster.language.compile import Compiler
from muster.language.parse import parse_rule
from muster.values.document import Document


@pytest.mark.parametrize("value", [float("inf"), float("-inf"), float("nan")])
@pytest.mark.parametrize("expression", ["[string(field('n'))]", "[concat('a', string(field('n')))]"])
def test_a_number_that_is_not_finite_fails_the_rule(value: float, expression: str) -> None:
    rule, faults = parse_rule({"if": {"value": expression, "equals": "x"}, "then": {"effect": "audit"}}, "r.json", "")
    assert rule is not None, faults
    compiler = Compiler(RawPaths())
    outcome = compiler.compile_rule(rule, {}).evaluate(compiler.frame(Document({"type": "t", "n": value})))
    assert outcome.matched is None
    assert "beyond what JSON has" in outcome.error
