"""The page in Chromium, served by `muster up` as a person would: read, filter, drill down, in every light."""

import asyncio
import json
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Dialog, Page, Request, expect, sync_playwright

from muster.adapters.blob_findings import BlobFindings
from muster.local.data_folder import hold
from muster.local.host import LocalHost
from muster.local.session import session
from muster.report.unprocessed import unprocessed_record
from muster.values.errors import BadInput
from muster.values.json import JsonObject, as_object
from muster.values.resource_id import ResourceId
from muster.values.states import State
from tests.browser.chromium import find_chromium
from tests.conftest import ROOT, unavailable
from tests.web.fleet import HOSTILE, SYSTEMS, finding, fleet

pytestmark = [pytest.mark.azurite, pytest.mark.xdist_group("browser")]

PATHS = ("/", "/resources", "/findings", "/lifecycle", "/unchecked", "/gaps", "/exemptions", "/findings?page=0")


class Served(threading.Thread):
    """`muster up` in a thread with a fleet in its store, as one of its machines has a name that is out for harm."""

    def __init__(self, folder: Path) -> None:
        super().__init__(daemon=True)
        self.folder = folder
        self.ready = threading.Event()
        self.url = ""
        self.fault: BaseException | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None

    def run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as fault:  # noqa: BLE001 told by the fixture
            self.fault = fault
        finally:
            self.ready.set()

    def stop(self) -> None:
        if self._loop is not None and self._stopping is not None and self._loop.is_running():
            self._loop.call_soon_threadsafe(self._stopping.set)
        self.join(30)

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        with hold(self.folder) as data:
            async with session(ROOT, data, port=0) as running:
                await _fill(running.storage.connection_string)
                self.url = _url(running.host)
                self.ready.set()
                await self._stopping.wait()


def _url(host: LocalHost) -> str:
    return host.url


async def _fill(connection_string: str) -> None:
    hostile = finding("vm-hostile", [State.NON_COMPLIANT], tags={"owner": HOSTILE, HOSTILE: "x"}, message=HOSTILE)
    as_object(hostile["resource"])["name"] = HOSTILE
    old = finding("vm-legacy", [State.NON_COMPLIANT, State.UNKNOWN], system=SYSTEMS[1])
    store = BlobFindings.from_connection_string(connection_string)
    for document in [*fleet(80), hostile, old]:
        resource_id = ResourceId.parse(as_object(document["resource"])["id"])
        await store.put_latest(resource_id, document, {}, replaces=None)
    event: JsonObject = {"id": "1", "data": {"claims": {"upn": "ada@example.org"}}}
    name, record = unprocessed_record(event, BadInput("no eventTime", reason="invalidEvent"), datetime.now(UTC))
    await store.put_unprocessed(name, record)
    await store.close()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    served = Served(tmp_path_factory.mktemp("served"))
    served.start()
    served.ready.wait(60)
    if served.fault is not None:
        raise served.fault
    yield served.url
    served.stop()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        unavailable("no Chromium: apt-get install chromium")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(params=[True, False], ids=["script", "noScript"])
def page(request: pytest.FixtureRequest, browser: Browser, url: str) -> Iterator[Page]:
    context = browser.new_context(
        base_url=url, java_script_enabled=request.param, viewport={"width": 1280, "height": 900}
    )
    yield context.new_page()
    context.close()


def faults_of(page: Page) -> list[str]:
    """What the browser complains of from now on: refused content, failed requests, anything that a script says."""
    found: list[str] = []

    def dismiss(dialog: Dialog) -> None:
        found.append(dialog.message)
        dialog.dismiss()

    def failed(request: Request) -> None:
        # Going on to the next page ends what the last one was still fetching, such as its icon.
        if request.failure != "net::ERR_ABORTED":
            found.append(f"{request.url}: {request.failure}")

    page.on("console", lambda message: found.append(message.text))
    page.on("dialog", dismiss)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("requestfailed", failed)
    return found


def test_from_the_overview_to_a_machine_and_back(page: Page) -> None:
    faults = faults_of(page)
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("resources are compliant")
    page.get_by_role("link", name=re.compile("High")).click()
    expect(page).to_have_url(re.compile(r"/findings\?state=NonCompliant&severity=high"))
    rows = page.locator("tbody tr")
    assert rows.count() > 1
    assert rows.locator(".severity").all_inner_texts() == ["High"] * rows.count()
    rows.first.locator("th a").click()
    expect(page.get_by_role("heading", name=re.compile("results? to look at"))).to_be_visible()
    page.go_back()
    expect(page).to_have_url(re.compile("severity=high"))
    assert faults == []


def test_facets_narrow_a_list_and_their_counts_are_kept(page: Page) -> None:
    page.goto("/resources")
    link = page.locator(".facets a", has_text="Ubuntu").first
    count = int(link.locator(".count").inner_text())
    link.click()
    expect(page.locator(".pager").first).to_contain_text(f"of {count} resources")
    page.get_by_role("link", name=re.compile(r"Distribution: .*remove")).click()
    expect(page.locator(".pager").first).to_contain_text("of 82 resources")


def test_search_sorting_and_paging_keep_each_other(page: Page) -> None:
    page.goto("/resources?size=25")
    page.get_by_role("searchbox").fill("vm")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(re.compile("q=vm"))
    page.get_by_role("columnheader", name="Resource").get_by_role("link").click()
    names = page.locator("tbody th a").all_inner_texts()
    assert len(names) > 10
    assert page.locator("th[aria-sort='ascending']").inner_text().startswith("Resource")
    page.get_by_role("link", name="Next").first.click()
    expect(page).to_have_url(re.compile("q=vm.*sort=name.*page=2"))


def test_as_of_shows_another_day(page: Page) -> None:
    page.goto("/lifecycle")
    before = page.locator("#ended .count").first.inner_text()
    page.get_by_label("As of").fill("2033-01-01")
    page.get_by_role("button", name="Show").click()
    expect(page).to_have_url(re.compile("asOf=2033-01-01"))
    assert int(page.locator("#ended .count").first.inner_text()) > int(before)
    page.goto("/resources?q=legacy")
    page.locator("tbody th a").click()
    expect(page.locator("svg.line")).to_be_visible()
    page.get_by_label("As of").fill("2040-01-01")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Support has ended")).to_be_visible()


def test_hostile_names_are_text_and_nothing_runs(page: Page) -> None:
    faults = faults_of(page)
    for path in ("/resources?q=hostile", "/findings?q=hostile", "/"):
        page.goto(path)
        assert page.title().endswith("muster")
    page.goto("/resources?q=hostile")
    expect(page.locator("tbody th a")).to_contain_text("<script>")
    page.locator("tbody th a").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("onerror=alert(1)")
    assert page.title().endswith("muster")
    assert page.locator("img, script, iframe").count() == 0
    assert faults == []


def test_a_wrong_address_says_what_is_wrong(page: Page) -> None:
    answer = page.goto("/findings?colour=red&page=0")
    assert answer is not None
    assert answer.status == 400
    assert page.locator(".faults li").count() == 2
    page.get_by_role("link", name="To the overview").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("compliant")


def test_an_address_of_ten_thousand_characters_is_answered_by_the_page(page: Page) -> None:
    answer = page.goto(f"/findings?q={'a' * 10_000}")
    assert answer is not None
    assert answer.status == 400
    expect(page.get_by_text("at most 8,192 are read")).to_be_visible()
    twin = page.request.get(f"/findings.json?q={'a' * 10_000}")
    assert (twin.status, twin.headers["content-type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("form", ["json", "sarif", "ocsf", "html"])
def test_what_is_listed_is_downloaded(page: Page, form: str) -> None:
    page.goto("/findings?state=NonCompliant&severity=critical")
    with page.expect_download() as started:
        page.locator(f".exports a[href*='export.{form}?']").click()
    ending = "ocsf.jsonl" if form == "ocsf" else form
    assert started.value.suggested_filename == f"muster-findings.{ending}"
    content = started.value.path().read_text("utf-8")
    total = int(page.locator(".pager span").first.inner_text().split(" of ")[1].split()[0])
    if form == "ocsf":
        assert len(content.splitlines()) == total
    elif form == "sarif":
        assert len(json.loads(content)["runs"][0]["results"]) == total
    else:
        assert "vm-" in content


def test_a_control_leads_from_a_machine_to_its_findings(page: Page) -> None:
    page.goto("/findings?state=NonCompliant&policy=policy-1")
    page.locator("td.policy a").first.click()
    page.locator(".result", has_text="Secure Boot").get_by_role("link", name="PV-3").click()
    expect(page).to_have_url(re.compile(r"/findings\?control=PV-3"))
    expect(page.get_by_role("link", name=re.compile(r"Control: PV-3 .*remove"))).to_be_visible()
    titles = set(page.locator("td.policy a").all_inner_texts())
    assert titles == {"Machines should have Secure Boot"}


def test_what_could_not_be_processed_is_a_click_away(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name=re.compile("1 event could not be processed")).click()
    expect(page).to_have_url(re.compile("/unchecked#unprocessed"))
    page.get_by_text("Each of them").click()
    expect(page.get_by_role("cell", name="no eventTime")).to_be_visible()
    assert "ada@example.org" not in page.content()


def test_keys_alone_lead_through_the_page(page: Page) -> None:
    page.goto("/findings")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Overview")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("compliant")


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_nothing_is_wider_than_the_screen(browser: Browser, url: str, width: int) -> None:
    context = browser.new_context(base_url=url, viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in (*PATHS, "/resources?q=hostile"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.locator("tbody th a").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Browser, url: str, scheme: Any) -> None:
    context = browser.new_context(base_url=url, color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    page.goto("/resources?q=legacy")
    machine = page.locator("tbody th a").get_attribute("href")
    assert machine is not None
    for path in (*PATHS, machine):
        page.goto(path)
        violations = Axe().run(page).response["violations"]
        serious = [one for one in violations if one["impact"] in ("serious", "critical")]
        told = [(one["id"], [node["html"][:160] for node in one["nodes"][:3]]) for one in serious]
        assert not told, f"{path}: {json.dumps(told, indent=1)}"
    context.close()


def test_dark_is_dark_and_light_is_light(browser: Browser, url: str) -> None:
    seen = {}
    for scheme in ("light", "dark"):
        context = browser.new_context(base_url=url, color_scheme=scheme)
        page = context.new_page()
        page.goto("/")
        colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
        seen[scheme] = sum(map(int, re.findall(r"\d+", colour)[:3]))
        context.close()
    assert seen["light"] > 700
    assert seen["dark"] < 120
