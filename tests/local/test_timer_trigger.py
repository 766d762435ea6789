"""Schedules, and timers that are asked to go off."""

import asyncio
from datetime import UTC, datetime

import azure.functions as func
import pytest
from aiohttp import ClientSession, web

from muster.local.app import Function
from muster.local.errors import UnusableApp
from muster.local.ncrontab import Schedule
from muster.local.timer_trigger import PATH, TimerTriggers


@pytest.mark.parametrize(
    ("expression", "after", "expected"),
    [
        ("0 */5 * * * *", "2026-11-23T06:00:00", "2026-11-23T06:05:00"),
        ("0 */5 * * * *", "2026-11-23T06:04:59", "2026-11-23T06:05:00"),
        ("*/20 * * * * *", "2026-11-23T06:00:41", "2026-11-23T06:01:00"),
        ("0 30 2 * * *", "2026-11-23T06:00:00", "2026-11-24T02:30:00"),
        ("0 0 9-17 * * 1-5", "2026-11-27T17:30:00", "2026-11-30T09:00:00"),
        ("0 0 0 1 1 *", "2026-11-23T06:00:00", "2027-01-01T00:00:00"),
        ("0 0 0 29 2 *", "2026-11-23T06:00:00", "2028-02-29T00:00:00"),
        ("0 0,30 * * * 0", "2026-11-23T06:00:00", "2026-11-29T00:00:00"),
        ("5/15 * * * *", "2026-11-23T06:06:00", "2026-11-23T06:20:00"),
    ],
)
def test_the_next_time(expression: str, after: str, expected: str) -> None:
    found = Schedule.parse(expression).next(datetime.fromisoformat(after).replace(tzinfo=UTC))
    assert found == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "* *", "60 * * * * *", "a * * * * *", "*/0 * * * * *", "5-1 * * * * *"])
def test_what_is_no_schedule(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Schedule.parse(text)


def test_a_day_that_never_comes() -> None:
    with pytest.raises(ValueError, match="never"):
        Schedule.parse("0 0 0 31 2 *").next(datetime(2026, 1, 1, tzinfo=UTC))


async def test_a_timer_goes_off_when_asked_and_fails_alone() -> None:
    calls: list[bool] = []
    went = asyncio.Event()

    async def tick(timer: func.TimerRequest) -> None:
        calls.append(timer.past_due)
        went.set()
        raise ValueError("no matter")

    function = Function("tick", "timerTrigger", "timer", func.TimerRequest, {"schedule": "0 0 0 1 1 *"}, tick)
    driver = TimerTriggers([function], "key")
    application = web.Application()
    application.add_routes(driver.routes())
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}{PATH}"
    async with driver.running(), ClientSession() as session:
        statuses = [(await session.post(f"{url}/{path}")).status for path in ("tick", "tock?code=key", "tick?code=key")]
        async with asyncio.timeout(20):
            await went.wait()
    await runner.cleanup()
    assert statuses == [401, 404, 202]
    assert calls == [False]


def test_a_schedule_that_is_none_is_told() -> None:
    function = Function("tick", "timerTrigger", "timer", None, {"schedule": "often"}, print)
    with pytest.raises(UnusableApp, match="tick: 'often'"):
        TimerTriggers([function], "key")
