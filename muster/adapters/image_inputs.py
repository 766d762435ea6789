"""What a command line asks about: names of images, and bodies in files or piped in, in their order."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from muster.adapters.json_files import MAX_BYTES
from muster.language.source import Source, read_json
from muster.values.diagnostic import Diagnostic, Level
from muster.values.errors import BadInput
from muster.values.json import Json, JsonObject

MAX_LINE = 1024 * 1024
"""Characters of a piped line that are kept; what is behind them is dropped. No name of an image is nearly as long."""


@dataclass(frozen=True, slots=True)
class ImageInput:
    """One question. `name` is what was written, or the file of a body with its JSON pointer; `body` is None for a
    name."""

    name: str
    body: JsonObject | None = None


class UnreadableInput(BadInput):
    """A file, or what was piped in, begins like JSON and can't be read. `source` is its text."""

    reason = "unreadableInput"

    def __init__(self, faults: Sequence[Diagnostic], source: Source) -> None:
        super().__init__(faults[0].message)
        self.faults = tuple(faults)
        self.source = source


def read_inputs(arguments: Sequence[str], piped: TextIO) -> Iterator[ImageInput]:
    """The questions of a command line. An argument that is a file is read, `-` stands for `piped`: JSON (a body, a list
    of them, or one on each line) or names, one a line. Everything else is a name.

    Raises UnreadableInput where a file can't be read or its JSON is faulty.
    """
    for argument in arguments:
        if argument == "-":
            yield from _piped(piped)
        elif os.path.isfile(argument):
            yield from _of_file(Path(argument))
        else:
            yield ImageInput(argument)


def _piped(stream: TextIO) -> Iterator[ImageInput]:
    for number, line in enumerate(_lines(stream)):
        if number == 0 and _is_json(line):
            yield from _of_text("-", f"{line}\n{stream.read(MAX_BYTES)}")
            return
        yield ImageInput(line)


def _lines(stream: TextIO) -> Iterator[str]:
    while line := stream.readline(MAX_LINE):
        rest = line
        while not rest.endswith("\n") and (rest := stream.readline(MAX_LINE)):
            pass
        yield line.rstrip("\r\n")


def _of_file(path: Path) -> Iterator[ImageInput]:
    name = str(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(f"larger than the {MAX_BYTES:,} bytes that are read")
        text = path.read_text("utf-8-sig")
    except (OSError, ValueError) as error:
        fault = Diagnostic("unreadable", Level.ERROR, f"It can't be read: {error}.", name)
        raise UnreadableInput([fault], Source(name, "")) from error
    if _is_json(text):
        yield from _of_text(name, text)
    else:
        yield from map(ImageInput, text.splitlines())


def _is_json(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith(("{", "["))


def _of_text(name: str, text: str) -> Iterator[ImageInput]:
    source = Source(name, text)
    value, faults = read_json(source)
    if not faults:
        yield from _bodies(name, value)
        return
    inputs = []
    for number, line in enumerate(text.splitlines(), start=1):
        found, line_faults = read_json(Source(name, line)) if line.strip() else (None, [])
        if line_faults or not isinstance(found, dict | None):
            raise UnreadableInput(faults, source)
        if found is not None:
            inputs.append(ImageInput(f"{name}:{number}", found))
    yield from inputs


def _bodies(name: str, value: Json) -> Iterator[ImageInput]:
    pointer = ""
    if isinstance(value, dict) and isinstance(value.get("value"), list):
        pointer, value = "/value", value["value"]
    if isinstance(value, list):
        for index, item in enumerate(value):
            place = f"{name}#{pointer}/{index}"
            yield ImageInput(place, item if isinstance(item, dict) else {})
    elif isinstance(value, dict):
        yield ImageInput(name, value)
