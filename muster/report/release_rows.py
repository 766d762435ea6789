"""A product of the catalogue as people and programs read it: its releases on a day, and what they ship with."""

from collections.abc import Iterable
from datetime import date

from muster.facts.catalogue import Catalogue
from muster.facts.lifecycle import lifecycle_facts
from muster.facts.release import Product, Release, Trait
from muster.values.json import Json, JsonObject

RELEASE_COLUMNS = ("Release", "Channel", "Phase", "End of support", "Left", "Extended support", "Move to")
TRAIT_COLUMNS = ("Trait", "Value", "Of", "Source")


def product_json(catalogue: Catalogue, product: Product, as_of: date) -> JsonObject:
    """Everything of a product; each release with its lifecycle on a day."""
    return {
        "product": product.name,
        "title": product.title,
        "refreshed": product.refreshed.isoformat(),
        "asOf": as_of.isoformat(),
        "releases": [_release_json(catalogue, row, as_of) for row in product.releases],
        "programmes": [
            {
                "name": programme.name,
                "title": programme.title,
                "included": programme.included,
                "source": programme.source,
                "seen": programme.seen.isoformat(),
            }
            for programme in product.programmes
        ],
        "traits": [_trait_json(trait) for trait in product.traits],
    }


def _facts(catalogue: Catalogue, row: Release, as_of: date) -> JsonObject:
    image: JsonObject = {
        "product": row.product,
        "cycle": row.cycle,
        "release": row.release,
        "channel": row.channel.value,
    }
    return lifecycle_facts(catalogue, image, as_of=as_of)


def _release_json(catalogue: Catalogue, row: Release, as_of: date) -> JsonObject:
    said: JsonObject = {
        "cycle": row.cycle,
        "release": row.release,
        "channel": row.channel.value,
        "codename": row.codename or None,
        "label": row.label or None,
        "status": row.status.value if row.status else None,
        "releaseDate": row.release_date.isoformat() if row.release_date else None,
        "seen": row.seen.isoformat(),
        "byHand": [*sorted(row.by_hand)],
        "note": row.note or None,
    }
    return {**said, "lifecycle": _facts(catalogue, row, as_of)}


def _trait_json(trait: Trait) -> JsonObject:
    return {
        "trait": trait.name,
        "value": trait.value,
        "cycles": [*sorted(trait.cycles)],
        "variants": [*sorted(trait.variants)],
        "channel": trait.channel.value if trait.channel else None,
        "source": trait.source,
        "seen": trait.seen.isoformat(),
    }


def release_rows(catalogue: Catalogue, product: Product, as_of: date) -> Iterable[tuple[str, ...]]:
    """A row a release, in RELEASE_COLUMNS."""
    for row in product.releases:
        facts = _facts(catalogue, row, as_of)
        left = facts.get("daysToExtendedEnd" if facts["phase"] == "extended" else "daysToEndOfSupport")
        yield (
            row.release or row.cycle or "(all)",
            row.channel.value,
            str(facts["phase"] or "unknown"),
            _end(facts),
            f"{left:,} d" if isinstance(left, int) and facts["phase"] != "ended" else "",
            _extended(facts),
            str(facts.get("successor", "")),
        )


def _end(facts: JsonObject) -> str:
    if "endOfSupportDate" not in facts:
        return "none, rolling"
    return str(facts["endOfSupportDate"] or facts.get("expectation") or "not published")


def _extended(facts: JsonObject) -> str:
    if "extendedEndDate" not in facts:
        return ""
    programme, end = facts["extendedProgramme"], facts["extendedEndDate"]
    return f"{programme or 'unknown'} until {end or 'unknown'}" if programme or end else "unknown"


def trait_rows(product: Product) -> Iterable[tuple[str, ...]]:
    """A row a trait, in TRAIT_COLUMNS."""
    for trait in product.traits:
        of = [*sorted(trait.cycles), *sorted(trait.variants), *([trait.channel.value] if trait.channel else [])]
        value: Json = trait.value
        shown = ("no", "yes")[value] if isinstance(value, bool) else str(value)
        yield trait.name, shown, ", ".join(of) or "all", f"{trait.source} ({trait.seen})"
