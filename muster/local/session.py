"""A whole muster on this machine: storage, the function app, and who may call it."""

import os
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from muster.local.app_settings import app_settings, environment
from muster.local.azurite import Endpoints, azurite
from muster.local.data_folder import DataFolder, Running
from muster.local.host import PORT, LocalHost, local_host
from muster.local.node import find_azurite

EVENTS = "on_vm_written"
"""The function that events of virtual machines go to."""


@dataclass(frozen=True, slots=True)
class Session:
    """Everything runs. `events_url` is where an event subscription would deliver to."""

    host: LocalHost
    storage: Endpoints
    events_url: str


@asynccontextmanager
async def session(
    root: Path,
    data: DataFolder,
    *,
    policies: Path | None = None,
    recorded_resources: Path | None = None,
    port: int = PORT,
) -> AsyncIterator[Session]:
    """Azurite and the app in `root`, until the block is left. Other processes find them through the data folder.

    Raises LocalFault.
    """
    async with azurite(find_azurite(root), data.azurite) as storage:
        settings = app_settings(storage.connection_string, policies, recorded_resources)
        with environment(settings):
            async with local_host(root, key=secrets.token_urlsafe(24), port=port) as host:
                url = host.events_url(EVENTS)
                data.announce(Running(storage.connection_string, url, os.getpid()))
                yield Session(host, storage, url)
