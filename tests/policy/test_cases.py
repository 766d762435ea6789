"""Files of cases: read whole, or refused with every fault at its place."""

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.language.source import Source
from muster.policy.cases import CaseReader
from muster.values.states import State
from tests.conftest import ROOT

READER = CaseReader(json.loads((ROOT / "policies" / "schemas" / "cases.schema.json").read_text("utf-8")))
RESOURCE = {"type": "Microsoft.Compute/virtualMachines"}
CASE: dict[str, Any] = {"name": "one", "resource": RESOURCE, "expect": "Compliant"}


def faults(value: object) -> list[tuple[str, str, bool]]:
    """What is wrong with a file: rule, pointer, whether the caret is under the name."""
    found, said = READER.read(Source("cases/d.json", json.dumps(value)))
    assert (found is None) is bool(said)
    return [(one.rule, one.pointer, one.in_key) for one in said]


def test_a_file_is_read() -> None:
    full = {
        "name": "two",
        "resourceFile": "samples/vm.json",
        "parameters": {"days": 3},
        "lifecycle": {"phase": None},
        "network": {},
        "related": [{"id": "/x", "type": "a/b"}],
        "unavailable": ["properties.x"],
        "asOf": "2026-01-31",
        "expect": "Unknown",
        "reason": "phase",
    }
    content = {"$schema": "x", "definition": "d", "asOf": "2026-11-16", "cases": [CASE, full]}
    found, said = READER.read(Source("cases/d.json", json.dumps(content)))
    assert said == []
    assert found is not None
    one, two = found.cases
    assert (found.definition, one.name, one.pointer, one.expect) == ("d", "one", "/cases/0", State.COMPLIANT)
    assert (one.resource, one.facts, one.related, one.as_of) == (RESOURCE, None, None, date(2026, 11, 16))
    assert (two.resource, two.resource_file, two.parameters) == (None, "samples/vm.json", {"days": 3})
    assert two.facts == {"lifecycle": {"phase": None}, "network": {}}
    assert (two.related, two.unavailable) == (({"id": "/x", "type": "a/b"},), ("properties.x",))
    assert (two.as_of, two.reason) == (date(2026, 1, 31), "phase")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([], [("wrong-type", "", False)]),
        ({"cases": [CASE]}, [("missing-member", "", False)]),
        ({"definition": "d", "cases": []}, [("too-few", "/cases", False)]),
        ({"definition": "d", "case": [], "cases": [CASE]}, [("unknown-member", "/case", True)]),
        ({"definition": "d", "cases": [{**CASE, "expects": 1}]}, [("unknown-member", "/cases/0/expects", True)]),
        ({"definition": "d", "cases": [{**CASE, "expect": "Exempt"}]}, [("unknown-value", "/cases/0/expect", False)]),
        ({"definition": "d", "cases": [CASE, CASE]}, [("duplicate-name", "/cases/1/name", False)]),
        (
            {"definition": "d", "cases": [{"name": "one", "expect": "Compliant"}]},
            [("one-resource", "/cases/0", False)],
        ),
        (
            {"definition": "d", "cases": [{**CASE, "resourceFile": "vm.json"}]},
            [("one-resource", "/cases/0", False)],
        ),
        ({"definition": "d", "cases": [{**CASE, "resource": {}}]}, [("missing-member", "/cases/0/resource", False)]),
        ({"definition": "d", "cases": [{**CASE, "asOf": "soon"}]}, [("invalid-value", "/cases/0/asOf", False)]),
        ({"definition": "d", "asOf": "2026-02-30", "cases": [CASE]}, [("invalid-value", "/asOf", False)]),
        (
            {"definition": "d", "cases": [{**CASE, "resource": None, "resourceFile": "/etc/x.json"}]},
            [
                ("wrong-type", "/cases/0/resource", False),
                ("invalid-value", "/cases/0/resourceFile", False),
                ("one-resource", "/cases/0", False),
            ],
        ),
    ],
)
def test_each_fault_is_told_once_at_its_place(value: object, expected: list[tuple[str, str, bool]]) -> None:
    assert faults(value) == expected


def test_what_is_no_json_is_told_as_such() -> None:
    found, said = READER.read(Source("cases/d.json", "{"))
    assert (found, [one.rule for one in said]) == (None, ["invalid-json"])


MORE = ("cases", "x", "resourceFile", "asOf", "unavailable", "related", "parameters", "image", "reason", "type")
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*CASE, *MORE]), inner),
    max_leaves=10,
)


@given(JSON, JSON)
def test_anything_at_all_is_read_or_refused(value: object, inner: object) -> None:
    faults(value)
    faults({"definition": "d", "cases": [inner]})


def test_the_example_in_the_documentation_is_read() -> None:
    page = (ROOT / "docs" / "policy-authors.md").read_text("utf-8")
    text = page.partition("```json\n")[2].partition("```")[0]
    found, said = READER.read(Source("cases/d.json", text))
    assert (found is not None, said) == (True, [])
