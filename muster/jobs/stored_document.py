"""The document that a stored evaluation was judged by, as far as it was kept."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime

from muster.facts.catalogue import Catalogue
from muster.facts.lifecycle import lifecycle_facts
from muster.jobs.look import EVERYTHING
from muster.report.redaction import REDACTED, SECRET_MEMBERS
from muster.values.answers import FoundMany, ListAnswer, NotRead
from muster.values.document import Document, RelatedQuery
from muster.values.json import Json, JsonObject, as_list, as_object, as_text
from muster.values.name_pattern import named

_KEPT = frozenset({"location", "tags"})
"""What a finding keeps of the resource itself."""

_MAX_DEPTH = 128


@dataclass(frozen=True, slots=True)
class StoredEvaluation:
    """The newest finding of a resource, and the record of its history with what was evaluated; None where that is
    missing."""

    finding: JsonObject
    record: JsonObject | None


def stored_document(stored: StoredEvaluation, catalogue: Catalogue, now: datetime) -> Document:
    """The document, with the lifecycle that the catalogue gives its image by now.

    What rules then did not ask for was not gathered, and is unknown: related resources, facts of the network, what the
    image's publisher says. Secrets were not kept, and are unknown too. Raises KeyError, TypeError or ValueError where
    the finding is none.
    """
    finding = stored.finding
    evaluated = as_object(stored.record.get("evaluated", {})) if stored.record else {}
    kept = evaluated.get("resource")
    unavailable = {as_text(path) for path in as_list(finding["unavailable"])}
    if isinstance(kept, dict) and kept:
        body = kept
        unavailable |= set(_redacted(body))
    else:
        body = {name: value for name, value in as_object(finding["resource"]).items() if name in _OWN}
        unavailable |= EVERYTHING - _KEPT
    image = {**as_object(finding["image"])}
    return Document(
        body,
        _aged(image, now.date()),
        _lifecycle(finding, image, catalogue, now.date()),
        frozenset(unavailable),
        related=dict(_related(evaluated, now)),
        network=as_object(finding.get("network", {})),
        now=now,
    )


_OWN = frozenset({"id", "name", "type", *_KEPT})


def answered(document: Document, queries: Iterable[RelatedQuery]) -> Document:
    """The document with answers to queries that follow from what is known: a name among all that was listed."""
    known = document.related
    found = {
        query: named(known[whole], query.name)
        for query in queries
        if query not in known and query.name is not None and (whole := replace(query, name=None)) in known
    }
    return replace(document, related={**known, **found}) if found else document


def _lifecycle(finding: JsonObject, image: Mapping[str, Json], catalogue: Catalogue, day: date) -> dict[str, Json]:
    """What was said of entitlement stays, since it knew the licence. A resource without an image has none."""
    said = as_object(finding["lifecycle"])
    if not image:
        return {}
    facts = lifecycle_facts(catalogue, image, as_of=day)
    if said.get("entitled") is True and "extendedEndDate" in facts:
        facts |= {"entitled": True, "entitlementShown": True}
    return facts


def _aged(image: JsonObject, day: date) -> JsonObject:
    published = image.get("publishedDate")
    if isinstance(published, str):
        image["ageInDays"] = max((day - date.fromisoformat(published)).days, 0)
    return image


def _related(evaluated: JsonObject, observed_at: datetime) -> Iterator[tuple[RelatedQuery, ListAnswer]]:
    for one in map(as_object, as_list(evaluated.get("related", []))):
        name = one["name"]
        query = RelatedQuery(as_text(one["type"]), as_text(one["scope"]), None if name is None else as_text(name))
        if "found" in one:
            bodies = tuple(map(as_object, as_list(one["found"])))
            if any(any(_redacted(body)) for body in bodies):
                # Which of their values are not the real ones can't be told to a rule, so nothing is.
                yield query, NotRead("it has secrets, which are not kept")
            else:
                yield query, FoundMany(bodies, observed_at)
        else:
            yield query, NotRead(as_text(one.get("unread", "it was not read")))


def _redacted(value: Json, path: str = "", depth: int = 0) -> Iterator[str]:
    """The paths of secrets that were not kept, as Document has them."""
    if depth > _MAX_DEPTH:
        return
    if isinstance(value, dict):
        for name, child in value.items():
            below = f"{path}.{name.lower()}" if path else name.lower()
            if child == REDACTED and name.lower() in SECRET_MEMBERS:
                yield below
            else:
                yield from _redacted(child, below, depth + 1)
    elif isinstance(value, list):
        for child in value:
            yield from _redacted(child, f"{path}[*]", depth + 1)
