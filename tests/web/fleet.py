"""Findings of a small fleet, their index, and the site over it."""

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from functions.page_site import load_site
from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.index_file import IndexFile, open_file
from muster.adapters.index_reader import IndexReader
from muster.facts.catalogue import Catalogue
from muster.jobs.index_entry import index_entry, indexed_results
from muster.jobs.lifetimes import lifetime
from muster.jobs.resource_story import Story
from muster.policy.results import finding_id
from muster.report.finding_document import evaluation_json, finding_document
from muster.values.document import Document
from muster.values.evaluation import Evaluation
from muster.values.finding import AssignedRule, Reason, Result, Verdict
from muster.values.json import Json, JsonObject
from muster.values.listing import Lifetime, UnprocessedRow
from muster.values.request import Cause
from muster.values.states import Severity, State
from muster.web.access import Viewer
from muster.web.page import Sources
from muster.web.request import Request, Response
from muster.web.site import Site
from tests.conftest import ROOT

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
TODAY = NOW.date()
SUBSCRIPTIONS = ("3f0a1c52-7b64-4d9e-9c1a-5e2d8b7f4a10", "b81d6f0e-25c9-4e3b-8a47-0d9c6e1f7b32")
SYSTEMS = (("ubuntu", "22.04"), ("ubuntu", "18.04"), ("debian", "12"), ("rhel", "9"))
POLICIES = (
    ("policy-0", "Machines should have encryption", Severity.CRITICAL),
    ("policy-1", "Machines should have Secure Boot", Severity.HIGH),
    ("policy-2", "Machines should refuse passwords", Severity.HIGH),
    ("policy-3", "Machines should be updated", Severity.LOW),
    ("policy-4", "Machines should have tags", Severity.INFO),
)
CONTROLS = (("DP-4",), ("DP-4", "PV-3"), ("IM-6",), ("PV-6",), ())
"""The groups of each policy."""

HOSTILE = "\"><script>document.title='owned'</script><img src=x onerror=alert(1)>{{7*7}}\u202e=cmd|calc"


@cache
def catalogue() -> Catalogue:
    return load_fact_sources(ROOT / "policies").catalogue


def lifetimes(system: JsonObject, day: date) -> Lifetime:
    return lifetime(system, catalogue(), day)


def result(resource_id: str, number: int, state: State, message: str = "", **parts: object) -> Result:
    policy, title, severity = POLICIES[number]
    told = message or f"Thing {number} is missing."
    rule = AssignedRule(
        severity,
        assignment_id="baseline",
        definition_id=f"definitions/{policy}",
        definition_reference_id=policy,
        display_name=title,
        groups=CONTROLS[number],
        remediation=f"Give it thing {number}.\naz vm update --name NAME --set thing={number}",
    )
    values: dict[str, object] = {
        "rule": rule,
        "id": finding_id(resource_id, "baseline", policy),
        "state": state,
        "effect": "audit",
        "message": told,
        "reasons": () if state is State.COMPLIANT else (Reason(told, field="Muster.Image/offer", path="offer"),),
    }
    return Result(**{**values, **parts})  # type: ignore[arg-type]


def finding(
    name: str,
    results: Sequence[State | None],
    *,
    subscription: str = SUBSCRIPTIONS[0],
    group: str = "rg-shop",
    system: tuple[str, str] = SYSTEMS[0],
    location: str = "westeurope",
    tags: Mapping[str, Json] | None = None,
    observed: datetime = NOW,
    message: str = "",
) -> JsonObject:
    identifier = (
        f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}"
    )
    body: JsonObject = {
        "id": identifier,
        "name": name,
        "type": "Microsoft.Compute/virtualMachines",
        "location": location,
        "tags": dict(tags or {}),
    }
    image: JsonObject = {"product": system[0], "release": system[1], "cycle": system[1], "channel": "vm"}
    judged = [result(identifier, n, state, message) for n, state in enumerate(results) if state is not None]
    document = Document(body, image, {}, now=NOW)
    evaluation = Evaluation("e" * 32, "", "", observed, observed, "p1", Cause.WRITTEN)
    finding = finding_document(document, Verdict(tuple(judged)), settled=True)
    return {**finding, "evaluation": evaluation_json(evaluation)}


def fleet(size: int = 60, seed: int = 1) -> list[JsonObject]:
    """Machines of all kinds, the same for the same seed."""
    chance = random.Random(seed)
    return [
        finding(
            f"vm-{chance.choice(('web', 'db', 'Build'))}-{number:02}",
            [chance.choice((*State, None)) for _ in POLICIES],
            subscription=chance.choice(SUBSCRIPTIONS),
            group=chance.choice(("rg-shop", "rg-crm", "rg-data")),
            system=chance.choice(SYSTEMS),
            location=chance.choice(("westeurope", "northeurope")),
            tags=chance.choice(({}, {"owner": "shop"}, {"Owner": "crm team", "env": "prod"})),
            observed=NOW - timedelta(hours=chance.choice((2, 30, 300))),
        )
        for number in range(size)
    ]


UNPROCESSED = (
    UnprocessedRow(
        "attemptsSpent/1.json",
        "attemptsSpent",
        "2026-11-23T07:30:00Z",
        SUBSCRIPTIONS[0],
        f"/subscriptions/{SUBSCRIPTIONS[0]}/resourcegroups/rg-shop/providers/microsoft.compute/virtualmachines/vm-late",
        "Azure answered 503",
    ),
    UnprocessedRow("invalidEvent/2.json", "invalidEvent", "2026-11-22T07:00:00Z", SUBSCRIPTIONS[1], "", "no eventTime"),
    UnprocessedRow("invalidEvent/3.json", "invalidEvent", "2026-11-23T07:00:00Z", "", "", "no eventTime"),
)
"""Of each subscription one, and one that can't be told."""


def write(
    path: Path,
    findings: Sequence[JsonObject],
    before: dict[int, JsonObject] | None = None,
    unprocessed: Sequence[UnprocessedRow] = (),
) -> None:
    file = IndexFile(open_file(path, writable=True))
    for number, document in enumerate(findings):
        entry = index_entry(document, owner_tag="owner")
        old = (before or {}).get(number)
        file.put(f"latest/{entry.id}.json", f"e{number}", entry, indexed_results(old) if old else None)
    file.put_unprocessed(unprocessed, opened=True)
    file.commit()
    file.close()


@contextmanager
def reader(
    path: Path, findings: Sequence[JsonObject], unprocessed: Sequence[UnprocessedRow] = ()
) -> Iterator[IndexReader]:
    """An index of findings."""
    write(path, findings, unprocessed=unprocessed)
    found = IndexReader(open_file(path), lifetimes)
    yield found
    found.close()


@cache
def site() -> Site:
    return load_site()


def ask(
    index: IndexReader,
    path: str,
    query: str = "",
    *,
    subscriptions: frozenset[str] | None = None,
    story: Story | None = None,
    method: str = "GET",
) -> Response:
    """What the site answers."""
    current = NOW - timedelta(seconds=7)
    sources = Sources(index, Viewer("", subscriptions), NOW, current, True, lifetimes, story)
    return site().answer(Request(path, query, method), sources)
