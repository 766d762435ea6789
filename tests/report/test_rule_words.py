"""A rule in words."""

from typing import Any

import pytest

from muster.language.definition import parse_definition
from muster.language.source import Source
from muster.language.syntax import Rule
from muster.report.rule_words import condition_list, lookup_sentence, resource_types

VM = "Microsoft.Compute/virtualMachines"
SET = "Microsoft.Compute/virtualMachineScaleSets"
DISKS = f"{VM}/storageProfile.dataDisks[*]"
PARAMETERS = {"names": {"type": "Array"}, "name": {"type": "String"}}


def rule(condition: Any, details: Any = None) -> Rule:
    then = {"effect": "audit"} if details is None else {"effect": "auditIfNotExists", "details": details}
    value: Any = {"properties": {"parameters": PARAMETERS, "policyRule": {"if": condition, "then": then}}}
    definition, faults = parse_definition(Source("d.json", "{}"), value)
    assert definition is not None, faults
    return definition.rule


TYPE = {"field": "type", "equals": VM}
SAYS_TYPE = f"- `type` is equal to `{VM}`"


def count(where: Any = None, over: Any = None, **compared: Any) -> dict[str, Any]:
    return {"count": {**(over or {"field": DISKS}), **({} if where is None else {"where": where})}, **compared}


LUN = {"field": f"{DISKS}.lun", "equals": 0}
SAYS_LUN = f"    - `{DISKS}.lun` is equal to `0`"


@pytest.mark.parametrize(
    ("condition", "lines"),
    [
        (TYPE, [SAYS_TYPE]),
        ({"allOf": [TYPE]}, [SAYS_TYPE]),
        ({"allOf": [TYPE, TYPE]}, ["- all of these hold:", f"    {SAYS_TYPE}", f"    {SAYS_TYPE}"]),
        ({"anyOf": [TYPE, TYPE]}, ["- at least one of these holds:", f"    {SAYS_TYPE}", f"    {SAYS_TYPE}"]),
        ({"allOf": []}, ["- always"]),
        ({"anyOf": []}, ["- never"]),
        ({"not": TYPE}, ["- this does not hold:", f"    {SAYS_TYPE}"]),
        ({"not": {"anyOf": [TYPE, TYPE]}}, ["- none of these holds:", f"    {SAYS_TYPE}", f"    {SAYS_TYPE}"]),
        ({"not": {"allOf": [TYPE, TYPE]}}, ["- not all of these hold:", f"    {SAYS_TYPE}", f"    {SAYS_TYPE}"]),
        ({"field": "kind", "exists": "true"}, ["- `kind` exists"]),
        ({"field": "kind", "exists": False}, ["- `kind` does not exist"]),
        ({"field": "name", "notIn": ["a", 1, None]}, ["- `name` is none of `a`, `1`, null"]),
        ({"field": "name", "notEquals": ""}, ["- `name` is other than an empty text"]),
        ({"field": "tags", "equals": {"b": 1}}, ["- `tags` is equal to <code>&#123;&#34;b&#34;&#58;1&#125;</code>"]),
        ({"field": "name", "in": []}, ["- `name` is one of an empty list"]),
        ({"field": "name", "in": list("abcdefghijklmn")}, [
            "- `name` is one of `a`, `b`, `c`, `d`, `e`, `f`, `g`, `h`, `i`, `j`, `k`, `l`, and 2 more"
        ]),
        ({"field": "name", "in": "[parameters('names')]"}, [
            "- `name` is one of the values of the parameter `names`"
        ]),
        ({"field": "name", "equals": "[parameters('name')]"}, ["- `name` is equal to the parameter `name`"]),
        ({"field": "name", "equals": "[toLower('A')]"}, ["- `name` is equal to `[toLower('A')]`"]),
        ({"field": "[concat('tags.', 'a')]", "exists": True}, [
            "- the field that `[concat('tags.', 'a')]` names exists"
        ]),
        ({"value": "[field('name')]", "like": "a|*"}, [
            "- the value of `name` is like <code>a&#124;&#42;</code>"
        ]),
        ({"field": f"{DISKS}.lun", "less": 3}, [f"- every `{DISKS}.lun` is less than `3`"]),
        (count(LUN, greater=0), [f"- some member of `{DISKS}` satisfies:", SAYS_LUN]),
        (count(LUN, equals=0), [f"- no member of `{DISKS}` satisfies:", SAYS_LUN]),
        (count(greaterOrEquals=1), [f"- there is some member of `{DISKS}`"]),
        (count(less=1), [f"- there is no member of `{DISKS}`"]),
        (count(lessOrEquals=2), [f"- the number of members of `{DISKS}` is at most `2`"]),
        (count(LUN, equals=2), [
            f"- the number of members of `{DISKS}` that satisfy what follows is equal to `2`:",
            SAYS_LUN,
        ]),
        (count(LUN, equals=False), [
            f"- the number of members of `{DISKS}` that satisfy what follows is equal to `false`:",
            SAYS_LUN,
        ]),
        (
            count(
                {"field": "name", "like": "[current('one')]"},
                {"value": "[parameters('names')]", "name": "one"},
                notEquals=0,
            ),
            [
                "- some `one` item of the parameter `names` satisfies:",
                "    - `name` is like the `one` that is looked at",
            ],
        ),
    ],
)  # fmt: skip
def test_conditions(condition: Any, lines: list[str]) -> None:
    assert condition_list(rule(condition).condition) == lines


EXTENSIONS = f"{VM}/extensions"


@pytest.mark.parametrize(
    ("details", "sentence"),
    [
        (None, ""),
        ({"type": EXTENSIONS}, f"`{EXTENSIONS}` of the resource"),
        ({"type": EXTENSIONS, "name": "agent"}, f"`{EXTENSIONS}` of the resource, named `agent`"),
        ({"type": "Microsoft.Security/assessments"}, "`Microsoft.Security/assessments` of the resource"),
        ({"type": "Microsoft.Compute/disks"}, "`Microsoft.Compute/disks` in the resource's resource group"),
        (
            {"type": "Microsoft.Compute/disks", "existenceScope": "Subscription", "kind": "x"},
            "`Microsoft.Compute/disks` in the subscription, of the kind `x`",
        ),
        (
            {"type": "Microsoft.Compute/disks", "resourceGroupName": "rg", "name": "[field('name')]"},
            "`Microsoft.Compute/disks` in the resource group `rg`, whose name `[field('name')]` gives",
        ),
        ({"name": "no type"}, ""),
    ],
)
def test_what_is_looked_for(details: Any, sentence: str) -> None:
    assert lookup_sentence(rule(TYPE, details)) == sentence


@pytest.mark.parametrize(
    ("condition", "types"),
    [
        (TYPE, (VM,)),
        ({"field": "type", "in": [SET, VM]}, (SET, VM)),
        ({"anyOf": [TYPE, {"field": "name", "equals": "a"}]}, ()),
        ({"allOf": [{"field": "type", "in": [SET, VM]}, {"field": "type", "notEquals": SET}]}, (VM,)),
        ({"field": "type", "notEquals": VM}, ()),
    ],
)
def test_the_types_that_a_rule_is_for(condition: Any, types: tuple[str, ...]) -> None:
    assert resource_types(rule(condition)) == types
