"""Runs conformance cases of the policy language: `python tests/conformance.py FILE...`.

A file has one case a line: `id, policyKind (rule | definition), policy | policyText, parameters, resource, expected`,
optional `related`, `context`, `request_context`, `api_version`, `aliases`, `disputed`. `expected` is
`{"effect": name | null}`, or `{"error": "parse" | "compile" | "evaluation"}`. Alias files and the table that `azure`
stands for lie beside the file. Prints each disagreement and `N passed, N failed`; exits 1 where any failed.
"""

import copy
import json
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from muster.facts.alias_file import AliasFile, PrefixAliases, RawPaths
from muster.facts.aliases import AzureAliases
from muster.language.aliases import AliasTable
from muster.language.compile import Compiler
from muster.language.definition import parse_definition
from muster.language.frame import walk
from muster.language.outcome import EFFECTS
from muster.language.parameters import bind_parameters
from muster.language.parse import parse_rule
from muster.language.source import Source, read_json
from muster.language.syntax import Rule
from muster.language.vet import vet
from muster.values.answers import FoundMany, ListAnswer
from muster.values.diagnostic import Diagnostic, Level
from muster.values.document import Document, RelatedQuery
from muster.values.json import Json

NOW = datetime(2026, 1, 1, tzinfo=UTC)
LATEST_API_VERSION = "2099-01-01"
NO_ID = "00000000-0000-0000-0000-000000000000"
SUBSCRIPTION: dict[str, Json] = {
    "id": f"/subscriptions/{NO_ID}",
    "subscriptionId": NO_ID,
    "tenantId": NO_ID,
    "displayName": "",
    "tags": {},
}
RESOURCE_GROUP: dict[str, Json] = {"id": "", "name": "", "location": "", "tags": {}}
"""What a case that says nothing of its subscription and resource group is taken to be in."""

VETTED = frozenset(
    {
        "unknown-function",
        "wrong-arguments",
        "wrong-operand",
        "unknown-effect",
        "undefined-parameter",
        "not-modifiable",
    }
)
"""Faults of a rule that parses; the cases call them compile errors."""


class _AnyQuery(Mapping[RelatedQuery, ListAnswer]):
    """Answers every look-up with the case's related resources."""

    def __init__(self, bodies: tuple[dict[str, Json], ...]) -> None:
        self._answer = FoundMany(bodies, NOW)

    def __getitem__(self, _query: RelatedQuery) -> ListAnswer:
        return self._answer

    def __iter__(self) -> Iterator[RelatedQuery]:
        return iter(())

    def __len__(self) -> int:
        return 0


@cache
def _aliases(folder: Path, name: str | None, api_version: str | None) -> AliasTable:
    if name is None:
        return RawPaths()
    if name == "prefix":
        return PrefixAliases()
    if name == "azure":
        return AzureAliases()
    return AliasFile.from_json(json.loads((folder / name).read_text("utf-8")), api_version)


def _load(case: dict[str, Any], aliases: AliasTable) -> tuple[Rule | None, dict[str, Json], list[Diagnostic]]:
    text = case["policyText"] if "policyText" in case else json.dumps(case["policy"])
    source = Source(case["id"], text)
    value, faults = read_json(source)
    given = case.get("parameters") or {}
    if faults:
        return None, {}, faults
    if case["policyKind"] == "rule":
        rule, faults = parse_rule(value, source.name, "")
        if rule is not None:
            faults = vet(rule, None, source.name, aliases)
        return rule, {name.lower(): value for name, value in given.items()}, faults
    definition, faults = parse_definition(source, value)
    if definition is None:
        return None, {}, faults
    # Cases leave out parameters that their resource never makes a rule ask for, so a missing one is no fault here.
    values, _ = bind_parameters(definition.parameters, given)
    return definition.rule, values, vet(definition.rule, definition.parameters, source.name, aliases)


def _laid_out(resource: dict[str, Json], folder: Path, table: str | None) -> dict[str, Json]:
    """Cases made for an alias file may have a property where the alias's name says instead of where its path says:
    such a property is put to its path."""
    if table is None or not table.endswith(".json"):
        return resource
    resource = copy.deepcopy(resource)
    kind = str(resource.get("type", "")).lower()
    for provider in json.loads((folder / table).read_text("utf-8")):
        for alias in (alias for listed in provider["resourceTypes"] for alias in listed["aliases"]):
            if alias["name"].lower().startswith(f"{kind}/"):
                _move(resource, alias["name"][len(kind) + 1 :], alias.get("defaultPath") or "")
    return resource


def _move(resource: dict[str, Json], name: str, path: str) -> None:
    named, wanted = name.removesuffix("[*]").split("."), path.removesuffix("[*]").split(".")
    if "[*]" in f"{named}{wanted}" or wanted[0] != "properties" or named == wanted[1:]:
        return
    value = walk(resource, ("properties", *named))
    if value is None or walk(resource, tuple(wanted)) is not None:
        return
    owner: Any = resource
    for segment in wanted[:-1]:
        owner = owner.setdefault(segment, {})
    owner[wanted[-1]] = value


def run(case: dict[str, Any], folder: Path) -> dict[str, Json]:
    """What muster makes of a case, in the form of `expected`."""
    api_version = case.get("api_version")
    aliases = _aliases(folder, case.get("aliases"), api_version)
    rule, parameters, faults = _load(case, aliases)
    errors = {fault.rule for fault in faults if fault.level is Level.ERROR}
    if errors or rule is None:
        return {"error": "compile" if errors <= VETTED else "parse"}
    context = dict(case.get("context") or {})
    request = case.get("request_context") or context.get("requestContext") or {}
    related = case.get("related")
    bodies = tuple(item["response"] for item in related or () if item["response"] is not None)
    now = context.get("utcNow")
    document = Document(
        resource=_laid_out(case["resource"] or {}, folder, case.get("aliases")),
        related={} if related is None else _AnyQuery(bodies),
        subscription={**SUBSCRIPTION, **context.get("subscription", {})},
        resource_group={**RESOURCE_GROUP, **context.get("resourceGroup", {})},
        request_context={"apiVersion": api_version or LATEST_API_VERSION, **request},
        now=datetime.fromisoformat(now) if now else NOW,
    )
    compiler = Compiler(aliases)
    compiled = compiler.compile_rule(rule, parameters, context.get("policy"))
    outcome = compiled.evaluate(compiler.frame(document))
    if outcome.error:
        return {"error": "evaluation"}
    if outcome.effect == EFFECTS["disabled"] or outcome.fires is False:
        return {"effect": None if outcome.fires is False else outcome.effect}
    return {"effect": "unknown: " + ", ".join(outcome.missing) if outcome.fires is None else outcome.effect}


def agrees(expected: dict[str, Any], got: dict[str, Json]) -> bool:
    """Whether an outcome is the expected one; effects are compared in any case."""
    if "error" in expected or "error" in got:
        return expected.get("error") == got.get("error")
    return str(expected["effect"]).lower() == str(got["effect"]).lower()


def cases(file: Path) -> list[dict[str, Any]]:
    """The cases of a file."""
    return [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]


def main(files: list[str]) -> int:
    """Run all cases of some files."""
    passed = failed = 0
    for name in files:
        path = Path(name)
        for case in cases(path):
            got = run(case, path.parent)
            if agrees(case["expected"], got):
                passed += 1
                continue
            failed += 1
            disputed = f" (disputed: {case['disputed']})" if case.get("disputed") else ""
            print(f"{case['id']}: expected {json.dumps(case['expected'])}, got {json.dumps(got)}{disputed}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
