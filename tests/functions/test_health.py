"""/api/health: what it says to a probe, what it keeps to itself, and that it is there in every app."""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import azure.functions as func
import pytest
from aiohttp import ClientSession, web

from functions import health as module
from functions.health import statuses_of
from muster.jobs.doctor.run import CHECKS
from muster.local.app import load_functions
from muster.local.host_config import route_prefix
from muster.local.http_trigger import TRIGGER, HttpTriggers
from muster.values.checkup import Checked, Outcome
from tests.cli.doctor_stage import Stage, stage
from tests.cli.test_doctor import NOBODY, endpoints
from tests.conftest import ROOT

__all__ = ["endpoints"]

pytestmark = [pytest.mark.azurite, pytest.mark.xdist_group("azurite")]


@pytest.fixture
async def app(endpoints: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Stage]:
    """An installation whose settings are this process's."""
    monkeypatch.setattr(module, "_worker", module._Worker())
    for name in ("MUSTER_POLICIES", "MUSTER_ROLE", "WEBSITE_SITE_NAME"):
        monkeypatch.delenv(name, raising=False)
    async with stage(endpoints, tmp_path) as made:
        for name, value in made.settings.items():
            monkeypatch.setenv(name, value)
        yield made


async def ask() -> tuple[int, dict[str, Any]]:
    user_function: Any = module.health
    call = user_function.build().get_user_function() if hasattr(user_function, "build") else user_function
    answer = await call(func.HttpRequest(method="GET", url="https://app.example/api/health", body=b""))
    assert answer.mimetype == "application/health+json"
    return answer.status_code, json.loads(answer.get_body())


async def test_an_app_that_is_well(app: Stage) -> None:
    status, body = await ask()
    assert (status, body["status"]) == (200, "pass")
    assert {"settings-usable", "storage-containers", "policy-set", "last-sweep"} <= body["checks"].keys()


async def test_what_keeps_it_from_serving_fails(app: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_STORAGE", NOBODY)
    status, body = await ask()
    assert (status, body["status"]) == (503, "fail")
    assert body["checks"]["storage-containers"] == [{"status": "fail"}]


async def test_what_a_new_start_would_not_mend_warns(app: Stage) -> None:
    await app.message("muster-events-poison")
    await app.index(timedelta(days=1))
    status, body = await ask()
    assert (status, body["status"]) == (200, "warn")
    assert {name for name, (one,) in body["checks"].items() if one["status"] == "warn"} == {"given-up", "index-current"}


async def test_it_tells_nobody_what_was_found(
    app: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("MUSTER_RECORD_CALLER", "a-secret")
    app.blobs.refused["GET", "history"] = "AuthorizationPermissionMismatch"
    with caplog.at_level(logging.WARNING):
        _, body = await ask()
    names = {check.name for check in CHECKS}
    assert body.keys() == {"status", "checks"}
    assert body["checks"].keys() <= names
    assert {json.dumps(one) for one in body["checks"].values()} <= {
        json.dumps([{"status": status}]) for status in ("pass", "warn", "fail")
    }
    assert "a-secret" in caplog.text
    assert "AuthorizationPermissionMismatch" in caplog.text


async def test_an_answer_is_kept_and_made_once(app: Stage) -> None:
    await asyncio.gather(*(ask() for _ in range(8)))
    calls = app.blobs.calls
    await ask()
    assert app.blobs.calls == calls
    assert calls < 60


async def test_an_app_of_the_page_is_asked_about_findings_alone(app: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_ROLE", "page")
    app.blobs.refused["PUT", "findings"] = "AuthorizationPermissionMismatch"
    status, body = await ask()
    assert status == 200
    assert "storage-queues" not in body["checks"]
    assert body["checks"]["storage-containers"] == [{"status": "pass"}]


async def test_the_page_does_not_stand_before_it(app: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    # An app gives its functions once; this one is this test's own.
    monkeypatch.delitem(sys.modules, "function_app", raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    functions = [one for one in load_functions(ROOT) if one.trigger == TRIGGER]
    application = web.Application()
    application.add_routes(HttpTriggers(functions, route_prefix(ROOT)).routes())
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[-1][1]}"
    seen = []
    async with ClientSession() as session:
        for path in ("/api/health", "/api/nothing"):
            async with session.get(f"{url}{path}") as answer:
                seen.append((answer.status, answer.content_type))
    await runner.cleanup()
    sys.modules.pop("function_app", None)
    assert seen == [(200, "application/health+json"), (401, "application/problem+json")]


@pytest.mark.parametrize(
    ("check", "outcome", "status"),
    [
        ("storage-containers", Outcome.FAULT, "fail"),
        ("storage-containers", Outcome.UNKNOWN, "fail"),
        ("storage-containers", Outcome.WARNING, "warn"),
        ("policy-set", Outcome.FAULT, "fail"),
        ("given-up", Outcome.FAULT, "warn"),
        ("last-sweep", Outcome.UNKNOWN, "warn"),
        ("catalogue-age", Outcome.OK, "pass"),
    ],
)
def test_the_status_of_an_outcome(check: str, outcome: Outcome, status: str) -> None:
    fine = Checked(check, Outcome.OK, "Fine.")
    assert statuses_of([fine, Checked(check, outcome, "x"), fine], CHECKS) == {check: status}
