"""Drives timer triggers: by their schedule, and when asked, as the Functions host does it.

Source of the request: learn.microsoft.com/azure/azure-functions/functions-manually-run-non-http
(`POST /admin/functions/NAME` with the host's key, 202). One call of a function at a time.
"""

import asyncio
import contextlib
import hmac
import json
import logging
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from aiohttp import web
from azure.functions.meta import Datum

from muster.local.app import Function
from muster.local.errors import UnusableApp
from muster.local.invocation import invoke
from muster.local.ncrontab import Schedule

TRIGGER = "timerTrigger"
PATH = "/admin/functions"

log = logging.getLogger(__name__)


class TimerTriggers:
    """All functions with this trigger."""

    def __init__(self, functions: Iterable[Function], key: str) -> None:
        self._functions = {function.name: function for function in functions}
        self._schedules = {function.name: _schedule(function) for function in self._functions.values()}
        self._locks = {name: asyncio.Lock() for name in self._functions}
        self._key = key
        self._asked: set[asyncio.Task[None]] = set()

    def routes(self) -> list[web.RouteDef]:
        """What the web server serves."""
        return [web.post(f"{PATH}/{{name}}", self._post)]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """The schedules at work until the block is left."""
        tasks = [asyncio.create_task(self._keep_time(name)) for name in self._functions]
        try:
            yield
        finally:
            for task in (*tasks, *self._asked):
                task.cancel()
            for task in (*tasks, *self._asked):
                with contextlib.suppress(asyncio.CancelledError):
                    await task

    async def _post(self, request: web.Request) -> web.Response:
        given = request.query.get("code", "") or request.headers.get("x-functions-key", "")
        if not hmac.compare_digest(given.encode(), self._key.encode()):
            return web.Response(status=401)
        name = request.match_info["name"]
        if name not in self._functions:
            return web.Response(status=404)
        task = asyncio.create_task(self._call(name))
        self._asked.add(task)
        task.add_done_callback(self._asked.discard)
        return web.Response(status=202)

    async def _keep_time(self, name: str) -> None:
        due = self._schedules[name].next(datetime.now(UTC))
        while True:
            await asyncio.sleep(max(0.0, (due - datetime.now(UTC)).total_seconds()))
            await self._call(name)
            due = self._schedules[name].next(max(due, datetime.now(UTC)))

    async def _call(self, name: str) -> None:
        async with self._locks[name]:
            data = Datum(json.dumps({"Schedule": {"AdjustForDST": True}, "IsPastDue": False}), "json")
            try:
                await invoke(self._functions[name], data, {})
            except Exception as error:  # noqa: BLE001 the host reports whatever a function raises
                log.warning("%s failed: %s: %s", name, type(error).__name__, error)


def _schedule(function: Function) -> Schedule:
    try:
        return Schedule.parse(str(function.bindings.get("schedule", "")))
    except ValueError as error:
        raise UnusableApp(f"{function.name}: {error}") from error
