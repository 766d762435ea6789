"""The event subscriptions: does Azure send what muster handles, whereto, and what becomes of what can't be delivered.

Source: learn.microsoft.com/rest/api/eventgrid/controlplane/system-topic-event-subscriptions/get and
learn.microsoft.com/azure/event-grid/event-filtering.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from muster.facts.event import CHANGES, NOTIFICATIONS, OPERATIONS, WATCHED_TYPES
from muster.jobs.doctor.azure import watched
from muster.jobs.doctor.installation import AzureProbe, Came, Installation, StorageProbe
from muster.values.answers import Forbidden, FoundMany, NotRead
from muster.values.checkup import Checked, Outcome
from muster.values.json import Json, JsonObject
from muster.values.request import Cause

SUBSCRIPTION = "event-subscription"

QUEUE, FUNCTION, DEAD_LETTERS = "muster-events", "on_vm_written", "deadletters"
"""Where events go, and where those go that can't be delivered (muster/adapters/dead_letters.py looks there)."""

_TOPICS = ("microsoft.resources.subscriptions", "microsoft.resourcenotifications.resources")
_MATCH: Mapping[str, Callable[[str, str], bool]] = {
    "stringin": lambda value, wanted: value == wanted,
    "stringbeginswith": lambda value, wanted: value.startswith(wanted),
    "stringendswith": lambda value, wanted: value.endswith(wanted),
    "stringcontains": lambda value, wanted: wanted in value,
}
_OPERATION, _TYPE = "data.operationname", "data.resourceinfo.type"
_MEND = "See docs/install.md, or deploy infra/ again."


@dataclass(frozen=True, slots=True)
class _Sample:
    """An event that muster handles. `needed`: without it something is missed that only the sweep finds."""

    kind: str
    key: str
    value: str
    needed: bool


async def event_subscription(installation: Installation) -> list[Checked]:
    """Whether the events of each watched subscription are sent to muster, whole and with a place for dead letters."""
    azure = installation.azure
    if azure is None:
        return [
            Checked(SUBSCRIPTION, Outcome.UNKNOWN, "What is read of Azure can't be told.", "Set the settings right.")
        ]
    found: list[Checked] = []
    for name in await watched(installation, azure):
        found += await _of(name, azure, installation.storage)
    return found or [Checked(SUBSCRIPTION, Outcome.UNKNOWN, "No subscription is there to look in.")]


async def _of(subscription: str, azure: AzureProbe, storage: StorageProbe | None) -> list[Checked]:
    """What is to be said of one subscription."""
    topics = await azure.topics(subscription)
    if azure.loopback and isinstance(topics, NotRead):
        said = "A server of this machine stands for Azure; it sends no events, muster send does."
        return [Checked(SUBSCRIPTION, Outcome.OK, said, "", subscription)]
    if not isinstance(topics, FoundMany):
        return [_not_seen(topics, subscription)]
    here = [topic for topic in topics.bodies if _text(_properties(topic), "topicType").lower() in _TOPICS]
    bodies: list[JsonObject] = []
    hindered: Forbidden | NotRead | None = None
    for source in (*(str(topic.get("id")) for topic in here), f"/subscriptions/{subscription}"):
        answer = await azure.event_subscriptions(source)
        if isinstance(answer, FoundMany):
            bodies += answer.bodies
        else:
            hindered = hindered or answer
    own = [body for body in bodies if _is_own(body)]
    if own:
        return [*(one for body in own for one in judged(body)), *await _queue_of(own, storage)]
    if hindered is not None:
        return [_not_seen(hindered, subscription)]
    others = sorted({_destination(body) for body in bodies})
    said = "No event subscription delivers to muster: only the daily sweep finds what is deployed."
    said += f" There are others, which deliver to {', '.join(others[:5])}." if others else ""
    remedy = f"Have one deliver to the queue {QUEUE} or to the function {FUNCTION}. {_MEND}"
    return [Checked(SUBSCRIPTION, Outcome.FAULT, said, remedy, subscription)]


async def _queue_of(own: list[JsonObject], storage: StorageProbe | None) -> list[Checked]:
    """Event Grid does not make the queue that it delivers to."""
    if storage is None or not any(_destination(body) == f"the queue {QUEUE}" for body in own):
        return []
    tried = await storage.queue(QUEUE, ("read",))
    if all(one.came is not Came.MISSING for one in tried):
        return []
    said = "The queue that it delivers to is not there, and Event Grid does not make it."
    remedy = f"Make the queue {QUEUE} in the account of the Functions host. {_MEND}"
    return [Checked(SUBSCRIPTION, Outcome.FAULT, said, remedy, QUEUE)]


def judged(body: JsonObject) -> list[Checked]:
    """What is wrong with an event subscription's REST JSON that delivers to muster."""
    name = str(body.get("id") or body.get("name") or "")
    found = [Checked(SUBSCRIPTION, outcome, said, remedy, name) for outcome, said, remedy in _faults(body)]
    return found or [
        Checked(SUBSCRIPTION, Outcome.OK, f"It sends what muster handles to {_destination(body)}.", "", name)
    ]


def _faults(body: JsonObject) -> Iterator[tuple[Outcome, str, str]]:
    properties = _properties(body)
    state = _text(properties, "provisioningState")
    if state and state != "Succeeded":
        yield Outcome.FAULT, f"Its provisioningState is {state}.", _MEND
    filtered = _object(properties, "filter")
    kinds = [kind.lower() for kind in _texts(filtered.get("includedEventTypes"))]
    samples = _NOTIFIED if set(kinds) & set(NOTIFICATIONS) else _CHANGED
    for needed, outcome in ((True, Outcome.FAULT), (False, Outcome.WARNING)):
        wanted = sorted({one.kind for one in samples if one.needed is needed})
        absent = [kind for kind in wanted if kinds and kind not in kinds]
        if absent:
            yield outcome, f"Its filter leaves out events of type {', '.join(absent)}.", f"Add them. {_MEND}"
    yield from _advanced(filtered.get("advancedFilters"), [one for one in samples if one.needed])
    subject = _text(filtered, "subjectBeginsWith") or _text(filtered, "subjectEndsWith")
    if subject:
        said = f"Its filter on the subject ({subject[:200]}) leaves out the events of other resources."
        yield Outcome.WARNING, said, "Remove it, if that is not meant."
    yield from _dead_letters(properties)


def _advanced(filters: Json, samples: list[_Sample]) -> Iterator[tuple[Outcome, str, str]]:
    narrowed = False
    for one in filters if isinstance(filters, list) else []:
        if not isinstance(one, dict):
            continue
        key, match = _text(one, "key").lower(), _MATCH.get(_text(one, "operatorType").lower())
        values = [value.lower() for value in _texts(one.get("values"))]
        if match is None or key not in (_OPERATION, _TYPE):
            said = f"What its filter {_text(one, 'operatorType')} on {_text(one, 'key')} leaves out can't be told."
            yield Outcome.WARNING, said, "See that it lets through every write and deletion of a machine."
            continue
        narrowed = True
        kept_out = [s.value for s in samples if s.key == key and not any(match(s.value, v) for v in values)]
        if kept_out:
            said = f"Its filter on {_text(one, 'key')} leaves out {', '.join(sorted(set(kept_out)))}."
            yield Outcome.FAULT, said, f"Add them to its values. {_MEND}"
    if not narrowed:
        said = "It has no filter on the operation: every write in the subscription is sent, and paid for."
        yield Outcome.WARNING, said, f"Filter on data.operationName. {_MEND}"


def _dead_letters(properties: JsonObject) -> Iterator[tuple[Outcome, str, str]]:
    with_identity = _object(properties, "deadLetterWithResourceIdentity")
    destination = _object(with_identity, "deadLetterDestination") or _object(properties, "deadLetterDestination")
    container = _text(_object(destination, "properties"), "blobContainerName")
    if not destination:
        said = "It has no place for dead letters: an event that can't be delivered for a day is lost."
        yield Outcome.FAULT, said, f"Send them to the container {DEAD_LETTERS}. {_MEND}"
    elif container.lower() != DEAD_LETTERS:
        said = f"Its dead letters go to the container {container}, where muster deadletters does not look."
        yield Outcome.WARNING, said, f"Send them to the container {DEAD_LETTERS}."


def _is_own(body: JsonObject) -> bool:
    destination = _destination_of(body)
    held = _object(destination, "properties")
    if _text(destination, "endpointType").lower() == "storagequeue":
        return _text(held, "queueName").lower() == QUEUE
    return _text(held, "resourceId").lower().endswith(f"/functions/{FUNCTION}")


def _destination(body: JsonObject) -> str:
    destination = _destination_of(body)
    held = _object(destination, "properties")
    if _text(destination, "endpointType").lower() == "storagequeue":
        return f"the queue {_text(held, 'queueName')[:80]}"
    last = _text(held, "resourceId").rpartition("/")[2] or _text(held, "endpointBaseUrl").partition("?")[0]
    return f"{_text(destination, 'endpointType') or 'nowhere'} {last[:80]}".rstrip()


def _destination_of(body: JsonObject) -> JsonObject:
    properties = _properties(body)
    return _object(_object(properties, "deliveryWithResourceIdentity"), "destination") or _object(
        properties, "destination"
    )


def _not_seen(answer: Forbidden | NotRead, subscription: str) -> Checked:
    if isinstance(answer, Forbidden):
        said = f"The permission {answer.permission} is missing, so that event subscriptions can't be looked at."
        remedy = "The app itself does not need it: run this as somebody who has the role Reader on the subscription."
        return Checked(SUBSCRIPTION, Outcome.UNKNOWN, said, remedy, subscription)
    return Checked(SUBSCRIPTION, Outcome.UNKNOWN, f"{answer.why}.", "", subscription)


def _samples(kinds: Mapping[str, Cause]) -> list[_Sample]:
    found = []
    for kind, cause in kinds.items():
        needed = cause is not Cause.WRITE_FAILED
        if kinds is CHANGES:
            found += [_Sample(kind, _OPERATION, operation, needed) for operation in OPERATIONS[cause]]
        else:
            found += [_Sample(kind, _TYPE, name, needed) for name in sorted(WATCHED_TYPES)]
    return found


_CHANGED, _NOTIFIED = _samples(CHANGES), _samples(NOTIFICATIONS)


def _properties(body: JsonObject) -> JsonObject:
    return _object(body, "properties")


def _object(holder: JsonObject, name: str) -> JsonObject:
    found = holder.get(name)
    return found if isinstance(found, dict) else {}


def _text(holder: JsonObject, name: str) -> str:
    found = holder.get(name)
    return found if isinstance(found, str) else ""


def _texts(value: Json) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
