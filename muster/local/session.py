"""A whole muster on this machine: storage, the function app, and who may call it."""

import os
import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from muster.local.app_settings import app_settings, environment
from muster.local.arm.estate import Estate
from muster.local.arm.limits import Limits
from muster.local.arm.server import ArmState, arm_server
from muster.local.azurite import Endpoints, azurite
from muster.local.data_folder import DataFolder, Running
from muster.local.host import PORT, LocalHost, local_host
from muster.local.node import find_azurite

EVENTS = "on_vm_written"
"""The function that events of virtual machines go to."""


@dataclass(frozen=True, slots=True)
class Session:
    """Everything runs. `events_url` is where an event subscription would deliver to; `arm_url` is the server that
    stands for Azure, "" where Azure itself is read."""

    host: LocalHost
    storage: Endpoints
    events_url: str
    arm_url: str


@asynccontextmanager
async def session(
    root: Path,
    data: DataFolder,
    *,
    policies: Path | None = None,
    recorded: Sequence[Path] | None = None,
    port: int = PORT,
) -> AsyncIterator[Session]:
    """Azurite, a server that stands for Azure with the bodies of folders (None: Azure itself is read), and the app in
    `root`, until the block is left. Other processes find them through the data folder.

    Raises LocalFault.
    """
    async with AsyncExitStack() as stack:
        storage = await stack.enter_async_context(azurite(find_azurite(root), data.azurite))
        arm_url = ""
        if recorded is not None:
            state = ArmState(Estate.from_folders(recorded), limits=Limits(), partial=True)
            arm_url = (await stack.enter_async_context(arm_server(state))).url
        stack.enter_context(environment(app_settings(storage.connection_string, policies, arm_url)))
        host = await stack.enter_async_context(local_host(root, key=secrets.token_urlsafe(24), port=port))
        url = host.events_url(EVENTS)
        data.announce(Running(storage.connection_string, url, os.getpid(), arm_url))
        yield Session(host, storage, url, arm_url)
