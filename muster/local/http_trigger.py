"""Drives HTTP triggers without a key: the web server of the Functions host, on loopback."""

import logging
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager

import azure.functions as func
from aiohttp import web

from muster.local.app import Function

TRIGGER = "httpTrigger"

_PARAMETER = re.compile(r"\{\*(\w+)\}|\{(\w+)\}")
_RESERVED = ("/admin/", "/runtime/")
"""The host's own; a function's route never gets these."""

log = logging.getLogger(__name__)


class HttpTriggers:
    """Every route of these functions, for the methods that they name. `prefix` is host.json's routePrefix."""

    def __init__(self, functions: Iterable[Function], prefix: str) -> None:
        self._functions = list(functions)
        self._prefix = f"/{prefix.strip('/')}" if prefix.strip("/") else ""

    def routes(self) -> list[web.RouteDef]:
        """What the web server serves. As at the Functions host, a route that takes all comes last in any order:
        aiohttp looks for the longest beginning first."""
        return [web.route("*", self._path(function), self._handler(function)) for function in self._functions]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Nothing works besides the web server."""
        yield

    def _path(self, function: Function) -> str:
        route = str(function.bindings.get("route") or function.name)
        return f"{self._prefix}/{_PARAMETER.sub(_segment, route)}"

    def _handler(self, function: Function) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        methods = {str(getattr(one, "value", one)) for one in function.bindings.get("methods") or ("GET", "POST")}

        async def handle(request: web.Request) -> web.StreamResponse:
            if request.path.startswith(_RESERVED) or request.method not in methods:
                return web.Response(status=404)
            try:
                answer = await function.call(**{function.argument: await _asked(request)})
            except Exception:
                log.exception("%s failed", function.name)
                return web.Response(status=500)
            return web.Response(status=answer.status_code, body=answer.get_body(), headers=_headers(answer))

        return handle


def _headers(answer: func.HttpResponse) -> dict[str, str]:
    """Its headers, with the Content-Type of its mimetype where they have none, as the Functions worker does it."""
    headers = dict(answer.headers)
    if not any(name.lower() == "content-type" for name in headers):
        is_text = answer.mimetype.startswith("text/")
        headers["Content-Type"] = f"{answer.mimetype}; charset={answer.charset}" if is_text else answer.mimetype
    return headers


def _segment(match: re.Match[str]) -> str:
    return f"{{{match[1]}:.*}}" if match[1] else f"{{{match[2]}}}"


async def _asked(request: web.Request) -> func.HttpRequest:
    return func.HttpRequest(
        method=request.method,
        url=str(request.url),
        headers=dict(request.headers),
        params=dict(request.query),
        route_params=dict(request.match_info),
        body=await request.read(),
    )
