"""What was kept is asked for again as what it was."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from muster.jobs.replay import Kind, made_again, record_of
from muster.report.unprocessed import unprocessed_record
from muster.values.errors import BadInput
from muster.values.request import Cause, EvaluationRequest

NOW = datetime(2026, 11, 23, 6, 4, 6, tzinfo=UTC)
GROUP = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-claims-prod"
VM = f"{GROUP}/providers/Microsoft.Compute/virtualMachines/claims"
DATA = {
    "claims": {"upn": "ann@example.org"},
    "operationName": "Microsoft.Compute/virtualMachines/write",
    "resourceUri": VM,
}


def event(**members: Any) -> dict[str, Any]:
    return {
        "specversion": "1.0",
        "id": "e-1",
        "type": "Microsoft.Resources.ResourceWriteSuccess",
        "time": "2026-11-23T06:00:00Z",
        "data": DATA,
        **members,
    }


@pytest.mark.parametrize(
    "came",
    [
        pytest.param(event(), id="a machine that is named for an insurance's claims"),
        pytest.param(event(data=json.dumps(DATA)), id="data that is a text, with claims before the resource"),
        pytest.param(event(resource=VM), id="an event with an attribute of a request's"),
    ],
)
def test_a_kept_event_is_asked_for_again(came: dict[str, Any]) -> None:
    name, record = unprocessed_record(came, BadInput("throttled", reason="attemptsSpent"), NOW)
    assert "ann@" not in json.dumps(record)
    (text,) = record_of(name, record).texts
    found = made_again(text, Kind.EITHER, with_caller=True)
    assert isinstance(found, EvaluationRequest)
    assert (str(found.resource_id), found.cause) == (VM.lower(), Cause.REPLAY)
