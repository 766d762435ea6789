"""JSON texts written by people: read with bounds, and located only when a message is shown.

`json.loads` makes the data; a JSON pointer names a place in it; the text is indexed once, on the first question
for a place.
"""

import json
import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property
from itertools import islice
from typing import NoReturn

from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, deeper_than

MAX_CHARACTERS = 16 * 1024 * 1024
MAX_DEPTH = 128
"""Azure Resource Manager's documented bound on the depth of an object at run time."""

MAX_VALUES = 1_000_000
"""Of a larger text the index of places alone would take a gigabyte. Azure's own files have some 20,000 a megabyte."""

MOST_FAULTS = 200
"""More faults of one file than a person reads are not told."""

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+"|[{}\[\],:]|[^\s{}\[\],:"]+', re.DOTALL)
_SURROGATE = re.compile("[\ud800-\udfff]")
_WRITTEN_SURROGATE = re.compile("\\\\u[dD][89a-fA-F]|[\ud800-\udfff]")
_PAIR = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_SPLIT = "Split the file: one definition a file."


class Source:
    """A JSON text with a name for messages (a path as the user gave it)."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text.removeprefix("\ufeff")

    @cached_property
    def _places(self) -> dict[str, tuple[int, int]]:
        """JSON pointer -> (offset of the member's name or of the value, offset of the value); last wins, as in json."""
        return {pointer: (key, value) for pointer, key, value in _members(self.text)}

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in re.finditer(r"\r\n|\r|\n", self.text))]

    def offset(self, pointer: str, *, in_key: bool = False) -> int:
        """Where a JSON pointer leads in the text; where it leads nowhere, the nearest ancestor that is there."""
        while pointer not in self._places and pointer:
            pointer = pointer.rpartition("/")[0]
        key, value = self._places.get(pointer, (0, 0))
        return key if in_key else value

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of a character offset, both counted from 1."""
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        """The text of a line counted from 1, without its end."""
        start = self._line_starts[number - 1]
        end = self._line_starts[number] if number < len(self._line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def place(self, diagnostic: Diagnostic) -> tuple[int, int]:
        """Line and column (from 1) of a diagnostic about this text."""
        if diagnostic.offset is not None:
            return self.position(min(diagnostic.offset, len(self.text)))
        offset = self.offset(diagnostic.pointer, in_key=diagnostic.in_key)
        if diagnostic.column_in_value is not None and self.text.startswith('"', offset):
            offset = _into_string(self.text, offset, diagnostic.column_in_value)
        return self.position(offset)


def read_json(source: Source, *, larger: int = 1) -> tuple[Json, list[Diagnostic]]:
    """The value of a JSON text and what is wrong with it. With any error among them the value is not to be used.

    Refused: malformed JSON, NaN and infinities, duplicate names, lone surrogates, more than MAX_CHARACTERS
    characters or MAX_VALUES values, deeper than MAX_DEPTH. Of duplicates and surrogates MOST_FAULTS each are told.
    `larger` multiplies both bounds, for texts that no person wrote.
    """
    text = source.text
    if len(text) > MAX_CHARACTERS * larger:
        message = f"{len(text):,} characters of JSON, more than the {MAX_CHARACTERS * larger:,} that are read."
        return None, [_fault(source, "too-large", message, 0, _SPLIT)]
    # Commas inside strings count too: a bound, not a count.
    if (values := sum(map(text.count, ",[{"))) > MAX_VALUES * larger:
        message = f"Some {values:,} values of JSON, more than the {MAX_VALUES * larger:,} that are read."
        return None, [_fault(source, "too-large", message, 0, _SPLIT)]
    repeated = False

    def members(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        nonlocal repeated
        found = dict(pairs)
        repeated = repeated or len(found) < len(pairs)
        return found

    def constant(name: str) -> NoReturn:
        raise _NotJson(name)

    try:
        value: Json = json.loads(
            text, object_pairs_hook=members, parse_constant=constant, parse_int=_integer, parse_float=_float
        )
    except json.JSONDecodeError as error:
        message, offset = _told(text, error)
        return None, [_fault(source, "invalid-json", f"Not JSON: {message}.", offset, _advice(text, offset))]
    except _NotJson as error:
        offset = _bare(text, str(error))
        message = f"{error} is no number that can be used."
        return None, [_fault(source, "invalid-json", message, offset, "Write a finite number or null.")]
    except (RecursionError, ValueError):
        return None, [_too_deep(source)]
    if deeper_than(value, MAX_DEPTH):
        return None, [_too_deep(source)]
    faults: list[Diagnostic] = []
    if repeated:
        faults += islice(_duplicates(source), MOST_FAULTS)
    faults += islice(_surrogates(source), MOST_FAULTS)
    return value, faults


def escape(name: str) -> str:
    """A member's name as a JSON pointer's segment (RFC 6901)."""
    return name.replace("~", "~0").replace("/", "~1")


class _NotJson(ValueError):
    pass


def _integer(digits: str) -> int:
    if len(digits) > 40:
        raise _NotJson(digits[:40])
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if number - number != 0:
        raise _NotJson(digits[:40])
    return number


def _fault(source: Source, rule: str, message: str, offset: int, hint: str = "") -> Diagnostic:
    return Diagnostic(rule, Level.ERROR, message, file=source.name, offset=offset, hint=hint)


def _told(text: str, error: json.JSONDecodeError) -> tuple[str, int]:
    """What json says and where, the same on every Python: 3.13 speaks of a trailing comma at the comma, earlier ones
    of what is missing at the bracket behind it."""
    if not error.msg.startswith("Illegal trailing comma"):
        return error.msg, error.pos
    bracket = len(text) - len(text[error.pos + 1 :].lstrip(" \t\r\n"))
    return ("Expecting value" if text[bracket] == "]" else "Expecting property name enclosed in double quotes"), bracket


def _advice(text: str, offset: int) -> str:
    if not text.strip():
        return "The file is empty."
    before = text[:offset].rstrip()
    if text.startswith(("]", "}"), offset) and before.endswith(","):
        return "Remove the comma before this bracket."
    if before.endswith((",", "{", "[")) and text.startswith(("/", "#"), offset):
        return "JSON has no comments: use a `metadata` member."
    if text.startswith("'", offset):
        return 'JSON strings stand in double quotes: "...".'
    return ""


def _bare(text: str, name: str) -> int:
    return next((match.start() for match in _TOKEN.finditer(text) if match.group().startswith(name)), 0)


def _too_deep(source: Source) -> Diagnostic:
    depth = 0
    for match in _TOKEN.finditer(source.text):
        depth += (match.group() in "{[") - (match.group() in "}]")
        if depth > MAX_DEPTH:
            message = f"Nested deeper than {MAX_DEPTH} levels, so nothing of this file is read."
            return _fault(source, "too-deep", message, match.start(), "Flatten it: allOf and anyOf take any number.")
    return _fault(source, "invalid-json", "Not JSON that can be read.", 0)


def _duplicates(source: Source) -> Iterator[Diagnostic]:
    """Names that stand twice in one object. Of two members of one name, what lies below shares its pointers, so an
    object is told by where it begins."""
    begins: dict[str, int] = {}
    seen: set[tuple[int, str]] = set()
    for pointer, key, value in _members(source.text):
        begins[pointer] = value
        if key == value:
            continue
        member = (begins[pointer.rpartition("/")[0]], pointer)
        if member in seen:
            name = json.loads(_TOKEN.match(source.text, key).group())  # type: ignore[union-attr]
            message = f"The name '{name[:60]}' stands twice in this object; which of the two counts is not defined."
            yield _fault(source, "duplicate-key", message, key, "Keep one of them.")
        seen.add(member)


def _surrogates(source: Source) -> Iterator[Diagnostic]:
    if not _WRITTEN_SURROGATE.search(source.text):
        return
    for match in _TOKEN.finditer(source.text):
        token = match.group()
        if token.startswith('"') and _SURROGATE.search(str(json.loads(token))):
            message = "Half of a surrogate pair, which is no character and can't be stored."
            yield _fault(source, "invalid-json", message, match.start(), "Write the character itself.")


def _members(text: str) -> Iterator[tuple[str, int, int]]:
    """Every value of a well-formed JSON text: its pointer, the offset of its name (or its own), its own offset."""
    path: list[str] = []
    counters: list[int | None] = []
    key_offset: int | None = None
    expecting_key = False
    for match in _TOKEN.finditer(text):
        token, offset = match.group(), match.start()
        if token in (",", ":"):
            expecting_key = token == "," and bool(counters) and counters[-1] is None
            continue
        if token in ("}", "]"):
            counters.pop()
            if path:
                path.pop()
            expecting_key = False
            continue
        if expecting_key:
            path.append("/" + escape(json.loads(token)))
            key_offset, expecting_key = offset, False
            continue
        if counters and (counter := counters[-1]) is not None:
            path.append(f"/{counter}")
            counters[-1] = counter + 1
        yield "".join(path), offset if key_offset is None else key_offset, offset
        key_offset = None
        if token == "{":
            counters.append(None)
            expecting_key = True
        elif token == "[":
            counters.append(0)
        elif path:
            path.pop()


def _into_string(text: str, offset: int, column: int) -> int:
    """The offset of a decoded character inside a JSON string that starts at `offset`."""
    at = offset + 1
    for _ in range(column):
        if _PAIR.match(text, at):
            at += 12
        elif text.startswith("\\u", at):
            at += 6
        elif text.startswith("\\", at):
            at += 2
        elif text.startswith('"', at):
            break
        else:
            at += 1
    return at
