"""How long a policy set waits for what it misses, and which of its exemptions end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from muster.values.answers import FoundMany, NotRead
from muster.values.document import Document
from tests.policy.sets import NOW, VM_TYPE, bound, definition, exemption, machine, single

EXTENSION = "Microsoft.Compute/virtualMachines/extensions"


def looking(delay: object = ..., condition: object = VM_TYPE) -> dict[str, Any]:
    """A set of one rule that looks for an extension."""
    details: dict[str, object] = {"type": EXTENSION}
    if delay is not ...:
        details["evaluationDelay"] = delay
    return single(definition({"if": condition, "then": {"effect": "auditIfNotExists", "details": details}}))


def missing(files: dict[str, Any]) -> Document:
    """The machine with its look-ups answered: there is nothing."""
    document = machine()
    queries = bound(files).related_queries(document)
    return replace(document, related={query: FoundMany((), NOW) for query in queries})


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        (..., 10),
        ("PT25M", 25),
        ("pt1h30m", 90),
        ("PT90S", 1.5),
        ("PT9H", 360),
        ("PT0M", 0),
        ("AfterProvisioning", 0),
        ("AfterProvisioningSuccess", 0),
    ],
)
def test_the_delay_of_a_rule(written: object, minutes: float) -> None:
    files = looking(written)
    assert bound(files).evaluation_delay(missing(files)) == timedelta(minutes=minutes)


def test_nothing_is_waited_for_where_nothing_is_missed() -> None:
    files = looking()
    document = machine()
    (query,) = bound(files).related_queries(document)
    there = replace(document, related={query: FoundMany(({"type": EXTENSION, "name": "agent"},), NOW)})
    assert bound(files).evaluation_delay(there) is None
    assert bound(single()).evaluation_delay(machine()) is None
    elsewhere = looking(condition={"field": "type", "equals": "Microsoft.Compute/disks"})
    assert bound(elsewhere).evaluation_delay(machine()) is None


def test_what_could_not_be_read_may_still_come() -> None:
    files = looking()
    document = machine()
    (query,) = bound(files).related_queries(document)
    unread = replace(document, related={query: NotRead("not recorded")})
    assert bound(files).evaluation_delay(unread) == timedelta(minutes=10)


def test_exemptions_that_end_by_a_day() -> None:
    files = single() | {
        "exemptions/soon.json": exemption(displayName="soon", expiresOn="2026-12-01T00:00:00Z"),
        "exemptions/late.json": exemption(displayName="late", expiresOn="2027-06-01T00:00:00Z"),
        "exemptions/ever.json": exemption(displayName="ever"),
    }
    policies = bound(files)
    assert [one.display_name for one in policies.exemptions_ending(NOW + timedelta(days=30))] == ["soon"]
    found = policies.exemptions_ending(NOW + timedelta(days=400))
    assert [one.display_name for one in found] == ["soon", "late"]
    assert found[0].ends.date().isoformat() == "2026-12-01"
