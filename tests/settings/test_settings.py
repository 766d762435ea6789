"""Settings from the environment, and that each is documented."""

import os
import re
from pathlib import Path

import azure.functions as func
import pytest

from functions.role import ALL, in_role
from muster.local.app_settings import app_settings, environment
from muster.settings.app import HOST_STORAGE, STORAGE, Azure, PolicyContainer, Settings, Storage, UnusableSettings
from muster.settings.feed import TOPIC, FeedSettings
from muster.settings.known import SETTINGS
from muster.settings.page import access_of, owner_tag_of, policies_of
from muster.settings.telemetry import CONNECTION, TELEMETRY, telemetry_connection
from tests.conftest import ROOT

ONE, TWO = "11111111-2222-3333-4444-555555555555", "21111111-2222-3333-4444-55555555555A"
WATCHED = {"MUSTER_SUBSCRIPTIONS": ONE}
DOCUMENT = ROOT / "docs" / "reference" / "settings.md"


class Recording(dict[str, str]):
    """An environment that remembers what it was asked for."""

    asked: set[str]

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        self.asked.add(name)
        return super().get(name, default)


@pytest.mark.parametrize("name", [STORAGE, HOST_STORAGE])
@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"": "AccountName=a;AccountKey=k"}, Storage(connection_string="AccountName=a;AccountKey=k")),
        ({"__blobServiceUri": "https://a.blob.x"}, Storage(url="https://a.blob.x")),
        ({"__accountName": "acc"}, Storage(url="https://acc.blob.core.windows.net")),
        (
            {"__accountName": "acc", "__clientId": "id"},
            Storage(url="https://acc.blob.core.windows.net", client_id="id"),
        ),
        ({"__blobServiceUri": "https://b", "__accountName": "acc"}, Storage(url="https://b")),
    ],
)
def test_storage_is_named_in_three_forms(name: str, given: dict[str, str], expected: Storage) -> None:
    settings = Settings.of({f"{name}{suffix}": value for suffix, value in given.items()} | WATCHED)
    assert settings.storage == expected


def test_findings_go_to_musters_own_storage_and_requests_to_the_hosts_whose_triggers_read_them() -> None:
    settings = Settings.of({HOST_STORAGE: "host", STORAGE: "own", **WATCHED})
    assert (settings.storage.connection_string, settings.queues.connection_string) == ("own", "host")


def test_one_account_is_enough_for_both() -> None:
    for name in (STORAGE, HOST_STORAGE):
        settings = Settings.of({f"{name}__accountName": "acc", **WATCHED})
        assert settings.storage.url == "https://acc.blob.core.windows.net"
        assert settings.queues.url == "https://acc.queue.core.windows.net"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({STORAGE: " "}, "neither MUSTER_STORAGE nor AzureWebJobsStorage names"),
        ({STORAGE: "x", "MUSTER_POLICIES": "/no/such/folder", **WATCHED}, "MUSTER_POLICIES: /no/such/folder"),
        ({STORAGE: "x", "MUSTER_RECORDED_RESOURCES": "/no"}, "MUSTER_RECORDED_RESOURCES: /no"),
        ({STORAGE: "x"}, "MUSTER_SUBSCRIPTIONS: no subscription is named"),
        ({STORAGE: "x", "MUSTER_SUBSCRIPTIONS": "mine"}, "MUSTER_SUBSCRIPTIONS: 'mine' is not the id"),
        ({STORAGE: "x", "MUSTER_SUBSCRIPTIONS": f"*, {ONE}"}, "MUSTER_SUBSCRIPTIONS: '*' is not the id"),
        ({STORAGE: "x", "MUSTER_RECORD_CALLER": "perhaps", **WATCHED}, "MUSTER_RECORD_CALLER: 'perhaps'"),
        ({STORAGE: "x", "MUSTER_EFFECTIVE_RULES": "on", **WATCHED}, "MUSTER_EFFECTIVE_RULES: 'on'"),
    ],
)
def test_what_can_not_be_used_is_named(given: dict[str, str], says: str) -> None:
    with pytest.raises(UnusableSettings, match=re.escape(says)):
        Settings.of(given)


@pytest.mark.parametrize(("text", "value"), [("", True), ("true", True), ("1", True), ("False", False), ("0", False)])
def test_the_caller_can_be_left_out(text: str, value: bool) -> None:
    assert Settings.of({STORAGE: "x", "MUSTER_RECORD_CALLER": text, **WATCHED}).record_caller is value


@pytest.mark.parametrize(("text", "value"), [("", False), ("true", True), ("1", True), ("False", False)])
def test_effective_rules_are_an_opt_in(text: str, value: bool) -> None:
    assert Settings.of({STORAGE: "x", "MUSTER_EFFECTIVE_RULES": text, **WATCHED}).azure.effective_rules is value


def test_recordings_have_no_effective_rules(tmp_path: Path) -> None:
    given = {STORAGE: "x", "MUSTER_RECORDED_RESOURCES": str(tmp_path), "MUSTER_EFFECTIVE_RULES": "true"}
    with pytest.raises(UnusableSettings, match="MUSTER_EFFECTIVE_RULES: MUSTER_RECORDED_RESOURCES"):
        Settings.of(given)
    assert not Settings.of({**given, "MUSTER_EFFECTIVE_RULES": "false"}).azure.effective_rules


def test_the_local_host_gives_what_the_app_reads(tmp_path: Path) -> None:
    settings = Settings.of(app_settings("UseDevelopmentStorage=true", tmp_path, "http://127.0.0.1:8080"))
    assert settings.storage.connection_string == "UseDevelopmentStorage=true"
    assert settings.policies == tmp_path
    assert settings.azure == Azure(endpoint="http://127.0.0.1:8080")
    assert "MUSTER_SUBSCRIPTIONS" not in app_settings("x", None, "")


def test_what_is_read_of_azure() -> None:
    given = {STORAGE: "x", "MUSTER_SUBSCRIPTIONS": f" {ONE} , {TWO},", "MUSTER_ARM_ENDPOINT": "AzureChina"}
    subscriptions = frozenset({ONE, TWO.lower()})
    assert Settings.of(given).azure == Azure("AzureChina", subscriptions=subscriptions)
    given |= {"MUSTER_ARM_CLIENT_ID": "id", "IDENTITY_ENDPOINT": "http://x"}
    assert Settings.of(given).azure == Azure("AzureChina", "id", in_azure=True, subscriptions=subscriptions)


def test_the_identity_of_the_storage_reads_azure_too_where_no_other_is_named() -> None:
    given = {f"{STORAGE}__accountName": "a", f"{STORAGE}__clientId": "id", "MUSTER_SUBSCRIPTIONS": "*"}
    assert Settings.of(given).azure == Azure(client_id="id")


def test_recordings_need_no_subscriptions(tmp_path: Path) -> None:
    given = {STORAGE: "x", "MUSTER_RECORDED_RESOURCES": str(tmp_path)}
    assert Settings.of(given).azure == Azure(recorded=tmp_path)


def test_policies_may_be_in_a_container() -> None:
    for text, container, prefix in (
        ("blob://policies", "policies", ""),
        ("blob://policies/", "policies", ""),
        ("blob://my-rules/a/b/", "my-rules", "a/b/"),
    ):
        settings = Settings.of({STORAGE: "x", **WATCHED, "MUSTER_POLICIES": text})
        assert settings.policies is None
        assert settings.policy_container == PolicyContainer(container, prefix)
    for text in ("blob://", "blob://A", "blob://a--b", "blob:///x"):
        with pytest.raises(UnusableSettings, match="MUSTER_POLICIES"):
            Settings.of({STORAGE: "x", **WATCHED, "MUSTER_POLICIES": text})


@pytest.mark.parametrize(
    ("given", "connection"),
    [
        ({}, ""),
        ({TELEMETRY: "off"}, ""),
        ({CONNECTION: "InstrumentationKey=1"}, "InstrumentationKey=1"),
        ({CONNECTION: "InstrumentationKey=1", TELEMETRY: "ON"}, "InstrumentationKey=1"),
        ({CONNECTION: "InstrumentationKey=1", TELEMETRY: "off"}, ""),
    ],
)
def test_telemetry_is_on_where_something_says_where_it_goes(given: dict[str, str], connection: str) -> None:
    assert telemetry_connection(given) == connection


@pytest.mark.parametrize("given", [{TELEMETRY: "on"}, {TELEMETRY: "yes", CONNECTION: "InstrumentationKey=1"}])
def test_telemetry_that_can_go_nowhere_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(UnusableSettings, match=TELEMETRY):
        telemetry_connection(given)


def test_an_environment_is_as_it_was_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_ONE", "before")
    monkeypatch.delenv("MUSTER_TWO", raising=False)
    with environment({"MUSTER_ONE": "1", "MUSTER_TWO": "2"}):
        assert (os.environ["MUSTER_ONE"], os.environ["MUSTER_TWO"]) == ("1", "2")
    assert os.environ["MUSTER_ONE"] == "before"
    assert "MUSTER_TWO" not in os.environ


def test_every_setting_is_documented_and_known_and_nothing_else() -> None:
    asked: set[str] = set()
    for account in (STORAGE, HOST_STORAGE):
        given = Recording({f"{account}__accountName": "a", TOPIC: "https://topic/api/events", **WATCHED})
        given.asked = asked
        Settings.of(given)
        FeedSettings.of(given)
        access_of(given)
        owner_tag_of(given)
        telemetry_connection(given)
        in_role(ALL, func.Blueprint(), given)
    documented = set(re.findall(r"^\| `(\w+)`", DOCUMENT.read_text("utf-8"), re.MULTILINE))
    assert documented == {name for name in asked if not name.startswith("WEBSITE_")}  # which App Service sets
    assert documented == SETTINGS


def test_the_page_takes_the_catalogue_of_the_app_where_policies_are_in_a_container() -> None:
    assert policies_of({"MUSTER_POLICIES": "Blob://policies/prod"}) is None
    assert policies_of({}) is None
    assert policies_of({"MUSTER_POLICIES": "mine"}) == Path("mine")
