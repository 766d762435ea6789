"""The table itself: complete, consistent, fit for the reference, and its bounds."""

from collections.abc import Sequence

import pytest

from muster.language.functions import CONTEXTUAL, EXCLUDED, FUNCTIONS, ContextualFunction, TemplateFunction
from muster.language.functions.bounds import MAX_NODES, MAX_STRING
from muster.values.errors import TemplateError
from muster.values.json import Json

DOCUMENTED = {
    name
    for line in (
        "add addDays and array base64 base64ToJson base64ToString bool cidrHost cidrSubnet coalesce concat",
        "contains createArray createObject current dataUri dataUriToString div empty endsWith equals false field",
        "first float format greater greaterOrEquals guid if indexOf int intersection ipRangeContains items join",
        "json last lastIndexOf length less lessOrEquals max min mod mul not null objectKeys or padLeft parameters",
        "parseCidr policy range replace requestContext resourceGroup shallowMerge skip split startsWith string sub",
        "subscription substring take toLower toUpper trim true tryGet union uniqueString uri uriComponent",
        "uriComponentToString utcNow",
    )
    for name in line.split()
}
"""learn.microsoft.com/azure/azure-resource-manager/templates/template-functions without what rules may not use, and
what learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule adds."""

BICEP_ONLY = {"flatten", "indexFromEnd", "tryIndexFromEnd"}
"""Functions of Resource Manager that only Bicep's documentation names."""

NOT_IN_RULES = {
    name
    for line in (
        "copyIndex dateTimeAdd dateTimeFromEpoch dateTimeToEpoch deployment environment extensionResourceId lambda",
        "listAccountSas listKeys listSecrets list* managementGroup newGuid pickZones providers reference",
        "resourceId subscriptionResourceId tenantResourceId tenant variables filter map reduce sort toObject",
        "groupBy mapValues",
    )
    for name in line.split()
}
"""The page on policy rules, and the lambda functions one by one."""

ROWS: Sequence[TemplateFunction | ContextualFunction] = (*FUNCTIONS.values(), *CONTEXTUAL.values())


def test_every_documented_function_is_there() -> None:
    assert {row.name for row in ROWS} == DOCUMENTED | BICEP_ONLY


def test_what_rules_may_not_use_is_told_apart() -> None:
    assert {name.lower() for name in NOT_IN_RULES} <= EXCLUDED.keys()
    assert not EXCLUDED.keys() & (FUNCTIONS.keys() | CONTEXTUAL.keys())
    assert not FUNCTIONS.keys() & CONTEXTUAL.keys()


@pytest.mark.parametrize("table", [FUNCTIONS, CONTEXTUAL])
def test_keys_are_lower_cased_names(table: dict[str, TemplateFunction]) -> None:
    assert all(key == row.name.lower() for key, row in table.items())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_a_row_documents_its_function(row: TemplateFunction | ContextualFunction) -> None:
    assert row.parameters.startswith(f"{row.name}(")
    assert row.parameters.endswith(")")
    assert row.description.endswith(".")
    assert row.description[0].isupper()
    assert 0 <= row.least <= 3
    assert row.most is None or row.most >= row.least


@pytest.mark.parametrize(
    ("name", "least", "most"),
    [
        ("concat", 1, None),
        ("substring", 2, 3),
        ("createobject", 0, None),
        ("tryget", 2, None),
        ("format", 1, None),
        ("true", 0, 0),
        ("union", 2, None),
        ("adddays", 2, 2),
        ("if", 3, 3),
        ("current", 0, 1),
        ("utcnow", 0, 0),
        ("and", 2, None),
    ],
)
def test_arity(name: str, least: int, most: int | None) -> None:
    row = FUNCTIONS.get(name) or CONTEXTUAL[name]
    assert (row.least, row.most) == (least, most)


def nested(levels: int) -> Json:
    value: Json = []
    for _ in range(levels - 1):
        value = [value]
    return value


LONG = "x" * MAX_STRING
DOUBLED: Json = "leaf"
for _ in range(40):
    DOUBLED = [DOUBLED, DOUBLED]


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("concat", [LONG, "x"]),
        ("concat", [[1] * MAX_NODES, [1]]),
        ("concat", [LONG] * 100_000),
        ("join", [["x"] * 30_000, "x" * 1000]),
        ("replace", ["x" * 100_000, "x", LONG]),
        ("replace", [LONG, "x", "xx"]),
        ("format", ["{0}{0}", LONG]),
        ("format", ["{0,999999}", ""]),
        ("string", [[LONG, LONG]]),
        ("string", [{LONG: LONG}]),
        ("base64", [LONG]),
        ("uriComponent", ["ü" * 50_000]),
        ("dataUri", [LONG]),
        ("guid", [LONG, LONG]),
        ("uniqueString", [LONG, LONG]),
        ("createArray", [nested(128)]),
        ("createObject", ["a", nested(128)]),
        ("createArray", [[1] * MAX_NODES]),
        ("array", [[1] * MAX_NODES]),
        ("length", [nested(129)]),
        ("length", [DOUBLED]),
        ("equals", [DOUBLED, DOUBLED]),
        ("union", [DOUBLED, []]),
        ("split", ["," * MAX_NODES, ","]),
        ("split", ["a" * 100_000, ["a" * 99 + "b"] * 100]),
        ("json", ["[" * 1_000_000]),
        ("json", ["[" + "1," * MAX_NODES + "1]"]),
        ("toLower", [LONG + "X"]),
        ("flatten", [[[1] * 200] * 200]),
    ],
)
def test_what_is_too_large_fails(name: str, arguments: list[Json]) -> None:
    with pytest.raises(TemplateError) as caught:
        FUNCTIONS[name.lower()].call(arguments)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("concat", [LONG[1:], "x"]),
        ("length", [[1] * (MAX_NODES - 1)]),
        ("length", [nested(128)]),
        ("split", ["," * (MAX_NODES - 2), ","]),
        ("range", [0, 10_000]),
    ],
)
def test_what_is_just_small_enough_does_not(name: str, arguments: list[Json]) -> None:
    FUNCTIONS[name.lower()].call(arguments)


def test_a_complaint_is_short_and_moves_no_cursor() -> None:
    with pytest.raises(TemplateError) as caught:
        FUNCTIONS["substring"].call(["\x1b[2J\r\n" + LONG, "\u202e" * 500])
    message = str(caught.value)
    assert message.isprintable()
    assert len(message) < 200
    assert message.startswith("substring('?[2J??xxx")
    assert message.endswith("...) failed: startIndex must be an integer, not a string")
