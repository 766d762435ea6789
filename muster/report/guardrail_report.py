"""What a guardrail stops: each release with its last day, its images' names and what to move to; and what it misses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from muster.facts.ended_images import EndedImages
from muster.facts.name_test import NameTest
from muster.facts.release import Channel, Release
from muster.facts.rule_patterns import ImagePattern
from muster.report.markdown import code, markdown, table
from muster.values.json import Json, JsonObject

COLUMNS = ("Release", "Last day", "Publishers", "Names", "Move to")
_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Stopped:
    """A release that is stopped. `names` are its images as publisher:offer:sku, with `*` and alternatives by `|`."""

    title: str
    release: Release
    last_day: date | None
    publishers: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def successor(self) -> str:
        return self.release.successor.image if self.release.successor else ""


def stopped_releases(ended: EndedImages, titles: Mapping[str, str]) -> tuple[Stopped, ...]:
    """Every release that is stopped, by product and the newest end first. `titles` names products."""
    found: dict[tuple[str, str], tuple[Release, list[ImagePattern]]] = {}
    for pattern in ended.patterns:
        for row in pattern.releases:
            found.setdefault((row.product, row.pointer), (row, []))[1].append(pattern)
    rows = [
        Stopped(
            _title(row, titles),
            row,
            row.extended.end if row.extended else row.end_of_support,
            tuple(dict.fromkeys(name for pattern in patterns for name in pattern.publishers)),
            tuple(dict.fromkeys(_name(pattern) for pattern in patterns)),
        )
        for row, patterns in found.values()
    ]
    return tuple(sorted(rows, key=lambda one: (one.title.lower(), one.release.channel)))


def guardrail_rows(stopped: tuple[Stopped, ...]) -> list[tuple[str, ...]]:
    """Rows of COLUMNS."""
    return [
        (
            one.title,
            _day(one.last_day),
            ", ".join(one.publishers),
            _few(one.names),
            one.successor or "none is named",
        )
        for one in stopped
    ]


def guardrail_json(ended: EndedImages, stopped: tuple[Stopped, ...], until: date | None) -> JsonObject:
    """Everything, for programs."""
    releases: list[Json] = [
        {
            "product": one.release.product,
            "cycle": one.release.cycle,
            "release": one.release.release,
            "channel": one.release.channel.value,
            "title": one.title,
            "lastDay": one.last_day.isoformat() if one.last_day else None,
            "successor": one.successor or None,
            "source": one.release.source,
            "names": [*one.names],
        }
        for one in stopped
    ]
    return {
        "endedOn": ended.day.isoformat(),
        "holdsUntil": until.isoformat() if until else None,
        "releases": releases,
        "missed": [{"image": one.image, "release": _cycle(one.release), "why": one.why} for one in ended.misses],
    }


def guardrail_markdown(ended: EndedImages, stopped: tuple[Stopped, ...], until: date | None) -> str:
    """A text to paste into a pull request."""
    lines = [f"### Images whose support is over on {ended.day}", "", guardrail_summary(ended, stopped, until), ""]
    rows = [
        (markdown(one.title), _day(one.last_day), code(_few(one.names)), code(one.successor) or "none is named")
        for one in stopped
    ]
    lines += table(("Release", "Last day", "Names", "Move to"), rows)
    if ended.misses:
        lines += ["", "Known images that it misses:", ""]
        lines += [f"- {code(one.image)} ({markdown(_cycle(one.release))}): {markdown(one.why)}" for one in ended.misses]
    return "\n".join([*lines, ""])


def guardrail_summary(ended: EndedImages, stopped: tuple[Stopped, ...], until: date | None) -> str:
    """How much it is, and how long it holds, in two sentences."""
    holds = f"It holds until {until}." if until else "No end is known that would change it."
    return f"{len(stopped)} releases are stopped, {len(ended.misses)} known images missed. {holds}"


def miss_lines(ended: EndedImages) -> list[str]:
    """A sentence for each known image that is missed."""
    return [f"missed: {one.image} ({_cycle(one.release)}): {one.why}" for one in ended.misses]


def _title(row: Release, titles: Mapping[str, str]) -> str:
    where = "" if row.channel is Channel.VM else f" ({row.channel.value})"
    name = row.label or f"{titles.get(row.product, row.product)} {row.release or row.cycle or ''}".strip()
    return f"{name}{where}"


def _cycle(row: Release) -> str:
    return f"{row.product} {row.release or row.cycle or ''}".strip()


def _name(pattern: ImagePattern) -> str:
    return f"{'|'.join(pattern.publishers)}:{_shown(pattern.offer)}:{_shown(pattern.sku)}"


def _shown(test: NameTest) -> str:
    texts = [*test.values, *(f"{one}*" for one in test.prefixes), *(f"*{one}*" for one in test.parts)]
    return "|".join(texts or ["*"]) + "".join(f"!{one}" for one in test.without)


def _few(names: tuple[str, ...]) -> str:
    more = len(names) - _SHOWN
    return "; ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _day(day: date | None) -> str:
    return day.isoformat() if day else "not published"
