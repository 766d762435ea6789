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

AGAIN_SECONDS = 15.0
"""How long what could not be written waits."""

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

    async def flush(self) -> bool:
        """Write what waits at once; False where it could not be written, and still waits."""
        names, self._waiting, written = self._waiting, {}, not self._waiting
        try:
            if names:
                await self._put(f"{MARK_PREFIX}{uuid4()}.json", json.dumps([*names]).encode())
                written = True
        except TransientFault as fault:
            log.warning("%d findings that changed could not be marked for the index yet: %s", len(names), fault)
        finally:
            if not written:
                self._waiting = names | self._waiting
        return written

    async def close(self) -> None:
        """Write what waits, and wait no more."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.wait([self._writing])
        await self.flush()

    async def _write_later(self) -> None:
        # Others may be added while some are written.
        written = True
        while self._waiting:
            await asyncio.sleep(PAUSE_SECONDS if written else AGAIN_SECONDS)
            written = await self.flush()


def marked_findings(content: bytes) -> tuple[str, ...]:
    """The names in a mark; none where it is damaged, which the comparison of etags makes good."""
    try:
        names = json.loads(content)
    except (ValueError, RecursionError):
        return ()
    listed = names if isinstance(names, list) else []
    return tuple(name for name in listed if isinstance(name, str) and name.startswith(LATEST_PREFIX))
