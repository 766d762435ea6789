"""Forecast what falls out of support, from documents: resources with their image and lifecycle facts."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from muster.facts.catalogue import Catalogue
from muster.facts.lifecycle import lifecycle_facts
from muster.report.forecast import Cause, Fate, Forecast, Line, in_order
from muster.values.document import Document
from muster.values.json import Json, JsonObject
from muster.values.resource_id import segments

MACHINES = frozenset(
    {
        "microsoft.compute/virtualmachines",
        "microsoft.compute/virtualmachinescalesets",
        "microsoft.compute/virtualmachinescalesets/virtualmachines",
    }
)
"""The types, lower-cased, that run an operating system. Images that nothing runs are left out."""


def forecast(
    documents: Iterable[Document], first: date, last: date, *, titles: Mapping[str, str], owner_tag: str = "owner"
) -> Forecast:
    """What falls out of support from `first` to `last`, both included.

    `titles` names products (`ubuntu` -> `Ubuntu`); `owner_tag` is the tag, in any case, that says whose a machine is.
    """
    lines: list[Line] = []
    machines = others = 0
    for document in documents:
        kind = document.resource.get("type")
        if not isinstance(kind, str) or kind.lower() not in MACHINES:
            others += 1
            continue
        machines += 1
        machine = _machine(document, titles, owner_tag)
        lines.append(_placed(_end_of_release(machine, document), first, last))
        lines += [_placed(line, first, last) for line in _other_ends(machine, document)]
    return Forecast(first, last, in_order(lines), machines, others)


def stored_documents(findings: Iterable[JsonObject], catalogue: Catalogue, as_of: date) -> Iterator[Document]:
    """Documents of finding documents, with the lifecycle that the catalogue gives their images by now.

    What the finding said of entitlement stays, since it knows the licence.
    """
    for finding in findings:
        resource, image, said = map(finding.get, ("resource", "image", "lifecycle"))
        if isinstance(resource, dict) and isinstance(image, dict) and isinstance(said, dict):
            lifecycle = lifecycle_facts(catalogue, image, as_of=as_of)
            if said.get("entitled") is True and "extendedEndDate" in lifecycle:
                lifecycle["entitled"] = True
            yield Document(resource, image, lifecycle)


def _machine(document: Document, titles: Mapping[str, str], owner_tag: str) -> Line:
    """A line without an end yet."""
    resource, image = document.resource, document.image
    identifier = _text(resource.get("id"))
    parts = segments(identifier)
    product, release = _text(image.get("product")), _text(image.get("release")) or _text(image.get("cycle"))
    return Line(
        fate=Fate.UNKNOWN,
        cause=Cause.RELEASE,
        resource=identifier,
        name=_text(resource.get("name")) or identifier,
        type=_text(resource.get("type")),
        subscription=parts.get("subscriptions", ""),
        resource_group=parts.get("resourcegroups", ""),
        owner=_owner(resource.get("tags"), owner_tag),
        product=product or "unknown",
        cycle=_text(image.get("cycle")),
        system=f"{titles.get(product, product)} {release}".strip() or "unknown",
        last_day=None,
        successor=_text(document.lifecycle.get("successor")),
    )


def _end_of_release(machine: Line, document: Document) -> Line:
    facts = document.lifecycle
    entitled = facts.get("entitled")
    line = replace(
        machine,
        programme=_text(facts.get("extendedProgramme")),
        extended_end=_day(facts.get("extendedEndDate")),
        entitled=entitled if isinstance(entitled, bool) else None,
    )
    if facts.get("basis") == "rolling":
        return replace(line, fate=Fate.ROLLING, why="a rolling release: the age of the image counts")
    end = _day(facts.get("endOfSupportDate"))
    if end is None and facts.get("phase") == "ended":
        return replace(line, fate=Fate.ENDED, why="support has ended; since when is not known")
    if end is None:
        return replace(line, why=_why_unknown(machine, document))
    if line.entitled and "extendedEndDate" in facts:
        if line.extended_end is None:
            return replace(line, why=f"{line.programme or 'extended support'} without a published end")
        return replace(line, last_day=line.extended_end, why=f"under {line.programme or 'extended support'}")
    why = ""
    if "extendedEndDate" in facts:
        until = f"until {line.extended_end}" if line.extended_end else "with an end that is not known"
        why = f"{line.programme or 'extended support'} {until}, if the machine is entitled"
    return replace(line, last_day=end, why=why)


def _why_unknown(machine: Line, document: Document) -> str:
    expectation = _text(document.lifecycle.get("expectation"))
    if machine.product == "unknown":
        return "not known what it runs"
    preview = "a preview; " if document.lifecycle.get("phase") == "preview" else ""
    return f"{preview}{expectation or 'no end is published'}"


def _other_ends(machine: Line, document: Document) -> Iterator[Line]:
    """Ends of the image itself, where they are known."""
    gallery = _day(document.image.get("galleryEndOfLifeDate"))
    if gallery is not None:
        yield replace(machine, cause=Cause.GALLERY, last_day=gallery, successor="", why="as the gallery's owner set it")
    deprecation = document.image.get("deprecation")
    day = _day(deprecation.get("date")) if isinstance(deprecation, dict) else None
    if isinstance(deprecation, dict) and day is not None:
        named = _text(deprecation.get("alternative"))
        why = "the Marketplace deprecates the image version"
        yield replace(machine, cause=Cause.DEPRECATION, last_day=day, successor=named, why=why)


def _placed(line: Line, first: date, last: date) -> Line:
    """The line with its fate in the time that was asked for."""
    if line.last_day is None:
        return line
    fate = Fate.ENDED if line.last_day < first else Fate.FALLS if line.last_day <= last else Fate.LATER
    return replace(line, fate=fate)


def _owner(tags: Json, owner_tag: str) -> str:
    if not isinstance(tags, dict):
        return ""
    wanted = owner_tag.lower()
    return next((value for name, value in tags.items() if name.lower() == wanted and isinstance(value, str)), "")


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _day(value: Json) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
