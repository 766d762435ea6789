"""The texts of JSON files that were named on a command line, and of those below folders that were."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from muster.values.diagnostic import Diagnostic, Level

MAX_BYTES = 64 * 1024 * 1024
"""Of one file. A larger one is a fault, not read."""


def read_json_files(
    paths: Iterable[Path], *, endings: tuple[str, ...] = (".json",)
) -> tuple[dict[str, str], list[Diagnostic]]:
    """Texts by path as it was given, and what can't be read. Of folders all files with one of the endings but hidden
    ones, in their order.

    A byte-order mark is no part of a text.
    """
    texts: dict[str, str] = {}
    faults: list[Diagnostic] = []
    for path in _files(paths, endings):
        try:
            if path.stat().st_size > MAX_BYTES:
                raise ValueError(f"larger than the {MAX_BYTES:,} bytes that are read")
            texts[str(path)] = path.read_text("utf-8-sig")
        except (OSError, ValueError) as error:
            faults.append(Diagnostic("unreadable", Level.ERROR, f"It can't be read: {error}.", str(path)))
    return texts, faults


def _files(paths: Iterable[Path], endings: tuple[str, ...]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            below = sorted(found.relative_to(path) for ending in endings for found in path.rglob(f"*{ending}"))
            yield from (path / name for name in below if not any(part.startswith(".") for part in name.parts))
        else:
            yield path
