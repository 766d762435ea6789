"""Messages to authors for other programs: JSON and SARIF."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from muster.language.lint import RULES
from muster.language.source import Source
from muster.report.diagnostics_json import diagnostics_json
from muster.report.diagnostics_sarif import diagnostics_sarif
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import JsonObject, as_list, as_object

SCHEMA = Path(__file__).parent / "schemas" / "sarif-2.1.0-rtm.5.json"
SOURCE = Source("a b/d.json", '{\n  "if": {\n    "equal": "[x]",\n    "日本": "日本x"\n  }\n}\n')
FAULTS = (
    Diagnostic("unknown-key", Level.ERROR, "'equal' means nothing.", "a b/d.json", "/if/equal", "Write.", in_key=True),
    Diagnostic("null-operand", Level.WARNING, "Null {0} is [none](x).", "a b/d.json", "/if/日本", column_in_value=2),
    Diagnostic("unreadable", Level.ERROR, "It can't be read: \u001b.", "/else/where.json"),
    Diagnostic("odd", Level.NOTE, "Nowhere."),
)


def sarif(*faults: Diagnostic) -> JsonObject:
    """The only run of a log that is valid by the schema."""
    log = diagnostics_sarif(faults, {SOURCE.name: SOURCE}, RULES, "1.2.3")
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(json.loads(json.dumps(log)))] == []
    (run,) = as_list(log["runs"])
    return as_object(run)


def test_json_has_the_place_the_words_and_the_page() -> None:
    content = diagnostics_json(FAULTS, {SOURCE.name: SOURCE}, {"null-operand": "docs/lint/null-operand.md"})
    assert content["counts"] == {"error": 2, "warning": 1, "note": 1}
    rows = [as_object(row) for row in as_list(content["diagnostics"])]
    assert [(row["file"], row["line"], row["column"]) for row in rows] == [
        ("", None, None),
        ("/else/where.json", None, None),
        ("a b/d.json", 3, 5),
        ("a b/d.json", 4, 14),
    ]
    assert rows[2] == {
        "file": "a b/d.json",
        "line": 3,
        "column": 5,
        "pointer": "/if/equal",
        "rule": "unknown-key",
        "level": "error",
        "message": "'equal' means nothing.",
        "hint": "Write.",
        "documentation": None,
    }
    assert rows[3]["documentation"] == "docs/lint/null-operand.md"


@pytest.mark.parametrize("faults", [(), FAULTS], ids=["nothing", "faults"])
def test_sarif_is_valid_by_its_schema(faults: tuple[Diagnostic, ...]) -> None:
    assert len(as_list(sarif(*faults)["results"])) == len(faults)


def test_sarif_points_at_lines_and_rules() -> None:
    run = sarif(*FAULTS)
    driver = as_object(as_object(run["tool"])["driver"])
    rules = [as_object(rule)["id"] for rule in as_list(driver["rules"])]
    assert rules[: len(RULES)] == [rule.id for rule in RULES]
    results = {str(as_object(one)["ruleId"]): as_object(one) for one in as_list(run["results"])}
    assert all(rules[int(str(one["ruleIndex"]))] == rule for rule, one in results.items())
    assert {rule: one["level"] for rule, one in results.items()} == {
        "odd": "note",
        "unreadable": "error",
        "unknown-key": "error",
        "null-operand": "warning",
    }
    assert "locations" not in results["odd"]
    place = as_object(as_object(as_list(results["null-operand"]["locations"])[0])["physicalLocation"])
    assert place == {
        "artifactLocation": {"uri": "a%20b/d.json"},
        "region": {"startLine": 4, "startColumn": 14},
    }
    elsewhere = as_object(as_object(as_list(results["unreadable"]["locations"])[0])["physicalLocation"])
    assert elsewhere == {"artifactLocation": {"uri": "file:///else/where.json"}}


def test_sarif_texts_have_no_links_and_placeholders_and_say_what_to_write() -> None:
    run = sarif(*FAULTS)
    texts = [as_object(as_object(one)["message"])["text"] for one in as_list(run["results"])]
    assert "Null {{0}} is \\[none\\](x)." in texts
    assert "'equal' means nothing. Write." in texts
