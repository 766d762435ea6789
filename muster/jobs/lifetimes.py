"""How long what an indexed resource runs is supported, on any day."""

from collections.abc import Mapping
from datetime import date

from muster.facts.catalogue import Catalogue
from muster.facts.lifecycle import lifecycle_facts
from muster.values.json import Json, JsonObject
from muster.values.listing import Lifetime
from muster.values.selection import PHASES


def lifetime(system: JsonObject, catalogue: Catalogue, as_of: date) -> Lifetime:
    """The lifetime of an index entry's `system`. What the finding said of entitlement counts, since it knows the
    licence."""
    facts = lifecycle_facts(catalogue, system, as_of=as_of)
    if system.get("entitled") is True and "extendedEndDate" in facts:
        facts["entitled"] = True
    product = _text(system, "product")
    if not product and system.get("machine") is False:
        return Lifetime("none", "No machine", "", "none")
    known = catalogue.products.get(product)
    phase = _text(facts, "phase")
    entitled = facts.get("entitled")
    return Lifetime(
        product=product or "unknown",
        title=known.title if known else product or "Unknown system",
        release=_text(system, "release") or _text(system, "cycle"),
        phase=phase if phase in PHASES else "unknown",
        support_end=_day(facts, "endOfSupportDate"),
        extended_end=_day(facts, "extendedEndDate"),
        programme=_text(facts, "extendedProgramme"),
        entitled=entitled if isinstance(entitled, bool) else None,
        successor=_text(facts, "successor"),
        source=_text(facts, "source"),
    )


def _text(facts: Mapping[str, Json], name: str) -> str:
    value = facts.get(name)
    return value if isinstance(value, str) else ""


def _day(facts: Mapping[str, Json], name: str) -> date | None:
    try:
        return date.fromisoformat(_text(facts, name))
    except ValueError:
        return None
