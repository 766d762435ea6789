"""Broken policy files: every fault of every file, at its place, with what to write instead."""

import json
import time
from pathlib import Path
from typing import Any

import pytest

from muster.policy.files import MAX_ERRORS, load_policy_files
from muster.values.diagnostic import Diagnostic, Level
from muster.values.errors import BrokenPolicySet
from tests.policy.sets import SCHEMAS, assignment, definition, initiative, load, pair, single

CASES = json.loads((Path(__file__).parent / "cases" / "broken.json").read_text(encoding="utf-8"))


def told(fault: Diagnostic) -> str:
    place = fault.pointer or ("/" if fault.offset is None else fault.offset)
    hint = f" | {fault.hint}" if fault.hint else ""
    return f"{fault.file} {place} [{fault.rule}] {fault.message}{hint}"


def faults_of(files: dict[str, Any]) -> tuple[Diagnostic, ...]:
    with pytest.raises(BrokenPolicySet) as broken:
        load(files)
    return broken.value.faults


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_messages(case: dict[str, Any]) -> None:
    faults = faults_of(case["files"])
    assert [told(fault) for fault in faults] == case["faults"]
    assert all(fault.level is Level.ERROR for fault in faults)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_pointer_leads_to_what_is_there(case: dict[str, Any]) -> None:
    for fault in faults_of(case["files"]):
        if fault.offset is not None:
            continue
        value: Any = case["files"][fault.file]
        for segment in fault.pointer.split("/")[1:]:
            name = segment.replace("~1", "/").replace("~0", "~")
            value = value[int(name)] if isinstance(value, list) else value[name]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_messages_are_one_line_that_a_terminal_can_bear(case: dict[str, Any]) -> None:
    for fault in faults_of(case["files"]):
        assert (fault.message + fault.hint).isprintable()
        assert len(fault.message) < 500


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_at_most_one_fault_a_place_in_whatever_order_the_files_come(case: dict[str, Any]) -> None:
    faults = faults_of(case["files"])
    places = [(fault.file, fault.pointer, fault.offset, fault.column_in_value) for fault in faults]
    assert len(places) == len(set(places))
    assert faults_of(dict(reversed(case["files"].items()))) == faults


def test_the_caret_of_an_unknown_member_is_under_its_name() -> None:
    (fault,) = faults_of(single(notScope=[]))
    assert fault.in_key


@pytest.mark.parametrize(
    "files",
    [
        {"assignments/all.json": assignment(nonComplianceMessages=[7] * 50_000)},
        {"assignments/all.json": [7] * 50_000},
        {"assignments/all.json": {"properties": {f"member{number}": 1 for number in range(50_000)}}},
        {"assignments/all.json": [{"name": f"n{number}", **assignment()} for number in range(5_000)]},
        single(parameters={f"p{number}": {"value": 1} for number in range(20_000)}),
        pair(nonComplianceMessages=[{"message": "m", "policyDefinitionReferenceId": f"r{n}"} for n in range(20_000)]),
        {"initiatives/base.json": initiative(*[{"policyDefinitionId": f"d{number}"} for number in range(1_000)])},
        {
            "definitions/many.json": [{"name": f"definition{number}", **definition()} for number in range(500)],
            "initiatives/base.json": initiative(*[{"policyDefinitionId": f"defnition{n}"} for n in range(1_000)]),
        },
    ],
    ids=["entries", "items", "members", "references", "parameters", "messages", "definitions", "suggestions"],
)
def test_files_with_thousands_of_faults_are_told_in_bounds(files: dict[str, Any]) -> None:
    started = time.process_time()
    faults = faults_of(files)
    assert time.process_time() - started < 10, "minutes without bounds"
    assert len(faults) <= MAX_ERRORS


def test_many_warnings_do_not_hide_what_follows() -> None:
    exported = [{"name": f"n{number}", "novelty": 1, **definition()} for number in range(300)]
    loaded = load({"definitions/all.json": exported})
    assert (len(loaded.definitions), len(loaded.warnings)) == (300, 300)


def test_metadata_is_free_and_what_can_not_be_read_there_is_a_warning() -> None:
    metadata = {"severity": "sev1", "documentation": 7, "category": "VM", "anything": {"at": ["all"]}, "version": None}
    files = load(single(definition(metadata=metadata)))
    assert [(warning.level, warning.pointer) for warning in files.warnings] == [
        (Level.WARNING, "/properties/metadata/severity"),
        (Level.WARNING, "/properties/metadata/documentation"),
    ]
    assert "'severity' is sev1; it can be critical, high, medium, low or info." in files.warnings[0].message


def test_members_that_resemble_nothing_are_passed_over_with_a_warning() -> None:
    """Azure adds members with every api-version; an export of tomorrow loads today."""
    (warning,) = load(single(quantumEntanglement={"a": 1})).warnings
    assert (warning.level, warning.pointer) == (Level.WARNING, "/properties/quantumEntanglement")
    assert "passed over" in warning.message


def test_other_files_are_left_alone() -> None:
    texts = {
        "README.md": "{",
        "definitions/README.md": "{",
        "lifecycle/releases.json": "{",
        "cases/x.json": "{",
        "schemas/definition.schema.json": "{",
        "definitions.json": "{",
    }
    assert load_policy_files(texts, SCHEMAS).policies == ()


@pytest.mark.parametrize(
    "path", ["definitions/a/b/c/encrypt.json", "./definitions/encrypt.json", "definitions\\encrypt.JSON"]
)
def test_folders_below_and_separators_of_windows(path: str) -> None:
    assert len(load({path: definition()}).definitions) == 1


def test_a_byte_order_mark_is_no_fault() -> None:
    assert load({"definitions/encrypt.json": "\ufeff" + json.dumps(definition())}).definitions[0].name == "encrypt"
