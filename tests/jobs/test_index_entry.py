"""What of a finding the index takes."""

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from muster.jobs.index_entry import index_entry
from muster.policy.results import exempted
from muster.values.errors import BadInput
from muster.values.json import JsonObject
from muster.values.states import State
from tests.web.fleet import finding


@pytest.mark.parametrize(
    ("ends", "expected"), [(datetime(2026, 12, 31, 23, 59, tzinfo=UTC), "2026-12-31T23:59:00Z"), (None, "")]
)
def test_when_an_exemption_ends_is_read_from_what_its_result_says(ends: datetime | None, expected: str) -> None:
    exemption: Any = SimpleNamespace(category="Waiver", display_name="Until (the) 'move'", expires_on=ends)
    document = finding("vm", [State.EXEMPT], message=exempted(exemption, "It is off."))
    assert [result.expires for result in index_entry(document, owner_tag="owner").results] == [expected]


@pytest.mark.parametrize("document", [{}, {"resource": {}}, {**finding("vm", []), "state": "Fine"}])
def test_what_is_no_finding_is_bad_input(document: JsonObject) -> None:
    with pytest.raises(BadInput):
        index_entry(document, owner_tag="owner")
