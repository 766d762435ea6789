"""What azd is told: parameters with the defaults of the templates, services that are made, a package that is whole."""

import json
import re
from typing import Any

import pytest
import yaml

from tests.conftest import ROOT
from tests.infra.bicep import sources, templates
from tests.infra.bicep_deployment import installed

INSTALL = ROOT / "docs" / "install.md"


def declared(name: str) -> dict[str, Any]:
    return templates(sources())[name].part("parameters")


def mapped() -> dict[str, tuple[str, str | None]]:
    """Parameter -> variable of azd's environment and what stands for it where it is not set."""
    found = {}
    for name, one in json.loads(sources()["main.parameters.json"])["parameters"].items():
        match = re.fullmatch(r"\$\{([A-Z_]+)(?:=(.*))?\}", one["value"])
        assert match, one
        found[name] = (match[1], match[2])
    return found


def test_azd_gives_what_is_required_and_the_same_defaults() -> None:
    takes = declared("main.bicep")
    assert set(mapped()) <= set(takes)
    for name, one in takes.items():
        if one["default"] is None:
            assert mapped()[name][1] is None
        elif name in mapped():
            default = one["default"]
            expected = str(default).lower() if isinstance(default, bool) else str(default)
            assert mapped()[name][1] == expected, name


def test_the_variables_of_azd_are_documented() -> None:
    text = INSTALL.read_text("utf-8")
    assert [variable for variable, _ in mapped().values() if f"`{variable}`" not in text] == []


def test_each_service_has_its_app() -> None:
    services = yaml.safe_load((ROOT / "azure.yaml").read_text("utf-8"))["services"]
    made = {
        one.config["tags"]["azd-service-name"]: one
        for one in installed().everything()
        if one.type == "Microsoft.Web/sites"
    }
    assert services.keys() == made.keys() == {"checker", "page"}
    for service in services.values():
        assert service == {"project": ".", "language": "python", "host": "function"}
    # azd looks for its services in the one resource group with its environment's name.
    groups = [one for one in installed().everything() if one.type == "Microsoft.Resources/resourceGroups"]
    assert [one.name for one in groups if "azd-env-name" in one.config["tags"]] == [
        installed().output("AZURE_RESOURCE_GROUP")
    ]


def test_the_package_has_what_the_apps_read_and_not_what_only_developers_do() -> None:
    ignored = (ROOT / ".funcignore").read_text("utf-8").splitlines()
    for needed in ("/muster/", "/functions/", "/policies/", "/host.json", "/requirements.txt", "/function_app.py"):
        assert needed not in ignored
    for unwanted in ("/infra/", "/tests/", "/azure.yaml", "/.azure/", "/local.settings.json", "/.venv/"):
        assert unwanted in ignored


@pytest.mark.parametrize("name", ["a", "a-long-name-of-thirty-two-letters"])
def test_names_are_as_long_as_azure_lets_them_be(name: str) -> None:
    longest = {
        "Microsoft.Storage/storageAccounts": r"[a-z0-9]{3,24}",
        "Microsoft.Web/sites": r"[a-zA-Z0-9-]{2,60}",
        "Microsoft.Web/serverfarms": r"[a-zA-Z0-9-]{1,60}",
        "Microsoft.EventGrid/topics": r"[a-zA-Z0-9-]{3,50}",
        "Microsoft.EventGrid/systemTopics": r"[a-zA-Z0-9-]{3,50}",
        "Microsoft.EventGrid/systemTopics/eventSubscriptions": r"[a-zA-Z0-9-]{3,64}",
        "Microsoft.OperationalInsights/workspaces": r"[a-zA-Z0-9-]{4,63}",
        "Microsoft.ManagedIdentity/userAssignedIdentities": r"[a-zA-Z0-9_-]{3,128}",
    }
    names = [(one.type, one.name) for one in installed(environmentName=name).everything() if one.type in longest]
    assert {kind for kind, _ in names} == set(longest)
    assert [name for kind, name in names if not re.fullmatch(longest[kind], name)] == []


def test_what_has_a_region_has_the_one_that_was_asked_for() -> None:
    everywhere = {
        "Microsoft.EventGrid/systemTopics",
        "Microsoft.Insights/actionGroups",
        "Microsoft.Insights/metricAlerts",
    }
    nowhere = {
        "roleAssignments",
        "roleDefinitions",
        "diagnosticSettings",
        "config",
        "basicPublishingCredentialsPolicies",
    }
    for one in installed(location="northeurope").everything():
        inside = one.type.startswith("Microsoft.Storage/storageAccounts/") or one.type.endswith("/eventSubscriptions")
        if not inside and one.type.rpartition("/")[2] not in nowhere:
            assert one.config["location"] == ("global" if one.type in everywhere else "northeurope"), one.type
