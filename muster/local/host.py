"""The local host: runs the function app as deployed, on loopback."""

import errno
import os
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

from aiohttp import web

from muster.local import event_grid_trigger, http_trigger, queue_trigger, timer_trigger
from muster.local.app import Function, load_functions
from muster.local.errors import UnusableApp
from muster.local.host_config import QueueOptions, queue_options, route_prefix

ADDRESS = "127.0.0.1"
PORT = 7071
"""The port of Azure Functions Core Tools."""

MAX_BODY = 16 * 1024 * 1024
"""Well above Event Grid's 1 MB, so that what is too large reaches the function, which keeps it with the reason."""

MAX_LINE = 64 * 1024
"""Of a request, so that an address which is too long reaches the page, which says so."""

STOP_SECONDS = 5.0


class Driver(Protocol):
    """Runs all functions with one kind of trigger."""

    def routes(self) -> list[web.RouteDef]:
        """What the web server serves for them."""
        ...

    def running(self) -> AbstractAsyncContextManager[None]:
        """What works besides the web server, until the block is left."""
        ...


@dataclass(frozen=True, slots=True)
class HostSetup:
    """What drivers are made with: the host's key, host.json's settings of queues, the app's settings, and what routes
    of HTTP triggers begin with."""

    key: str
    queues: QueueOptions
    settings: Mapping[str, str]
    prefix: str


DRIVERS: Mapping[str, Callable[[Iterable[Function], HostSetup], Driver]] = {
    event_grid_trigger.TRIGGER: lambda functions, setup: event_grid_trigger.EventGridTriggers(functions, setup.key),
    queue_trigger.TRIGGER: lambda functions, setup: queue_trigger.QueueTriggers(
        functions, setup.queues, setup.settings
    ),
    http_trigger.TRIGGER: lambda functions, setup: http_trigger.HttpTriggers(functions, setup.prefix),
    timer_trigger.TRIGGER: lambda functions, setup: timer_trigger.TimerTriggers(functions, setup.key),
}
"""Kind of trigger -> what makes its driver."""


@dataclass(frozen=True, slots=True)
class LocalHost:
    """A host that listens. `functions` are the names of the app's functions with their trigger."""

    url: str
    key: str
    functions: Mapping[str, str]

    def events_url(self, function: str) -> str:
        """Where an event subscription of a function delivers to."""
        return f"{self.url}{event_grid_trigger.PATH}?{urlencode({'functionName': function, 'code': self.key})}"


@asynccontextmanager
async def local_host(root: Path, *, key: str, port: int = PORT) -> AsyncIterator[LocalHost]:
    """The app in `root`, served until the block is left; invocations under way get STOP_SECONDS to end.

    Listens on another port where this one is taken. Raises UnusableApp.
    """
    functions = load_functions(root)
    application = web.Application(client_max_size=MAX_BODY)
    drivers = _drivers(functions, HostSetup(key, queue_options(root), dict(os.environ), route_prefix(root)))
    for driver in drivers:
        application.add_routes(driver.routes())
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=STOP_SECONDS, max_line_size=MAX_LINE)
    await runner.setup()
    try:
        bound = await _listen(runner, port)
        names = {function.name: function.trigger for function in functions}
        async with AsyncExitStack() as stack:
            for driver in drivers:
                await stack.enter_async_context(driver.running())
            yield LocalHost(url=f"http://{ADDRESS}:{bound}", key=key, functions=names)
    finally:
        await runner.cleanup()


def _drivers(functions: Iterable[Function], setup: HostSetup) -> list[Driver]:
    by_trigger: dict[str, list[Function]] = {}
    for function in functions:
        by_trigger.setdefault(function.trigger, []).append(function)
    for trigger, members in by_trigger.items():
        if trigger not in DRIVERS:
            raise UnusableApp(f"the local host does not drive {trigger} ({', '.join(m.name for m in members)})")
    return [DRIVERS[trigger](members, setup) for trigger, members in by_trigger.items()]


async def _listen(runner: web.AppRunner, port: int) -> int:
    try:
        await web.TCPSite(runner, ADDRESS, port).start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        await web.TCPSite(runner, ADDRESS, 0).start()
    bound: int = runner.addresses[-1][1]
    return bound
