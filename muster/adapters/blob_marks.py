"""Marks of findings that changed, for whoever keeps the index of findings.

A mark is a blob with the names of the findings that changed within a moment, so that under load many events share one
write. Its name is its own, so that it is never written again. A mark that is lost with its process is made good when
the index compares the etags of all findings (muster/jobs/index.py).
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from uuid import uuid4

from muster.adapters.blob_names import LATEST_PREFIX
from muster.values.errors import TransientFault

MARK_PREFIX = "index/changed/"
"""Where marks lie, in the container of findings."""

PAUSE_SECONDS = 0.25
"""How long a mark waits for others. The index follows marks every 15 seconds, on a developer's machine when the page is
looked at."""

log = logging.getLogger(__name__)


class BlobMarks:
    """Writes marks by `put`, which takes a blob's name and bytes and may raise TransientFault."""

    def __init__(self, put: Callable[[str, bytes], Awaitable[None]]) -> None:
        self._put = put
        self._waiting: dict[str, None] = {}
        self._writing: asyncio.Task[None] | None = None

    def add(self, finding: str) -> None:
        """Mark a finding by its blob's name, in a moment."""
        self._waiting[finding] = None
        if self._writing is None or self._writing.done():
            self._writing = asyncio.ensure_future(self._write_later())

    async def flush(self) -> None:
        """Write what waits at once. What can't be written waits for the next mark."""
        names = [*self._waiting]
        self._waiting.clear()
        if not names:
            return
        try:
            await self._put(f"{MARK_PREFIX}{uuid4()}.json", json.dumps(names).encode())
        except TransientFault as fault:
            log.warning("%d findings that changed could not be marked for the index yet: %s", len(names), fault)
            self._waiting = dict.fromkeys(names) | self._waiting

    async def close(self) -> None:
        """Write what waits, and wait no more."""
        if self._writing is not None:
            self._writing.cancel()
        await self.flush()

    async def _write_later(self) -> None:
        await asyncio.sleep(PAUSE_SECONDS)
        await self.flush()


def marked_findings(content: bytes) -> tuple[str, ...]:
    """The names in a mark; none where it is damaged, which the comparison of etags makes good."""
    try:
        names = json.loads(content)
    except (ValueError, RecursionError):
        return ()
    listed = names if isinstance(names, list) else []
    return tuple(name for name in listed if isinstance(name, str) and name.startswith(LATEST_PREFIX))
