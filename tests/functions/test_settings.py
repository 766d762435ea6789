"""Settings from the environment, and that each is documented."""

import os
import re
from pathlib import Path

import pytest

from functions.settings import HOST_STORAGE, STORAGE, Settings, Storage, UnusableSettings
from muster.local.app_settings import app_settings, environment
from tests.conftest import ROOT

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
        ({"__blobServiceUri": "https://a.blob.x"}, Storage(blob_url="https://a.blob.x")),
        ({"__accountName": "acc"}, Storage(blob_url="https://acc.blob.core.windows.net")),
        (
            {"__accountName": "acc", "__clientId": "id"},
            Storage(blob_url="https://acc.blob.core.windows.net", client_id="id"),
        ),
        ({"__blobServiceUri": "https://b", "__accountName": "acc"}, Storage(blob_url="https://b")),
    ],
)
def test_storage_is_named_in_three_forms(name: str, given: dict[str, str], expected: Storage) -> None:
    settings = Settings.of({f"{name}{suffix}": value for suffix, value in given.items()})
    assert settings.storage == expected


def test_musters_own_storage_comes_before_the_hosts() -> None:
    assert Settings.of({HOST_STORAGE: "host", STORAGE: "own"}).storage.connection_string == "own"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({STORAGE: " "}, "neither MUSTER_STORAGE nor AzureWebJobsStorage"),
        ({STORAGE: "x", "MUSTER_POLICIES": "/no/such/folder"}, "MUSTER_POLICIES: /no/such/folder"),
        ({STORAGE: "x", "MUSTER_RECORDED_RESOURCES": "/no"}, "MUSTER_RECORDED_RESOURCES: /no"),
        ({STORAGE: "x", "MUSTER_RECORD_CALLER": "perhaps"}, "MUSTER_RECORD_CALLER: 'perhaps'"),
    ],
)
def test_what_can_not_be_used_is_named(given: dict[str, str], says: str) -> None:
    with pytest.raises(UnusableSettings, match=re.escape(says)):
        Settings.of(given)


@pytest.mark.parametrize(("text", "value"), [("", True), ("true", True), ("1", True), ("False", False), ("0", False)])
def test_the_caller_can_be_left_out(text: str, value: bool) -> None:
    assert Settings.of({STORAGE: "x", "MUSTER_RECORD_CALLER": text}).record_caller is value


def test_the_local_host_gives_what_the_app_reads(tmp_path: Path) -> None:
    settings = Settings.of(app_settings("UseDevelopmentStorage=true", tmp_path, tmp_path))
    assert settings.storage.connection_string == "UseDevelopmentStorage=true"
    assert settings.policies == settings.recorded_resources == tmp_path


def test_an_environment_is_as_it_was_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_ONE", "before")
    monkeypatch.delenv("MUSTER_TWO", raising=False)
    with environment({"MUSTER_ONE": "1", "MUSTER_TWO": "2"}):
        assert (os.environ["MUSTER_ONE"], os.environ["MUSTER_TWO"]) == ("1", "2")
    assert os.environ["MUSTER_ONE"] == "before"
    assert "MUSTER_TWO" not in os.environ


def test_every_setting_is_documented_and_nothing_else() -> None:
    asked = Recording({f"{STORAGE}__accountName": "a"})
    asked.asked = set()
    Settings.of(asked)
    documented = set(re.findall(r"^\| `(\w+)`", DOCUMENT.read_text("utf-8"), re.MULTILINE))
    assert documented == asked.asked
