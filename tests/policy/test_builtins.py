"""Azure's built-in definitions and the policies that muster ships, loaded and bound as they are."""

import json
from pathlib import Path

import pytest

from muster.facts.aliases import AzureAliases
from muster.policy.bound import bind
from muster.policy.files import load_policy_files
from muster.values.document import Document
from muster.values.json import JsonObject
from muster.values.states import State
from tests.policy.sets import NOW, ROOT, SCHEMAS

# Their parameters without a default want ids of the tenant's own (workspaces, vaults, identities).
PLACEHOLDERS = {"string": "x", "array": ["x"], "boolean": True, "integer": 1, "float": 1.0, "object": {"x": "x"}}


def texts_below(folder: Path, prefix: str = "") -> dict[str, str]:
    paths = sorted(folder.rglob("*.json"))
    return {prefix + path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8-sig") for path in paths}


@pytest.fixture(scope="module")
def built_ins(shared: Path) -> dict[str, str]:
    """All built-ins, each assigned with values for what has no default."""
    files = texts_below(shared / "azure-policy" / "builtins", "definitions/")
    for text in list(files.values()):
        definition = json.loads(text)
        given = {
            name: {"value": declared.get("allowedValues", [None])[0] or PLACEHOLDERS[declared["type"].lower()]}
            for name, declared in definition["properties"].get("parameters", {}).items()
            if "defaultValue" not in declared
        }
        target = {"policyDefinitionId": definition["id"], "parameters": given}
        files[f"assignments/{definition['name']}.json"] = json.dumps({"properties": target})
    return files


def bodies(folder: Path) -> list[JsonObject]:
    found = [json.loads(path.read_text(encoding="utf-8-sig")) for path in sorted(folder.glob("*.json"))]
    return [body for body in found if isinstance(body, dict)]


def test_built_ins_load_bind_and_judge_every_recorded_resource(built_ins: dict[str, str], shared: Path) -> None:
    files = load_policy_files(built_ins, SCHEMAS)
    assert len(files.definitions) == len(files.policies) == len(built_ins) // 2
    assert files.warnings == ()
    policies = bind(files, AzureAliases())
    recorded = [*bodies(shared / "azure" / "resources"), *bodies(ROOT / "samples" / "resources")]
    assert len(recorded) > 200
    seen = set()
    for body in recorded:
        verdict = policies.evaluate(Document(body, now=NOW), NOW)
        for result in verdict.results:
            seen.add(result.state)
            assert result.message
            assert bool(result.reasons) is (result.state is not State.COMPLIANT), (
                result.rule.display_name,
                body.get("id"),
            )
            assert result.state is not State.ERROR or result.message.startswith("The rule failed")
    assert {State.COMPLIANT, State.NON_COMPLIANT, State.NOT_APPLICABLE, State.UNKNOWN} <= seen


def test_what_is_shipped_loads_without_a_remark() -> None:
    files = load_policy_files(texts_below(ROOT / "policies"), SCHEMAS)
    assert files.warnings == ()
    assert len(files.definitions) >= 12
    assert files.policies, "something is assigned"
    policies = bind(files, AzureAliases())
    for body in bodies(ROOT / "samples" / "resources"):
        verdict = policies.evaluate(Document(body, now=NOW), NOW)
        assert verdict.warnings == ()
        assert all(result.rule.remediation for result in verdict.results if result.state is State.NON_COMPLIANT)
