"""An object of which a part could not be had: that it exists is known, what it holds is not."""

import pytest

from muster.facts.alias_file import RawPaths
from muster.language.compile import Compiler
from muster.language.outcome import Truth
from muster.language.parse import parse_rule
from muster.values.document import Document
from muster.values.json import Json

BODY: dict[str, Json] = {
    "type": "t",
    "profile": {"name": "a", "view": {"state": "on"}},
    "disks": [{"lun": 0, "secret": "x"}, {"lun": 1, "secret": "y"}],
}


def decided(condition: Json, *unavailable: str) -> Truth:
    rule, faults = parse_rule({"if": condition, "then": {"effect": "audit"}}, "rule.json", "")
    assert rule is not None, faults
    compiler = Compiler(RawPaths())
    compiled = compiler.compile_rule(rule, {})
    return compiled.evaluate(compiler.frame(Document(BODY, unavailable=frozenset(unavailable)))).matched


def counted(where: Json, number: int) -> Json:
    return {"count": {"field": "disks[*]", "where": where}, "equals": number}


CASES: list[tuple[str, Json, Truth]] = [
    ("above: exists", {"field": "profile", "exists": True}, True),
    ("above: does not exist", {"field": "profile", "exists": False}, False),
    ("above: its keys", {"field": "profile", "containsKey": "view"}, None),
    ("above: as a function's value", {"value": "[empty(field('profile'))]", "equals": False}, None),
    ("at: exists", {"field": "profile.view", "exists": True}, None),
    ("below: exists", {"field": "profile.view.state", "exists": True}, None),
    ("beside", {"field": "profile.name", "equals": "a"}, True),
    ("members: how many", {"count": {"field": "disks[*]"}, "equals": 2}, True),
    ("members: what could be had", counted({"field": "disks[*].lun", "equals": 1}, 1), True),
    ("members: what could not", counted({"field": "disks[*].secret", "equals": "x"}, 3), False),
    ("members: what could not, in reach", counted({"field": "disks[*].secret", "equals": "x"}, 1), None),
    ("members: through current()", counted({"value": "[current('disks[*].lun')]", "equals": 1}, 1), True),
    ("members: current() whole", counted({"value": "[current('disks[*]').lun]", "equals": 1}, 1), None),
    ("members: each exists", {"field": "disks[*]", "exists": True}, True),
    ("members: some do not exist", {"field": "disks[*]", "exists": False}, False),
]


@pytest.mark.parametrize(("condition", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_known_of_it(condition: Json, expected: Truth) -> None:
    assert decided(condition, "profile.view", "disks[*].secret") is expected
