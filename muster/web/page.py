"""What all pages have in common: what they are built from and what they come to."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from muster.jobs.resource_story import Story
from muster.values.json import Json, JsonObject
from muster.values.listing import Lifetime
from muster.values.selection import Selection
from muster.web.access import Viewer
from muster.web.finding_index import FindingIndex
from muster.web.query import Parameters


@dataclass(frozen=True, slots=True)
class Sources:
    """What a page is built from. `current_at` is when the index was last found to be as the findings are; `story` is
    there for the page of a resource."""

    index: FindingIndex
    viewer: Viewer
    now: datetime
    current_at: datetime
    complete: bool
    lifetimes: Callable[[JsonObject, date], Lifetime]
    story: Story | None = None

    @property
    def today(self) -> date:
        """The day (UTC)."""
        return self.now.date()


@dataclass(frozen=True, slots=True)
class View:
    """A page, built: what the template shows, what the JSON twin has, and the CSV's columns and rows."""

    shown: Mapping[str, object]
    data: JsonObject
    columns: tuple[str, ...]
    rows: Iterable[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page. `path` is its address without ending; `size` how many rows it has if the query does not say."""

    name: str
    path: str
    title: str
    summary: str
    parameters: Parameters
    build: Callable[[Sources, Selection, Mapping[str, str]], View]
    size: int = 50
    required: tuple[str, ...] = field(default=())


def texts(values: Iterable[object]) -> list[Json]:
    """Values as JSON strings."""
    return [str(value) for value in values]
