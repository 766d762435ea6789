"""Whole arrays compared with one value."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.language.template import Template
from muster.values.diagnostic import Level

_OF_ONE = frozenset({"equals", "like", "match", "matchInsensitively", "in", "less", "lessOrEquals", "greater"})


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        name, comparison = leaf.field, leaf.comparison
        if leaf.positive not in _OF_ONE or name.endswith("[*]") or not linted.lists(name):
            continue
        if not linted.aliases.known(f"{name}[*]") or (
            leaf.positive == "equals" and _is_array(comparison.operand, linted)
        ):
            continue
        outcome = "always holds" if comparison.operator.startswith("not") else "never holds"
        yield Finding(
            comparison.subject.pointer,
            f"{quoted(name)} is a whole array, and {comparison.operator} compares it with single values, none of which "
            f"an array is equal to: the condition {outcome}.",
            f"Ask with contains, or count {quoted(name + '[*]')}.",
        )


def _is_array(operand: Template, linted: Linted) -> bool:
    parameter = linted.parameter(operand)
    return isinstance(operand.value, list) or (parameter is not None and parameter.type == "array")


RULE = LintRule("array-compared-as-one", Level.WARNING, "A whole array is compared with a single value.", _check)
