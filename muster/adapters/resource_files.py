"""Resources in files: a REST body, a list of them, or what `az vm show` and `az vm list` print."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from muster.facts.rest_shape import resource_type, rest_shape
from muster.language.source import Source, read_json
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject

MAX_BYTES = 64 * 1024 * 1024
"""Of one file. A larger one is a fault, not read."""

_HINT = "A resource is an object with a `type`, or an `id` that has one; az vm show and az vm list print such."


@dataclass(frozen=True, slots=True)
class FiledResource:
    """A body in the REST API's form, with a `type`; `place` names it where it has no id: file and JSON pointer."""

    place: str
    body: JsonObject


@dataclass(frozen=True, slots=True)
class ResourceFiles:
    """What was found in files, in their order. `faults` are errors about files that were named, and warnings about
    files in folders that hold no resources; `sources` are the texts that they point into, by name."""

    resources: tuple[FiledResource, ...]
    faults: tuple[Diagnostic, ...]
    sources: Mapping[str, Source]


def read_resources(paths: Iterable[Path], piped: str | None = None) -> ResourceFiles:
    """Read files and all JSON files below folders. The path `-` stands for `piped`, the text of standard input."""
    resources: list[FiledResource] = []
    faults: list[Diagnostic] = []
    sources: dict[str, Source] = {}
    for path, level in _files(paths):
        try:
            text = _text(path, piped)
        except (OSError, ValueError) as error:
            faults.append(Diagnostic("unreadable", Level.ERROR, f"It can't be read: {error}.", str(path)))
            continue
        source = Source(str(path), text)
        value, found = read_json(source)
        if not found:
            read, found = _bodies(source, value, level)
            resources += read
        if found:
            sources[source.name] = source
            faults += found
    return ResourceFiles(tuple(resources), tuple(faults), sources)


def _files(paths: Iterable[Path]) -> Iterator[tuple[Path, Level]]:
    """Each file, and how bad it is if no resource is in it."""
    for path in paths:
        if path.is_dir():
            yield from ((below, Level.WARNING) for below in sorted(path.rglob("*.json")))
        else:
            yield path, Level.ERROR


def _text(path: Path, piped: str | None) -> str:
    if str(path) == "-" and piped is not None:
        return piped
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"larger than the {MAX_BYTES:,} bytes that are read")
    return path.read_text("utf-8-sig")


def _bodies(source: Source, value: Json, level: Level) -> tuple[list[FiledResource], list[Diagnostic]]:
    pointer, items = "", [value]
    if isinstance(value, dict) and isinstance(value.get("value"), list) and not resource_type(value):
        pointer, value = "/value", value["value"]
    if isinstance(value, list):
        items = value
    found: list[FiledResource] = []
    faults: list[Diagnostic] = []
    for index, item in enumerate(items):
        place = f"{pointer}/{index}" if isinstance(value, list) else pointer
        kind = resource_type(item) if isinstance(item, dict) else ""
        if isinstance(item, dict) and kind:
            body = rest_shape(item)
            found.append(FiledResource(f"{source.name}{place and '#'}{place}", {**body, "type": kind}))
        else:
            faults.append(
                Diagnostic("not-a-resource", level, "This is not a resource.", source.name, place, hint=_HINT)
            )
    return found, faults
