"""What comes in and what goes out, free of any web framework."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from muster.values.errors import BadInput


class Form(StrEnum):
    """What a page is given as; the ending of its path, none for HTML."""

    HTML = ""
    JSON = ".json"
    CSV = ".csv"


@dataclass(frozen=True, slots=True)
class Request:
    """A GET or HEAD. `path` is decoded and begins with a slash; `query` is as it came, not decoded."""

    path: str
    query: str = ""
    method: str = "GET"


@dataclass(frozen=True, slots=True)
class Response:
    """An answer. `headers` has the content type."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with one parameter."""

    parameter: str
    message: str


class BadQuery(BadInput):
    """A query that can't be understood; all of its faults."""

    reason = "badQuery"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{fault.parameter}: {fault.message}" for fault in faults))
        self.faults = tuple(faults)


class TooMuch(BadInput):
    """More than one answer may hold."""

    reason = "tooMuch"


class NotThere(BadInput):
    """There is no such page, or nothing that the viewer may see."""

    reason = "notFound"
