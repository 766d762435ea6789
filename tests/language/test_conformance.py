"""The conformance cases of the policy language that lie beside the checkout."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import agrees, cases, main, run
from tests.conftest import SHARED

FILE = SHARED / "azure-policy" / "conformance.jsonl"

DECIDED: dict[str, tuple[dict[str, Any], str]] = {
    name: (answer, reason)
    for name, answer, reason in json.loads((Path(__file__).parent / "cases" / "disputed.json").read_text("utf-8"))
}
"""The cases on which sources disagree: id -> muster's own answer and the reason for it, a key of REASONS."""

REASONS = {
    "letters": "The documentation: strings compare without case, as the invariant culture has it. Full case folding "
    "(sharp s is ss, a ligature its letters) is the nearest that does not depend on a machine's tables.",
    "types": "The documentation and Microsoft's linter: a number and a string have no order, and the rule fails.",
    "flattened": "The case gives the related resource without `properties`; the runner puts it where the alias leads.",
    "tags": "The case has the tags in an unusual place; fields of tags are read at the resource's root, as documented.",
    "paths": "Not an alias but a path; without an alias table muster reads paths as they stand.",
    "collection": "The documentation: [*] of an array that is missing or empty is an empty collection, and a condition "
    "on an empty collection holds.",
    "excluded": "The documentation lists the function among those that policy rules can't use.",
    "instants": "Points in time that are equal are equal with seven digits of fraction and without, so that the "
    "documentation's form and the other one both do.",
    "texts": "Microsoft's linter: equals compares numbers by their texts, and 42.0 is not 42.",
}


@cache
def all_cases() -> dict[str, dict[str, Any]]:
    return {case["id"]: case for case in cases(FILE)}


@pytest.fixture
def folder(shared: Path) -> Path:
    return shared / "azure-policy"


def test_every_undisputed_case_passes(folder: Path) -> None:
    undisputed = [case for case in all_cases().values() if not case.get("disputed")]
    answers = {case["id"]: run(case, folder) for case in undisputed}
    wrong = {
        case["id"]: (case["expected"], answers[case["id"]])
        for case in undisputed
        if not agrees(case["expected"], answers[case["id"]])
    }
    assert wrong == {}
    assert len(undisputed) > 500


def test_every_disputed_case_is_decided(folder: Path) -> None:
    assert {name for name, case in all_cases().items() if case.get("disputed")} == set(DECIDED)
    assert {reason for _, reason in DECIDED.values()} == set(REASONS)


@pytest.mark.parametrize("name", DECIDED)
def test_a_disputed_case_has_musters_own_answer(folder: Path, name: str) -> None:
    answer, reason = DECIDED[name]
    assert agrees(answer, run(all_cases()[name], folder)), REASONS[reason]


def test_the_runner_prints_what_disagrees_and_counts(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rule = {"if": {"field": "type", "equals": "t"}, "then": {"effect": "Audit"}}
    case = {"policyKind": "rule", "policy": rule, "resource": {"type": "t"}}
    lines = [
        {"id": "right", **case, "expected": {"effect": "audit"}},
        {"id": "wrong", **case, "expected": {"effect": None}},
        {"id": "broken", **case, "policy": {}, "expected": {"error": "parse"}},
        {"id": "unreadable", **case, "policyText": "{", "expected": {"error": "parse"}},
    ]
    file = tmp_path / "cases.jsonl"
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert main([str(file)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        'wrong: expected {"effect": null}, got {"effect": "audit"}',
        "3 passed, 1 failed",
    ]
    file.write_text(json.dumps(lines[0]), "utf-8")
    assert main([str(file)]) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"
