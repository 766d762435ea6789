"""What the app does: is it at work, do events come, is the sweep in time, what was given up."""

from collections import Counter
from datetime import datetime, timedelta

from muster.jobs.doctor.installation import Installation, StorageProbe
from muster.jobs.doctor.storage import APP_QUEUES
from muster.jobs.sweep import CHECKPOINT, EVERY, GIVE_UP, LAST_COVERAGE
from muster.values.checkup import Checked, Outcome
from muster.values.instant import format_instant, parse_instant
from muster.values.json import Json, JsonObject

INDEX, FINDINGS, SWEEP, EVENTS, QUEUES, GIVEN_UP = (
    "index-current",
    "last-finding",
    "last-sweep",
    "events-arrive",
    "queues-taken",
    "given-up",
)

SWEEPS, UNPROCESSED, DEAD_LETTERS, POISON = "sweeps", "unprocessed", "deadletters", "-poison"
INDEX_LATE = timedelta(minutes=10)
QUEUES_LATE = {"muster-events": timedelta(minutes=15), "muster-sweeps": GIVE_UP}
"""How long the first message of a queue may wait. Those of muster-evaluations are put there to wait."""
SWEEP_LATE = 2 * EVERY
STUCK = GIVE_UP + timedelta(hours=1)
MOST_COUNTED = 5000

_OWN_FAULTS = frozenset({"attemptsSpent", "internalError", "notificationRefused"})
"""Reasons below unprocessed/ that say that muster did not do its work; the others are about what came."""

_REPLAY = "muster deadletters list says why; muster deadletters replay asks for them again."
_APP = "See that the function app runs and what it logs."


async def index_current(installation: Installation) -> list[Checked]:
    """Whether the index of findings follows: its timer runs every 15 seconds, so that it tells of the app itself."""
    storage = installation.storage
    if storage is None:
        return [_unknown(INDEX)]
    at = await storage.index_current()
    if at is None:
        said = "There is no index of findings: no app that checks ever ran on this storage."
        return [Checked(INDEX, Outcome.WARNING, said, f"Start the app. {_APP}")]
    if installation.now - at > INDEX_LATE:
        ago = _ago(installation.now, at)
        said = f"The index of findings was last brought up to date {ago}: the app's timers do not run."
        return [Checked(INDEX, Outcome.FAULT, said, _APP)]
    return [Checked(INDEX, Outcome.OK, f"Brought up to date {_ago(installation.now, at)}.")]


async def last_finding(installation: Installation) -> list[Checked]:
    """When a resource was last checked. The sweep confirms every finding once a day."""
    storage = installation.storage
    if storage is None:
        return [_unknown(FINDINGS)]
    newest = await storage.newest()
    if newest.checked_at is None:
        said = "There is no finding yet."
        remedy = "Deploy a machine, or wait for the first sweep; then see event-subscription and last-sweep."
        return [Checked(FINDINGS, Outcome.WARNING, said, remedy)]
    count = f"{newest.count:,} findings" if newest.whole else f"more than {newest.count:,} findings"
    ago = _ago(installation.now, newest.checked_at)
    if installation.now - newest.checked_at > SWEEP_LATE and newest.whole:
        said = f"Of {count} the newest was checked {ago}."
        return [Checked(FINDINGS, Outcome.FAULT, said, f"See last-sweep and queues-taken. {_APP}")]
    return [Checked(FINDINGS, Outcome.OK, f"{count}, the newest checked {ago}.")]


async def last_sweep(installation: Installation) -> list[Checked]:
    """Whether the sweep ended within two days, and covered everything."""
    if installation.storage is None:
        return [_unknown(SWEEP)]
    documents = installation.storage.documents(SWEEPS)
    last, current = await documents.read(LAST_COVERAGE), await documents.read(CHECKPOINT)
    under_way = current is not None and current.document.get("published") is False
    begun = _instant(current.document.get("startedAt")) if current and under_way else None
    stuck = begun is not None and installation.now - begun > STUCK
    if last is None:
        outcome = Outcome.FAULT if stuck else Outcome.WARNING
        return [
            Checked(SWEEP, outcome, "No sweep has ended yet.", f"It begins within five minutes of the start. {_APP}")
        ]
    finished = _instant(last.document.get("finishedAt"))
    if finished is None:
        said = "What the last sweep covered can't be read."
        return [Checked(SWEEP, Outcome.FAULT, said, f"Remove {SWEEPS}/{LAST_COVERAGE}; the next sweep writes it anew.")]
    if stuck or installation.now - finished > SWEEP_LATE:
        said = f"The last sweep ended {_ago(installation.now, finished)}; one is due every day."
        remedy = f"{_APP} on_schedule drives it; muster deadletters list shows batches that failed."
        return [Checked(SWEEP, Outcome.FAULT, said, remedy)]
    return [_covered(last.document, _ago(installation.now, finished))]


def _covered(coverage: JsonObject, ago: str) -> Checked:
    hindrances = coverage.get("hindrances")
    if isinstance(hindrances, list) and hindrances:
        said = f"The last sweep ({ago}) could not list everything: {str(hindrances[0])[:300]}."
        return Checked(SWEEP, Outcome.FAULT, said, "See azure-inventory and azure-permissions.")
    judged, total = coverage.get("judged"), coverage.get("inAzure")
    if coverage.get("complete") is not True:
        said = f"The last sweep ({ago}) judged {judged} of {total} resources."
        return Checked(SWEEP, Outcome.WARNING, said, "muster coverage names those that were not, and why.")
    return Checked(SWEEP, Outcome.OK, f"The last sweep ended {ago} and judged all of {total} resources.")


async def events_arrive(installation: Installation) -> list[Checked]:
    """Whether the last sweep found resources that no event had told of."""
    if installation.storage is None:
        return [_unknown(EVENTS)]
    last = await installation.storage.documents(SWEEPS).read(LAST_COVERAGE)
    if last is None:
        return [Checked(EVENTS, Outcome.WARNING, "No sweep has ended yet, which would tell.", "See last-sweep.")]
    missed = _count(last.document.get("neverCame"))
    came = _count(last.document.get("latencySeconds"), "events")
    if not missed:
        return [Checked(EVENTS, Outcome.OK, f"{came:,} events came before the last sweep, and it found none missing.")]
    said = f"The last sweep found {missed:,} resources that no event had told of; {came:,} events came."
    remedy = "muster coverage names them; see event-subscription and given-up."
    return [Checked(EVENTS, Outcome.WARNING if came else Outcome.FAULT, said, remedy)]


async def queues_taken(installation: Installation) -> list[Checked]:
    """Whether messages are taken from the queues in time."""
    storage = installation.storage
    if storage is None:
        return [_unknown(QUEUES)]
    found = []
    for queue, late in QUEUES_LATE.items():
        waiting = await storage.waiting(queue)
        if waiting is None or waiting.since is None or installation.now - waiting.since <= late:
            count = waiting.messages if waiting else 0
            found.append(Checked(QUEUES, Outcome.OK, f"About {count:,} messages, none of which waits long.", "", queue))
            continue
        said = f"About {waiting.messages:,} messages; the first waits since {format_instant(waiting.since)}."
        remedy = f"{_APP} Its host has to have the role Storage Queue Data Contributor on this account."
        found.append(Checked(QUEUES, Outcome.FAULT, said, remedy, queue))
    return found


async def given_up(installation: Installation) -> list[Checked]:
    """What was never handled: poison messages, dead letters, and what is kept as unprocessed."""
    storage = installation.storage
    if storage is None:
        return [_unknown(GIVEN_UP)]
    found = []
    for queue in APP_QUEUES:
        waiting = await storage.waiting(f"{queue}{POISON}")
        if waiting is not None and waiting.messages:
            said = f"About {waiting.messages:,} messages failed too often."
            found.append(Checked(GIVEN_UP, Outcome.FAULT, said, _REPLAY, f"{queue}{POISON}"))
    dead = len(await _some(storage, DEAD_LETTERS))
    if dead:
        found.append(Checked(GIVEN_UP, Outcome.FAULT, f"{_many(dead)} could not be delivered.", _REPLAY, DEAD_LETTERS))
    reasons = Counter(name.partition("/")[0] for name in await _some(storage, UNPROCESSED))
    for reason, count in sorted(reasons.items()):
        own = reason in _OWN_FAULTS
        remedy = (
            _REPLAY if reason == "attemptsSpent" else f"Look at what is below {UNPROCESSED}/{reason}/, then remove it."
        )
        outcome = Outcome.FAULT if own else Outcome.WARNING
        found.append(
            Checked(GIVEN_UP, outcome, f"{_many(count)} kept as unprocessed.", remedy, f"{UNPROCESSED}/{reason}")
        )
    return found or [Checked(GIVEN_UP, Outcome.OK, "Nothing was given up.")]


async def _some(storage: StorageProbe, container: str) -> list[str]:
    found: list[str] = []
    async for name in storage.names(container, ""):
        found.append(name)
        if len(found) == MOST_COUNTED:
            break
    return found


def _many(count: int) -> str:
    return f"More than {count:,}" if count >= MOST_COUNTED else f"{count:,}"


def _count(value: Json, name: str = "count") -> int:
    found = value.get(name) if isinstance(value, dict) else None
    return found if isinstance(found, int) else 0


def _instant(value: Json) -> datetime | None:
    try:
        return parse_instant(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _ago(now: datetime, then: datetime) -> str:
    seconds = max(0, int((now - then).total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' * (count != 1)} ago"
    return f"{seconds} seconds ago"


def _unknown(check: str) -> Checked:
    return Checked(check, Outcome.UNKNOWN, "Which account it is can't be told.", "Set the settings right first.")
