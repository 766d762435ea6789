"""Resources in files: a REST body, a list of them, or what `az vm show` and `az vm list` print."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from muster.adapters.json_files import read_json_files
from muster.facts.rest_shape import resource_type, rest_shape
from muster.language.source import Source, read_json
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject

STANDARD_INPUT = Path("-")

_HINT = "A resource is an object with a `type`, or with an `id` that has one; az vm show and az vm list print such."


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


def read_resources(paths: Sequence[Path], piped: str = "") -> ResourceFiles:
    """Read files and all JSON files below folders. The path `-` stands for `piped`, the text of standard input."""
    texts, faults = read_json_files(path for path in paths if path != STANDARD_INPUT)
    if STANDARD_INPUT in paths:
        texts[str(STANDARD_INPUT)] = piped
    named = {str(path) for path in paths}
    resources: list[FiledResource] = []
    sources: dict[str, Source] = {}
    for name, text in texts.items():
        source = Source(name, text)
        value, found = read_json(source)
        if not found:
            read, found = _bodies(name, value, Level.ERROR if name in named else Level.WARNING)
            resources += read
        if found:
            sources[name] = source
            faults += found
    return ResourceFiles(tuple(resources), tuple(faults), sources)


def _bodies(name: str, value: Json, level: Level) -> tuple[list[FiledResource], list[Diagnostic]]:
    pointer = ""
    if isinstance(value, dict) and isinstance(value.get("value"), list) and not resource_type(value):
        pointer, value = "/value", value["value"]
    items = [(f"{pointer}/{index}", item) for index, item in enumerate(value)] if isinstance(value, list) else None
    resources: list[FiledResource] = []
    faults: list[Diagnostic] = []
    for place, item in [("", value)] if items is None else items:
        kind = resource_type(item) if isinstance(item, dict) else ""
        if isinstance(item, dict) and kind:
            resources.append(FiledResource(f"{name}{place and '#'}{place}", {**rest_shape(item), "type": kind}))
        else:
            faults.append(Diagnostic("not-a-resource", level, "This is not a resource.", name, place, _HINT))
    return resources, faults
