"""What a proposed policy set would change, resource by resource, beside the one in use."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from muster.facts.document import FactSources
from muster.jobs.gather import gather
from muster.jobs.judge import known_document, related
from muster.jobs.look import seen
from muster.jobs.stored_document import StoredEvaluation, answered, stored_document
from muster.ports import AzureReader, PolicyJudge
from muster.report.impact import ResourceImpact, ResultChange
from muster.values.document import Document, RelatedQuery
from muster.values.finding import Reason, Result, Verdict
from muster.values.json import Json, JsonObject
from muster.values.needs import EVERYTHING
from muster.values.states import State

MAX_REASONS = 3
MAX_NEEDS = 5
MAX_TEXT = 400
"""Characters of one reason."""

_OF_IMAGES = ("muster.image/", "muster.lifecycle/", "microsoft.compute/image")


@dataclass(frozen=True, slots=True)
class Sides:
    """Two policy sets to hold beside each other, taken apart: what only the current or only the proposed one has, and
    what both have, which is judged once. Each set has its lifecycle data; where these differ nothing is in `shared`,
    as the same rule may conclude otherwise."""

    current: PolicyJudge
    proposed: PolicyJudge
    shared: PolicyJudge | None
    current_sources: FactSources
    proposed_sources: FactSources

    def judged(self, before: Document, after: Document) -> ResourceImpact:
        """The verdicts on a resource beside each other. The two documents differ in lifecycle data at most."""
        both = self.shared.evaluate(before, before.now).results if self.shared else ()
        old = self.current.evaluate(before, before.now).results
        new = self.proposed.evaluate(after, after.now).results
        return compared(after, Verdict((*both, *old)), Verdict((*both, *new)), (old, new))

    def queries(self, before: Document, after: Document) -> tuple[RelatedQuery, ...]:
        """Which related resources the verdicts depend on."""
        asked = [*self.current.related_queries(before), *self.proposed.related_queries(after)]
        asked += self.shared.related_queries(before) if self.shared else ()
        return tuple(dict.fromkeys(asked))


async def impact_on_body(body: JsonObject, sides: Sides, *, reader: AzureReader, now: datetime) -> ResourceImpact:
    """What becomes of a resource, given its REST JSON. `reader` answers for what the body refers to.

    Raises TransientFault where something could not be read just now.
    """
    sight = seen(body, now)
    gathered = await gather(body, EVERYTHING, reader)
    before = after = known_document(sight, gathered, sides.current_sources, now)
    if sides.proposed_sources is not sides.current_sources:
        after = known_document(sight, gathered, sides.proposed_sources, now)
    answers = await related(reader, sides.queries(before, after))
    return sides.judged(replace(before, related=answers), replace(after, related=answers))


def impact_on_stored(stored: StoredEvaluation, sides: Sides, now: datetime) -> ResourceImpact:
    """What becomes of a resource, given its stored finding. Both sets judge what was gathered then, by the day that is
    now, so that nothing but the policies (and the lifecycle data beside them) makes a difference.

    Raises KeyError, TypeError or ValueError where the finding is none.
    """
    before = after = stored_document(stored, sides.current_sources.catalogue, now)
    if sides.proposed_sources is not sides.current_sources:
        after = stored_document(stored, sides.proposed_sources.catalogue, now)
    queries = sides.queries(before, after)
    return sides.judged(answered(before, queries), answered(after, queries))


def compared(
    document: Document, before: Verdict, after: Verdict, results: tuple[Sequence[Result], Sequence[Result]]
) -> ResourceImpact:
    """Two verdicts on the same resource beside each other; `results` are those of both that may differ."""
    resource = document.resource
    identifier = _text(resource.get("id"))
    return ResourceImpact(
        id=identifier,
        name=_text(resource.get("name")) or identifier,
        type=_text(resource.get("type")),
        before=before.state,
        after=after.state,
        results=tuple(_changes(*results)),
        image=_image(document.image),
        last_day=_last_day(document.lifecycle),
        successor=_text(document.lifecycle.get("successor")),
    )


def _changes(before: Sequence[Result], after: Sequence[Result]) -> Iterator[ResultChange]:
    for old, new in _pairs(before, after):
        one = new or old
        assert one is not None
        states = (old.state if old else None, new.state if new else None)
        severities = (old.rule.severity.value if old else "", new.rule.severity.value if new else "")
        effects = (old.effect if old else "", new.effect if new else "")
        if old and new and states[0] is states[1] and severities[0] == severities[1] and effects[0] == effects[1]:
            continue
        yield ResultChange(
            definition=one.rule.definition_id,
            title=one.rule.display_name,
            assignment=one.rule.assignment_id,
            before=states[0],
            after=states[1],
            severities=severities,
            effects=effects,
            reasons=_reasons(old, new),
            needs=_needs(new) if new and new.state is State.UNKNOWN and states[0] is not State.UNKNOWN else (),
            about_image=new is not None and any(_about_image(reason) for reason in new.reasons),
        )


def _pairs(before: Sequence[Result], after: Sequence[Result]) -> Iterator[tuple[Result | None, Result | None]]:
    """Results that belong together: by their id, else, where an assignment or a reference was renamed, by what
    definition they are of."""
    old = {result.id: result for result in before}
    new = {result.id: result for result in after}
    gone: dict[str, list[Result]] = {}
    for result in before:
        if result.id not in new:
            gone.setdefault(result.rule.definition_id.lower(), []).append(result)
    for result in after:
        moved = gone.get(result.rule.definition_id.lower())
        if result.id in old:
            yield old[result.id], result
        else:
            yield moved.pop(0) if moved else None, result
    for left in gone.values():
        yield from ((result, None) for result in left)


def _reasons(old: Result | None, new: Result | None) -> tuple[str, ...]:
    """Why it is so now; where it is not bad any more, why it was."""
    quiet = (State.COMPLIANT, State.NOT_APPLICABLE, State.EXEMPT)
    told = new if new is not None and (new.state not in quiet or old is None) else old or new
    if told is None:
        return ()
    texts = [reason.text for reason in told.reasons[:MAX_REASONS]] or [told.message]
    return tuple(text if len(text) <= MAX_TEXT else f"{text[:MAX_TEXT]}..." for text in texts if text)


def _needs(new: Result) -> tuple[str, ...]:
    """What could not be had: the fields or paths whose value is unknown, else what the sentence says."""
    unknown = [reason for reason in new.reasons if reason.found_state == "unknown"]
    named = [reason.field or reason.path or reason.text for reason in unknown] or [new.message]
    return tuple(dict.fromkeys(text[:MAX_TEXT] for text in named if text))[:MAX_NEEDS]


def _about_image(reason: Reason) -> bool:
    field = reason.field.lower()
    return field.startswith(_OF_IMAGES) or ".imagereference" in field


def _image(image: Mapping[str, Json]) -> str:
    names = [_text(image.get(name)) for name in ("publisher", "offer", "sku")]
    if all(names):
        version = _text(image.get("exactVersion")) or _text(image.get("version"))
        return ":".join([*names, version] if version else names)
    return _text(image.get("id"))


def _last_day(lifecycle: Mapping[str, Json]) -> str:
    """The last day of all support there is to be had."""
    return _text(lifecycle.get("extendedEndDate" if "extendedEndDate" in lifecycle else "endOfSupportDate"))


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
