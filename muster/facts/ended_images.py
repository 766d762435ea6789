"""Which Marketplace images run a release whose support is over on a day, by their names alone.

A rule for images reads words; what comes out here are tests of publisher, offer and SKU that Azure Policy can make. A
test may miss images, and none that is known to be supported passes one. Names are taken to speak of one release: of a
name with two of them, or one that goes on with letters behind its number, the first counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from muster.facts.document import FactSources
from muster.facts.known_images import KnownImages
from muster.facts.name_test import NameTest
from muster.facts.release import Release
from muster.facts.rule_patterns import ImagePattern, RulePatterns


@dataclass(frozen=True, slots=True)
class Miss:
    """A known image that has ended and passes no test, and why."""

    image: str
    release: Release
    why: str


@dataclass(frozen=True, slots=True)
class EndedImages:
    """What has ended on `day`. `last_day` of it all: the last day on which the same would come out, None where no end
    is known that would change it."""

    day: date
    patterns: tuple[ImagePattern, ...]
    misses: tuple[Miss, ...]
    holds_until: date | None


def ended_images(sources: FactSources, day: date) -> EndedImages:
    """The images that have ended on a day."""
    images = KnownImages(sources, day)
    patterns = _patterns(images)
    known = [(text, row) for text, row in images.known() if row is not None]
    exact, missed = _by_name(known, patterns, images)
    return EndedImages(day, (*patterns, *exact), tuple(missed), _holds_until(sources, day))


def _patterns(images: KnownImages) -> list[ImagePattern]:
    """The tests of all rules that believe a publisher."""
    publishers = images.sources.rules.publishers
    by_rule = dict.fromkeys(rule for rules in publishers.values() for rule in rules)
    return [
        pattern
        for rule in by_rule
        for publisher, rules in publishers.items()
        if rule in rules
        for pattern in RulePatterns(images, rule, publisher).find()
    ]


def _by_name(
    known: Sequence[tuple[str, Release]], patterns: Sequence[ImagePattern], images: KnownImages
) -> tuple[list[ImagePattern], list[Miss]]:
    """Tests for the known images that no pattern fits, name by name, and those that can't be told by their names."""
    exact: dict[tuple[str, str, str], Release] = {}
    missed: list[Miss] = []
    for text, row in known:
        publisher, offer, sku = text.lower().split(":")[:3]
        if any(pattern.fits(publisher, offer, sku) for pattern in patterns):
            continue
        if images.ask(publisher, offer, sku)[0] is None:
            missed.append(Miss(text, row, "only its version says which release it is"))
        else:
            exact[publisher, offer, sku] = row
    return [
        ImagePattern((publisher,), NameTest((offer,)), NameTest((sku,)), (row,))
        for (publisher, offer, sku), row in exact.items()
    ], missed


def _holds_until(sources: FactSources, day: date) -> date | None:
    """The last day before another release that a publisher's images may have ends."""
    products = {rule.product.name for rules in sources.rules.publishers.values() for rule in rules}
    ends = (
        row.extended.end if row.extended else row.end_of_support
        for name in products
        if name in sources.catalogue.products
        for row in sources.catalogue.products[name].releases
    )
    return min((end for end in ends if end is not None and end >= day), default=None)
