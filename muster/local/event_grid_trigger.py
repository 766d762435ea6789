"""Drives Event Grid triggers: the HTTP front of the Functions host's Event Grid extension.

What it answers is what the extension answers (azure-sdk-for-net, Microsoft.Azure.WebJobs.Extensions.EventGrid): an
event a call, all calls of a delivery at once, 202, or 500 if any failed, upon which Event Grid sends all of it again.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Iterable
from contextlib import AbstractAsyncContextManager, nullcontext

from aiohttp import web
from azure.functions.meta import Datum

from muster.local.app import Function
from muster.local.invocation import invoke
from muster.values.json import Json

TRIGGER = "eventGridTrigger"
PATH = "/runtime/webhooks/eventgrid"

log = logging.getLogger(__name__)


class EventGridTriggers:
    """`POST PATH?functionName=NAME&code=KEY` for all functions with this trigger."""

    def __init__(self, functions: Iterable[Function], key: str) -> None:
        self._functions = {function.name: function for function in functions}
        self._key = key

    def routes(self) -> list[web.RouteDef]:
        """What the web server serves."""
        return [web.post(PATH, self._post), web.options(PATH, self._options)]

    def running(self) -> AbstractAsyncContextManager[None]:
        """Nothing works besides the web server."""
        return nullcontext()

    async def _options(self, request: web.Request) -> web.Response:
        """CloudEvents' abuse protection: a sender asks before it sends."""
        if not self._may(request):
            return web.Response(status=401)
        return web.Response(headers={"Webhook-Allowed-Origin": "eventgrid.azure.net"})

    async def _post(self, request: web.Request) -> web.Response:
        if not self._may(request):
            return web.Response(status=401)
        name = _query(request, "functionName")
        function = self._functions.get(name)
        if function is None:
            return web.Response(status=404, text=f"cannot find function: '{name}'")
        kind = request.headers.get("aeg-event-type", "").lower()
        if kind == "unsubscribe":
            return web.Response(status=202)
        if kind not in ("subscriptionvalidation", "notification"):
            return web.Response(status=400)
        try:
            payload: Json = json.loads(await request.read())
        except (ValueError, RecursionError) as error:
            # The extension's parser throws here and the host makes a 500 of it.
            return web.Response(status=500, text=f"not JSON: {error}")
        if kind == "subscriptionvalidation":
            return _handshake(payload)
        if not isinstance(payload, list | dict):
            return web.Response(status=500, text="neither a JSON object nor an array")
        return await self._notify(function, payload if isinstance(payload, list) else [payload])

    async def _notify(self, function: Function, events: list[Json]) -> web.Response:
        outcomes = await asyncio.gather(*(self._call(function, event) for event in events))
        failed = [outcome for outcome in outcomes if outcome]
        return web.Response(status=500, text=failed[0]) if failed else web.Response(status=202)

    async def _call(self, function: Function, event: Json) -> str:
        """The message of the exception that the call ended with; empty where it succeeded."""
        try:
            await invoke(function, Datum(json.dumps(event, indent=2), "json"), {})
        except Exception as error:  # noqa: BLE001 the host reports whatever a function raises
            log.warning("%s failed: %s: %s", function.name, type(error).__name__, error)
            return f"{type(error).__name__}: {error}"
        return ""

    def _may(self, request: web.Request) -> bool:
        given = _query(request, "code") or request.headers.get("x-functions-key", "")
        return hmac.compare_digest(given.encode(), self._key.encode())


def _handshake(payload: Json) -> web.Response:
    """Answer with the validation code. In a CloudEvent `data` may be a string of JSON."""
    event = payload[0] if isinstance(payload, list) and payload else payload
    data = event.get("data") if isinstance(event, dict) else None
    if isinstance(data, str):
        try:
            data = json.loads(data)
        except (ValueError, RecursionError):
            data = None
    code = data.get("validationCode") if isinstance(data, dict) else None
    if not isinstance(code, str):
        return web.Response(status=500, text="no data.validationCode")
    return web.json_response({"validationResponse": code})


def _query(request: web.Request, name: str) -> str:
    """A query parameter, its name in any case, as .NET reads it."""
    return next((value for key, value in request.query.items() if key.lower() == name.lower()), "")
