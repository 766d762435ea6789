"""What a sweep covered: how many resources Azure has, how many were judged, which were not and why."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from math import ceil

from muster.jobs.sweep_batch import Swept
from muster.values.instant import format_instant, parse_instant
from muster.values.json import Json, JsonObject
from muster.values.resource_id import segments
from muster.values.sweep import ExemptionEnd

SCHEMA_VERSION = "1.0"
MOST_NAMED = 1000
"""How many resources a list in the document names; its count counts all."""


@dataclass
class Tally:
    """Adds up the outcomes of batches. `since`: how long findings took counts for events after it."""

    since: datetime
    counts: Counter[str] = field(default_factory=Counter)
    not_judged: list[Json] = field(default_factory=list)
    never_came: list[Json] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    subscriptions: set[str] = field(default_factory=set)
    hindrances: list[str] = field(default_factory=list)
    twice: int = 0
    _listed: set[bytes] = field(default_factory=set)
    """Digests of the ids: the ids of 100,000 machines and their disks would take 45 MB, these take 20."""

    @property
    def resources(self) -> int:
        """How many resources the outcomes are of."""
        return len(self._listed)

    def has(self, identifier: str) -> bool:
        """Whether some batch had the resource of this id."""
        return _mark(identifier) in self._listed

    def add(self, outcome: JsonObject) -> None:
        """The outcome of a batch, as judge_batch gave it. A resource that two batches had counts once."""
        resources = outcome.get("resources")
        for resource in resources if isinstance(resources, list) else []:
            if isinstance(resource, dict):
                self._add(resource)

    def _add(self, resource: JsonObject) -> None:
        identifier, swept = str(resource.get("id")), str(resource.get("swept"))
        mark = _mark(identifier)
        if mark in self._listed:
            self.twice += 1
            return
        self._listed.add(mark)
        self.subscriptions.add(segments(identifier).get("subscriptions", ""))
        self.counts[swept] += 1
        if swept == Swept.NOT_JUDGED and len(self.not_judged) < MOST_NAMED:
            self.not_judged.append({"resource": identifier, "why": resource.get("why")})
        if swept == Swept.ADDED and len(self.never_came) < MOST_NAMED:
            self.never_came.append(identifier)
        hindrance = resource.get("hindrance")
        if isinstance(hindrance, str) and len(self.hindrances) < MOST_NAMED:
            self.hindrances.append(hindrance)
        asked, seconds = resource.get("asked"), resource.get("seconds")
        if isinstance(asked, str) and isinstance(seconds, int | float) and parse_instant(asked) >= self.since:
            self.latencies.append(float(seconds))


def _mark(identifier: str) -> bytes:
    """Sixteen bytes that stand for an id. One that is none may have half of a surrogate pair, which UTF-8 can't say."""
    return sha256(identifier.encode("utf-8", "surrogatepass")).digest()[:16]


def percentile(values: Sequence[float], share: float) -> float | None:
    """The nearest-rank percentile; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]


def coverage_document(
    tally: Tally,
    *,
    sweep: str,
    started_at: datetime,
    finished_at: datetime,
    policy_version: str,
    catalogue_date: str,
    baseline: bool,
    total: int,
    unfinished: int,
    hindrances: Sequence[str],
    vanished: int,
    ends: Sequence[ExemptionEnd],
) -> JsonObject:
    """The coverage of one sweep. `total` is what Azure counts, `unfinished` how many batches were never judged,
    `vanished` how many resources have a finding and were not listed; `baseline`: some subscription was swept first."""
    judged = sum(tally.counts[swept] for swept in (Swept.CONFIRMED, Swept.CHANGED, Swept.ADDED))
    return {
        "schemaVersion": SCHEMA_VERSION,
        "sweep": sweep,
        "startedAt": format_instant(started_at),
        "finishedAt": format_instant(finished_at),
        "policyVersion": policy_version,
        "catalogueDate": catalogue_date or None,
        "baseline": baseline,
        "complete": not unfinished and not hindrances and judged >= total,
        "inAzure": total,
        "judged": judged,
        "confirmed": tally.counts[Swept.CONFIRMED],
        "changed": tally.counts[Swept.CHANGED],
        "added": tally.counts[Swept.ADDED],
        "underWay": tally.counts[Swept.UNDER_WAY],
        "notJudged": {"count": tally.counts[Swept.NOT_JUDGED], "resources": tally.not_judged},
        "notListed": max(0, total - tally.resources),
        "neverCame": {"count": 0, "resources": []} if baseline else _named(tally),
        "vanished": vanished,
        "unfinishedBatches": unfinished,
        "hindrances": [*hindrances],
        "latencySeconds": {
            "events": len(tally.latencies),
            "p50": percentile(tally.latencies, 0.5),
            "p99": percentile(tally.latencies, 0.99),
        },
        "exemptionsEnding": [
            {
                "id": one.id,
                "displayName": one.display_name,
                "assignment": one.assignment,
                "ends": format_instant(one.ends),
            }
            for one in ends
        ],
    }


def _named(tally: Tally) -> JsonObject:
    return {"count": tally.counts[Swept.ADDED], "resources": tally.never_came}
