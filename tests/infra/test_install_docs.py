"""docs/install.md says what the templates do: parameters, outputs, roles, alerts."""

import re
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.infra.bicep import Sources, edited, sources, templates
from tests.infra.bicep_deployment import installed
from tests.infra.grants import grants

TEXT = (ROOT / "docs" / "install.md").read_text("utf-8")
TEMPLATES = ["main.bicep", "watch/main.bicep", "management-group/main.bicep"]


def decorators(parameter: dict[str, Any]) -> dict[str, Any]:
    return {one["type"]: one.get("argument") for one in parameter["decorators"]}


def table(name: str, given: Sources | None = None) -> str:
    """The table of a template's parameters as docs/install.md has it."""
    lines = ["| parameter | what it is | default |", "|---|---|---|"]
    for parameter, one in templates(sources() if given is None else given)[name].part("parameters").items():
        what = str(decorators(one)["description"])
        allowed = decorators(one).get("allowed")
        if allowed and not all(str(value) in what for value in allowed):
            what += " One of " + ", ".join(f"`{value}`" for value in allowed) + "."
        lines.append(f"| `{parameter}` | {what} | {shown(one['default'])} |")
    return "\n".join(lines)


def shown(default: object) -> str:
    match default:
        case None:
            return "required"
        case "":
            return "empty"
        case {"operator": {"type": "minus", "operands": {"integer_value": value}}}:
            return f"`-{value}`"
        case bool():
            return f"`{str(default).lower()}`"
        case {}:
            return "none"
    return f"`{default}`"


@pytest.mark.parametrize("name", TEMPLATES)
def test_the_parameters_are_documented_as_they_are(name: str) -> None:
    assert table(name) in TEXT, f"docs/install.md lacks this table:\n{table(name)}"


def test_the_documents_name_the_outputs_that_there_are() -> None:
    named = set(re.findall(r"outputs ([A-Z_]+)", TEXT))
    assert named
    assert named <= set(templates(sources())["main.bicep"].part("outputs"))


def test_a_parameter_that_changed_is_noticed() -> None:
    assert table("main.bicep", edited("main.bicep", "softDeleteDays int = 7", "softDeleteDays int = 9")) not in TEXT


def test_who_may_do_what_is_documented_as_it_is() -> None:
    rows = re.findall(r"^\| (checker|page|delivery|checker, page) \| (.+) \| (.+) \|$", TEXT, re.MULTILINE)
    told = {
        (who, role.partition(":")[0])
        for whos, roles, _ in rows
        for who in whos.split(", ")
        for role in roles.split(", ")
        if not role.startswith("neither")
    }
    assert told == {(grant.who.removeprefix("id-prod-"), grant.role) for grant in grants(installed())}


def test_the_alerts_are_documented() -> None:
    made = {one.name for one in installed().everything() if one.type == "Microsoft.Insights/scheduledQueryRules"}
    listed = TEXT.partition("| alert | when |")[2].partition("\n\n")[0]
    assert made == {f"muster-prod-{name}" for name in re.findall(r"^\| `([a-z-]+)` \|", listed, re.MULTILINE)}
