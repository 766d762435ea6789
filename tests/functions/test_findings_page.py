"""The page's trigger: who is let in, what is answered when something fails, and which app has which functions."""

import base64
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import azure.functions as func
import pytest

from functions import findings_page, index_wiring, page_wiring
from functions.findings_page import respond
from functions.page_wiring import PageServices, page_services
from functions.role import in_role
from muster.adapters.index_loader import PublishedIndex
from muster.settings.app import UnusableSettings
from muster.values.errors import TransientFault
from muster.web.access import Access
from tests.conftest import ROOT

CLAIMS = {"auth_typ": "aad", "claims": [{"typ": "name", "val": "Ada"}]}
SIGNED_IN = {"X-MS-CLIENT-PRINCIPAL": base64.b64encode(json.dumps(CLAIMS).encode()).decode()}


@pytest.fixture
async def services(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PageServices]:
    monkeypatch.setattr(page_wiring, "_worker", page_wiring._Worker())
    monkeypatch.setattr(index_wiring, "_worker", index_wiring._Worker())
    monkeypatch.setenv("MUSTER_STORAGE", "UseDevelopmentStorage=true")
    made = await page_services()
    yield replace(made, access=Access(platform=True))
    await made.indexing.store.close()


def request(path: str, headers: dict[str, str] | None = None, method: str = "GET") -> func.HttpRequest:
    return func.HttpRequest(method=method, url=f"https://page.example{path}", headers=headers or {}, body=b"")


async def test_without_a_principal_nothing_is_read(services: PageServices, monkeypatch: pytest.MonkeyPatch) -> None:
    async def read(_self: Any) -> None:
        pytest.fail("the index was asked for")

    monkeypatch.setattr(PublishedIndex, "current", read)
    for path in ("/", "/findings.json", "/findings/export.json", "/resource?id=x", "/api/openapi.json", "/nothing"):
        assert (await respond(request(path), services)).status == 401


async def test_an_index_that_is_not_made_yet_is_said(services: PageServices, monkeypatch: pytest.MonkeyPatch) -> None:
    async def nothing(_self: Any) -> None:
        return None

    monkeypatch.setattr(PublishedIndex, "current", nothing)
    answer = await respond(request("/findings.json", SIGNED_IN), services)
    assert (answer.status, json.loads(answer.body)["title"]) == (503, "Not ready yet")


@pytest.mark.parametrize(("fault", "status"), [(TransientFault("down"), 503), (RuntimeError("secret detail"), 500)])
async def test_a_fault_is_told_without_its_details(
    services: PageServices, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    async def fail(_self: Any) -> None:
        raise fault

    monkeypatch.setattr(PublishedIndex, "current", fail)
    answer = await respond(request("/", SIGNED_IN), services)
    assert answer.status == status
    assert b"secret detail" not in answer.body
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


async def test_a_head_has_no_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page_wiring, "_worker", page_wiring._Worker())
    monkeypatch.setattr(index_wiring, "_worker", index_wiring._Worker())
    monkeypatch.setenv("MUSTER_STORAGE", "UseDevelopmentStorage=true")
    user_function: Any = findings_page.findings_page
    call = user_function.build().get_user_function() if hasattr(user_function, "build") else user_function
    answer = await call(request("/assets/muster.css", method="HEAD"))
    assert (answer.status_code, answer.get_body()) == (200, b"")


@pytest.mark.parametrize(
    ("role", "page", "checks"), [("page", True, False), ("checker", False, True), ("all", True, True), ("", True, True)]
)
def test_an_app_has_the_functions_of_its_role(role: str, page: bool, checks: bool) -> None:
    source = "import function_app; print(*(f.get_function_name() for f in function_app.app.get_functions()))"
    environment = {"PATH": os.environ["PATH"], "MUSTER_ROLE": role}
    ran = subprocess.run(
        [sys.executable, "-c", source],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    names = set(ran.stdout.split())
    assert ("findings_page" in names, "on_vm_written" in names) == (page, checks)
    assert ("index_findings" in names) == checks
    assert "health" in names


def test_a_role_that_is_none_is_refused() -> None:
    with pytest.raises(UnusableSettings, match="MUSTER_ROLE"):
        in_role("page", func.Blueprint(), {"MUSTER_ROLE": "pages"})
