"""The settings of both apps: what muster reads of them is what is meant, and nothing in them is read by nobody."""

import json
from collections.abc import Set as AbstractSet
from importlib import import_module
from types import ModuleType
from typing import Any

import pytest

from muster.settings import app as app_module
from muster.settings import feed as feed_module
from muster.settings import page as page_module
from muster.settings.app import HOST_STORAGE, STORAGE, Settings, Storage, findings_storage
from muster.settings.feed import FeedSettings
from muster.settings.page import access_of, owner_tag_of
from muster.settings.role import ROLE
from muster.values.states import Severity
from tests.conftest import ROOT
from tests.infra.bicep import Sources, edited
from tests.infra.bicep_deployment import SUBSCRIPTION, installed

OTHER = "31111111-2222-3333-4444-555555555555"
GROUPS = f"41111111-2222-3333-4444-555555555555={SUBSCRIPTION}"

HOST = {
    f"{HOST_STORAGE}__accountName",
    f"{HOST_STORAGE}__credential",
    f"{HOST_STORAGE}__clientId",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
    "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
}
"""What the Functions host reads of both: learn.microsoft.com/azure/azure-functions/functions-app-settings."""

PLATFORM = {
    "AzureWebJobsDisableHomepage",
    "OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID",
    "WEBSITE_AUTH_AAD_ALLOWED_TENANTS",
}
"""What App Service reads of the page: learn.microsoft.com/azure/app-service/configure-authentication-provider-aad."""


_NO_SETTINGS = {"__init__", "known", "installation"}
"""Modules of muster/settings/ that read no setting of their own."""


def app_settings(app: str, given: Sources | None = None, **parameters: Any) -> dict[str, str]:
    """The environment of an app, `checker` or `page`."""
    made = installed(given, **parameters).module(app).everything()
    (found,) = (one.properties for one in made if one.type == "Microsoft.Web/sites/config")
    assert all(isinstance(value, str) for value in found.values()), found
    return found


def read_by_muster(but: AbstractSet[ModuleType] = frozenset()) -> set[str]:
    """The names of settings that modules of muster/settings/ have as constants, with the parts of a connection."""
    files = (path.stem for path in (ROOT / "muster" / "settings").glob("*.py") if path.stem not in _NO_SETTINGS)
    modules = {import_module(f"muster.settings.{name}") for name in files} - set(but)
    names = {value for module in modules for key, value in vars(module).items() if key.isupper() and is_name(value)}
    return names | {f"{STORAGE}__{part}" for part in ("accountName", "blobServiceUri", "clientId", "queueServiceUri")}


def is_name(value: object) -> bool:
    return isinstance(value, str) and value.startswith("MUSTER_")


def client_id(app: str) -> str:
    place = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-prod/providers/Microsoft.ManagedIdentity"
    return f"{place}/userAssignedIdentities/id-prod-{app}.properties.clientId"


@pytest.mark.parametrize("app", ["checker", "page"])
def test_the_connection_of_the_host_is_complete_and_without_a_key(app: str) -> None:
    had = app_settings(app)
    assert had[f"{HOST_STORAGE}__accountName"].rstrip("0123456789") == f"st{app}"
    assert had[f"{HOST_STORAGE}__credential"] == "managedidentity"
    assert had[f"{HOST_STORAGE}__clientId"] == client_id(app)
    assert had["APPLICATIONINSIGHTS_AUTHENTICATION_STRING"] == f"Authorization=AAD;ClientId={client_id(app)}"
    assert had[ROLE] == app
    assert had.keys() >= HOST


def test_every_setting_is_read_by_somebody() -> None:
    everything: dict[str, Any] = {"policiesFromContainer": True, "pageGroups": GROUPS}
    checker, page = app_settings("checker", **everything), app_settings("page", **everything)
    # The index, which the checker makes, says whose a resource is.
    assert checker.keys() <= HOST | read_by_muster({page_module}) | {page_module.OWNER_TAG}
    assert page.keys() <= HOST | PLATFORM | read_by_muster({app_module, feed_module})


def test_every_setting_is_documented() -> None:
    documented = (ROOT / "docs" / "reference" / "settings.md").read_text("utf-8")
    for app in ("checker", "page"):
        for name in app_settings(app, policiesFromContainer=True, pageGroups=GROUPS):
            assert name in HOST | PLATFORM or f"| `{name}` |" in documented, name


def test_muster_reads_of_the_checker_what_is_meant() -> None:
    had = app_settings("checker")
    read = Settings.of(had)
    evidence = had[f"{STORAGE}__accountName"]
    assert evidence.startswith("stevidence")
    assert read.storage == Storage(url=f"https://{evidence}.blob.core.windows.net", client_id=client_id("checker"))
    assert read.queues.url == f"https://{had[f'{HOST_STORAGE}__accountName']}.queue.core.windows.net"
    assert read.queues.client_id == read.azure.client_id == client_id("checker")
    assert read.azure.subscriptions == frozenset({SUBSCRIPTION})
    assert read.record_caller is True
    assert read.azure.effective_rules is False
    assert (read.policies, read.policy_container) == (None, None)
    assert owner_tag_of(had) == "owner"


def test_the_parameters_reach_the_checker() -> None:
    had = app_settings(
        "checker",
        watchedSubscriptions=f"{SUBSCRIPTION}, {OTHER}",
        recordCaller=False,
        effectiveRules=True,
        policiesFromContainer=True,
        ownerTag="team",
        notificationSeverity="low",
    )
    read = Settings.of(had)
    assert read.azure.subscriptions == frozenset({SUBSCRIPTION, OTHER})
    assert read.record_caller is False
    assert read.azure.effective_rules is True
    assert read.policy_container is not None
    assert read.policy_container.container == "policies"
    assert owner_tag_of(had) == "team"
    assert Settings.of(app_settings("checker", watchedSubscriptions="*")).azure.subscriptions is None


def test_the_checker_tells_the_topic() -> None:
    had = app_settings("checker", notificationSeverity="low")
    # The endpoint is Azure's to give.
    topic = FeedSettings.of(
        had | {feed_module.TOPIC: "https://topic.westeurope-1.eventgrid.azure.net/api/events"}
    ).topic
    assert had[feed_module.TOPIC].endswith("properties.endpoint")
    assert topic is not None
    assert (topic.threshold, topic.client_id) == (Severity.LOW, client_id("checker"))


def test_muster_reads_of_the_page_what_is_meant() -> None:
    had = app_settings("page", pageGroups=GROUPS)
    storage = findings_storage(had)
    assert storage.url == f"https://{app_settings('checker')[f'{STORAGE}__accountName']}.blob.core.windows.net"
    assert storage.client_id == client_id("page")
    assert access_of(had).groups == {"41111111-2222-3333-4444-555555555555": frozenset({SUBSCRIPTION})}
    assert access_of(app_settings("page")).groups is None
    assert had["AzureWebJobsDisableHomepage"] == "true"


def test_the_app_is_python_3_13_on_flex_consumption_with_its_package_in_its_own_account() -> None:
    for app in ("checker", "page"):
        made = {one.type: one for one in installed().module(app).everything()}
        site, plan = made["Microsoft.Web/sites"], made["Microsoft.Web/serverfarms"]
        assert plan.config["sku"] == {"name": "FC1", "tier": "FlexConsumption"}
        assert plan.properties["reserved"] is True
        assert site.properties["serverFarmId"] == plan.id
        assert site.config["kind"] == "functionapp,linux"
        assert site.config["tags"]["azd-service-name"] == app
        config = site.properties["functionAppConfig"]
        assert config["runtime"] == {"name": "python", "version": "3.13"}
        (identity,) = site.config["identity"]["userAssignedIdentities"]
        assert identity.endswith(f"/id-prod-{app}")
        storage = config["deployment"]["storage"]
        assert storage["type"] == "blobContainer"
        assert storage["authentication"] == {
            "type": "UserAssignedIdentity",
            "userAssignedIdentityResourceId": identity,
        }
        assert f"/st{app}" in storage["value"]
        assert storage["value"].endswith("blobpackages")


def test_the_page_is_behind_authentication_without_a_secret() -> None:
    client = "51111111-2222-3333-4444-555555555555"
    had, provider = authentication(pageClientId=client)
    assert had["platform"]["enabled"] is True
    assert had["globalValidation"]["requireAuthentication"] is True
    assert had["globalValidation"]["unauthenticatedClientAction"] == "RedirectToLoginPage"
    assert provider["registration"]["clientId"] == client
    # The name of a setting, and the setting is the client id of an identity.
    secret = provider["registration"]["clientSecretSettingName"]
    assert app_settings("page")[secret] == client_id("page")


def test_without_a_registration_nobody_is_let_in() -> None:
    had, provider = authentication()
    assert had["globalValidation"]["requireAuthentication"] is True
    assert had["globalValidation"]["unauthenticatedClientAction"] == "Return401"
    assert provider == {}


def authentication(given: Sources | None = None, **parameters: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    (made,) = installed(given, **parameters).module("pageAuthentication").everything()
    return made.properties, made.properties["identityProviders"].get("azureActiveDirectory", {})


def test_only_the_page_has_authentication_before_it() -> None:
    """Event Grid could not call the checker."""
    names = [one.id for one in installed().everything() if one.name == "authsettingsV2"]
    assert [name.split("/")[8] for name in names] == [installed().variable("pageName")]


@pytest.mark.parametrize(
    ("app", "old", "new"),
    [
        ("checker", "MUSTER_SUBSCRIPTIONS:", "MUSTER_SUBSCRIPTION:"),
        ("checker", "MUSTER_STORAGE__accountName: evidenceName", "MUSTER_STORAGE__account: evidenceName"),
        ("page", "AzureWebJobsDisableHomepage", "AzureWebJobsDisableHomePage"),
    ],
)
def test_a_setting_that_nobody_reads_is_noticed(app: str, old: str, new: str) -> None:
    had = app_settings(app, edited("main.bicep", old, new))
    assert had.keys() - (HOST | PLATFORM | read_by_muster()) == {new.partition(":")[0]}


@pytest.mark.parametrize("part", ["accountName", "credential", "clientId"])
def test_a_connection_that_lacks_a_part_is_noticed(part: str) -> None:
    had = app_settings("checker", edited("modules/function-app.bicep", f"{HOST_STORAGE}__{part}", "Other"))
    assert HOST - had.keys() == {f"{HOST_STORAGE}__{part}"}


def test_the_path_of_the_page_is_the_root() -> None:
    assert json.loads((ROOT / "host.json").read_text("utf-8"))["extensions"]["http"]["routePrefix"] == ""
