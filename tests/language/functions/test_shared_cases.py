"""The shared unit cases of template functions, and where documentation and Microsoft's linter decide otherwise."""

import json
from pathlib import Path
from typing import Any

import pytest

from muster.language.functions import CONTEXTUAL, EXCLUDED, FUNCTIONS
from muster.values.errors import TemplateError

OTHER_NAMES = {
    "int_div": "div",
    "int_mod": "mod",
    "logic_all": "and",
    "logic_any": "or",
    "get_parameter": "parameters",
    "resolve_field": "field",
}

ERROR = object()
FRACTION = "documentation and linter: the result has seven digits of fraction"
DECIDED: dict[str, tuple[Any, str]] = {
    "regorus-builtin/add_days/002": ("2024-01-14T12:00:00.0000000Z", FRACTION),
    "regorus-builtin/add_days/004": ("2024-02-01T00:00:00.0000000Z", FRACTION),
    "regorus-builtin/add_days/006": ("2023-03-01T00:00:00.0000000Z", FRACTION),
    "regorus-builtin/add_days/009": ("2024-12-31T00:00:00.0000000Z", FRACTION),
    "regorus-builtin/empty/009": (ERROR, "documentation: array, object or string; linter: fails on a boolean"),
    "regorus-builtin/empty/010": (ERROR, "documentation: array, object or string; linter: fails on a boolean"),
    "regorus-builtin/int/007": (ERROR, "linter: Int64.TryParse, which takes no fraction"),
    "regorus-builtin/ip_range_contains/013": (ERROR, "linter: fails where either is no range"),
    "regorus-builtin/join/005": (ERROR, "documentation: an array of string; linter: fails on any other member"),
    "regorus-builtin/string/003": ("True", "linter: .NET's Convert.ToString, as Azure Resource Manager does"),
    "regorus-builtin/string/004": ("False", "linter: .NET's Convert.ToString, as Azure Resource Manager does"),
}
"""Case -> what muster gives instead, and why."""


def shared_rows() -> list[Any]:
    file = Path(__file__).parents[4] / "shared" / "azure-policy" / "template-functions.jsonl"
    if not file.is_file():
        return []
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def function_of(row: dict[str, Any]) -> str:
    name = str(row["builtin_file"])
    return OTHER_NAMES.get(name, name.replace("_", ""))


def outcome(row: dict[str, Any]) -> Any:
    try:
        return FUNCTIONS[function_of(row)].call(row["args"])
    except TemplateError:
        return ERROR


def wanted(row: dict[str, Any]) -> Any:
    return ERROR if "want_error" in row or "want_undefined" in row else row.get("want")


def same(left: Any, right: Any) -> bool:
    if left is ERROR or right is ERROR:
        return left is right
    return json.dumps(left, sort_keys=True) == json.dumps(right, sort_keys=True)


ROWS = shared_rows()
STRICT = [row for row in ROWS if function_of(row) in FUNCTIONS]


def test_the_shared_cases_are_there(shared: Path) -> None:
    assert len(ROWS) == 277
    assert len(STRICT) == 221


@pytest.mark.parametrize("row", [row for row in STRICT if row["id"] not in DECIDED], ids=lambda row: row["id"])
def test_shared_case(row: dict[str, Any]) -> None:
    assert same(outcome(row), wanted(row))


@pytest.mark.parametrize("row", [row for row in STRICT if row["id"] in DECIDED], ids=lambda row: row["id"])
def test_documentation_and_linter_decide(row: dict[str, Any]) -> None:
    decided, _ = DECIDED[row["id"]]
    assert same(outcome(row), decided)
    assert not same(wanted(row), decided), "no disagreement left: drop the row"


def test_the_rest_is_refused_in_rules_or_worked_out_by_the_evaluator(shared: Path) -> None:
    rest = {function_of(row) for row in ROWS} - FUNCTIONS.keys()
    refused = {name for name in rest if name in EXCLUDED}
    assert refused == {"datetimeadd", "datetimefromepoch", "datetimetoepoch"}
    assert rest - refused <= CONTEXTUAL.keys()
