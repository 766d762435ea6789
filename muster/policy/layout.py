"""Exported policies as the files of a policies folder: one item a file, named by the item and safe anywhere."""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

from muster.policy.exported import Exported
from muster.policy.wording import LONGEST_ID, shown
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import JsonObject, canonical

LONGEST_NAME = 80
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE | re.ASCII)
"""Names that are devices on Windows. Source: learn.microsoft.com/windows/win32/fileio/naming-a-file."""


@dataclass(frozen=True, slots=True)
class Layout:
    """`items` by path in a policies folder. `repeated` counts what was given more than once in the same words; of what
    was given in different words the first counts, and `faults` tells the others."""

    items: Mapping[str, Exported]
    repeated: int
    faults: tuple[Diagnostic, ...]

    @property
    def files(self) -> dict[str, str]:
        """Texts by path."""
        return {path: item_text(item.content) for path, item in self.items.items()}

    def told(self, fault: Diagnostic) -> Diagnostic:
        """A fault of one of the files, at the place that its item came from."""
        item = self.items.get(fault.file)
        return fault if item is None else item.told(fault)


def lay_out(items: Iterable[Exported]) -> Layout:
    """Give each item a file."""
    by_key: dict[str, Exported] = {}
    placed: dict[str, Exported] = {}
    taken: set[str] = set()
    faults: list[Diagnostic] = []
    repeated = 0
    for item in items:
        key = item.key
        first = by_key.setdefault(key, item)
        if first is not item:
            if canonical(first.content) == canonical(item.content):
                repeated += 1
                continue
            label = shown(str(item.id or item.name), LONGEST_ID)
            message = f"{label} is declared twice, first in {first.file}{first.pointer and '#'}{first.pointer}."
            hint = "The first one counts. Take one of the two out."
            faults.append(Diagnostic("duplicate-name", Level.ERROR, message, item.file, item.pointer, hint))
            continue
        path = f"{item.kind.folder}/{file_name(item.name)}.json"
        while path.lower() in taken:
            path = f"{path.removesuffix('.json')}-{_digest(key)}.json"
        taken.add(path.lower())
        placed[path] = item
    return Layout(placed, repeated, tuple(faults))


def item_text(content: JsonObject) -> str:
    """An item as a file."""
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def file_name(name: str) -> str:
    """A file's name without its ending: the item's where that is one everywhere, else what of it can be in one, with a
    digest."""
    plain = _UNSAFE.sub("-", name)[:LONGEST_NAME].strip(".-_") or "policy"
    if _RESERVED.fullmatch(plain):
        return f"policy-{plain}"
    return plain if plain == name else f"{plain}-{_digest(name)}"


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]
