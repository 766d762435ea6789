"""Which Azure is read, and which subscriptions of it are watched."""

from typing import Any

import pytest

from functions import wiring
from functions.wiring import services
from muster.adapters.arm_reader import ArmReader
from muster.settings.app import UnusableSettings
from muster.values.answers import Found
from tests.adapters.arm_stage import VM, arm

STORAGE = "UseDevelopmentStorage=true"


@pytest.fixture(autouse=True)
def _fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wiring, "_worker", wiring._Worker())
    monkeypatch.setenv("MUSTER_STORAGE", STORAGE)
    for name in ("ARM_ENDPOINT", "ARM_CLIENT_ID", "SUBSCRIPTIONS", "RECORDED_RESOURCES"):
        monkeypatch.delenv(f"MUSTER_{name}", raising=False)


async def test_azure_is_read_where_nothing_is_recorded(monkeypatch: pytest.MonkeyPatch) -> None:
    async with arm() as here:
        monkeypatch.setenv("MUSTER_ARM_ENDPOINT", here.state.url)
        made = await services()
        assert isinstance(made.reader, ArmReader)
        assert isinstance(await made.reader.get(VM), Found)
        assert made.subscriptions is None
        assert await services() is made


async def test_the_subscriptions_that_are_watched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_SUBSCRIPTIONS", VM.subscription.upper())
    made = await services()
    assert isinstance(made.reader, ArmReader)
    assert made.subscriptions == frozenset({VM.subscription})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "MUSTER_SUBSCRIPTIONS"),
        ({"MUSTER_SUBSCRIPTIONS": "*", "MUSTER_ARM_ENDPOINT": "https://example.net"}, "MUSTER_ARM_ENDPOINT"),
    ],
)
async def test_what_can_not_be_used_is_named(given: dict[str, Any], says: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UnusableSettings, match=says):
        await services()
