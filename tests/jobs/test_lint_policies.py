"""Linting files: every fault at once, at the place where its author wrote it."""

import json
from datetime import date
from typing import Any

from muster.adapters.case_files import case_reader
from muster.adapters.policy_files import load_schemas
from muster.facts.aliases import AzureAliases
from muster.jobs.lint_policies import LintBench, LintRun, lint_files, lint_folder
from muster.language.lint.rule import Target
from muster.language.source import Source

BENCH = LintBench(load_schemas(), case_reader(), AzureAliases(), Target.MUSTER, date(2026, 11, 23))


def definition(*conditions: Any, **members: Any) -> dict[str, Any]:
    rule = {"if": {"allOf": list(conditions)}, "then": {"effect": "audit"}}
    return {"displayName": "D", "policyRule": rule, **members}


def places(run: LintRun, path: str, text: str) -> dict[str, tuple[int, int]]:
    """Where each rule points to in a file."""
    source = Source(path, text)
    return {one.rule: source.place(one) for one in run.diagnostics if one.file == path}


def one_file(value: Any) -> tuple[LintRun, dict[str, tuple[int, int]]]:
    text = value if isinstance(value, str) else json.dumps(value)
    run = lint_files({"d.json": text}, BENCH, frozenset())
    return run, places(run, "d.json", text)


def test_what_keeps_a_rule_from_being_used_and_what_is_probably_not_meant_are_told_together() -> None:
    run, found = one_file(
        definition({"field": "name", "like": "web"}, {"field": "kind", "equals": "[parameters('none')]"})
    )
    assert {"undefined-parameter", "like-without-wildcard"} <= found.keys()
    assert [(one.name, one.usable) for one in run.definitions] == [("d", False)]


def test_places_are_those_that_the_author_wrote() -> None:
    text = """{
  "Properties": {
    "DisplayName": "D", "Description": "D",
    "Metadata": { "Version": "1", "Category": "c", "Severity": "low" },
    "Parameters": { "x": { "Type": "String", "DefaultValue": "a", "AllowedValues": ["A"] } },
    "PolicyRule": { "If": { "Field": "name", "Like": "[parameters('X')]" },
      "Then": { "Effect": "Audit", "Details": 1 } }
  }
}"""
    _, found = one_file(text)
    assert found == {
        "default-not-allowed": (5, 62),
        "missing-parameter-text": (5, 21),
        "effect-not-parameterised": (7, 27),
        "details-ignored": (7, 36),
    }


def test_of_a_list_each_definition_is_linted() -> None:
    listed = [definition(name="a"), definition({"field": "name", "like": "web"}, name="b")]
    run, found = one_file({"value": listed})
    assert [(one.name, one.usable) for one in run.definitions] == [("a", True), ("b", True)]
    assert found["like-without-wildcard"] == (1, json.dumps({"value": listed}).index('"web"') + 1)


def test_an_error_is_told_once_a_place() -> None:
    run, _ = one_file({"policyRule": {"if": {"field": "type"}, "then": {"effect": "audit"}}, "name": 3})
    errors = [(one.pointer, one.offset) for one in run.diagnostics if one.level == "error"]
    assert len(errors) == len(set(errors))


def test_in_a_folder_references_are_followed() -> None:
    files = {
        "definitions/d.json": json.dumps(definition({"field": "kind", "exists": True})),
        "assignments/a.json": json.dumps({"properties": {"policyDefinitionId": "e"}}),
        "cases/d.json": "{",
        "notes.json": "{",
    }
    run = lint_folder(files, BENCH)
    assert {(one.file, one.rule) for one in run.diagnostics if one.level == "error"} == {
        ("assignments/a.json", "unknown-definition"),
        ("cases/d.json", "invalid-json"),
    }
    assert run.checked == 3
    alone = lint_files(files, BENCH, frozenset())
    assert {one.rule for one in alone.diagnostics if one.level == "error"} == {"invalid-json"}
