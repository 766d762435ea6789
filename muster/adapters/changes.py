"""Waiting until files change, by looking at them again and again."""

import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

PAUSE = 0.5
"""Seconds between two looks."""


def stamps(folders: Iterable[Path]) -> Mapping[Path, tuple[int, int]]:
    """When each JSON file below some folders was written (nanoseconds), and its size."""
    found = {}
    for folder in folders:
        for path in folder.rglob("*.json"):
            try:
                status = path.stat()
            except OSError:
                continue
            found[path] = (status.st_mtime_ns, status.st_size)
    return found


def wait_for_change(
    folders: Iterable[Path],
    before: Mapping[Path, tuple[int, int]],
    pause: Callable[[float], None] = time.sleep,
) -> frozenset[Path]:
    """Return as soon as the files are not as `before`: those that came, went or were written. Never does otherwise."""
    while True:
        now = stamps(folders)
        changed = frozenset(path for path in now.keys() | before.keys() if now.get(path) != before.get(path))
        if changed:
            return changed
        pause(PAUSE)
