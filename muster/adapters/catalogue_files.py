"""The catalogue of releases from a folder: one JSON file a product."""

import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from muster.adapters.policy_files import own_policies
from muster.facts.catalogue import Catalogue, read_catalogue
from muster.language.source import Source, read_json
from muster.values.diagnostic import Diagnostic, Level
from muster.values.errors import BadInput
from muster.values.json import Json, JsonObject

FOLDER = Path("lifecycle", "releases")
"""Where the files are below the policies folder."""


@dataclass(frozen=True)
class LoadedCatalogue:
    """The catalogue, what is wrong with its files, and their texts and values by the names in the messages."""

    catalogue: Catalogue
    faults: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]
    values: Mapping[str, JsonObject]


def with_catalogue(policies: Path) -> Path:
    """A policies folder, or muster's own where that one brings no catalogue."""
    return policies if (policies / FOLDER).is_dir() else own_policies()


def load_catalogue(policies: Path) -> LoadedCatalogue:
    """Read `lifecycle/releases/*.json` of a policies folder.

    Raises BadInput where there is no such folder. Faults of files are returned, all of them.
    """
    folder = policies / FOLDER
    if not folder.is_dir():
        raise BadInput(f"there is no folder {folder} with the catalogue of releases", reason="noCatalogue")
    sources: dict[str, Source] = {}
    values: dict[str, Json] = {}
    faults: list[Diagnostic] = []
    for path in sorted(folder.glob("*.json")):
        name = str(path)
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(Diagnostic("unreadable", Level.ERROR, f"Can't be read: {error}.", name))
            continue
        sources[name] = Source(name, text)
        value, found = read_json(sources[name])
        faults += found
        if not found:
            values[name] = value
    catalogue, found = read_catalogue(values)
    objects = {name: value for name, value in values.items() if isinstance(value, dict)}
    return LoadedCatalogue(catalogue, (*faults, *found), sources, objects)


def write_text(path: Path, text: str) -> None:
    """Replace a file at once, so that no reader sees half of it."""
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=".", delete=False) as draft:
        draft.write(text)
    mode = path.stat().st_mode if path.exists() else 0o644
    os.chmod(draft.name, mode & 0o777)
    os.replace(draft.name, path)
