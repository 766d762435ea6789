"""`muster forecast`: a fleet as az vm list prints it and as REST bodies, in every format."""

import csv
import html.parser
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from muster.cli import main
from muster.values.resource_id import ResourceId
from tests.memory_findings import MemoryFindings

if TYPE_CHECKING:
    from muster.values.json import JsonObject

HERE = Path(__file__).parent
FLEET = HERE / "fleet"


def run(*arguments: object, piped: str | None = None) -> Result:
    return CliRunner().invoke(main, ["forecast", *map(str, arguments)], input=piped)


GROUP = "/subscriptions/11111111-1111-1111-1111-111111111111/resourcegroups/g"
MACHINE = f"{GROUP}/providers/microsoft.compute/virtualmachines/vm"
TIME = ("--from", "2026-11-23", "--to", "2027-12-31")


@pytest.mark.parametrize("form", ["table", "json", "csv", "html"])
def test_a_fleet(form: str) -> None:
    result = run(FLEET, *TIME, "--format", form)
    assert (result.exit_code, result.stderr) == (0, "")
    golden = (HERE / "golden" / f"forecast.{'txt' if form == 'table' else form}").read_text("utf-8")
    assert [line.rstrip() for line in result.stdout.splitlines()] == golden.splitlines()


def told(*arguments: object) -> dict[str, list[str]]:
    found = json.loads(run(*arguments, "--format", "json").stdout)
    months = {month["month"]: [machine["name"] for machine in month["machines"]] for month in found["months"]}
    return {**months, **{fate: [machine["name"] for machine in found[fate]] for fate in ("ended", "later", "unknown")}}


def test_the_time_that_is_asked_for_counts_both_its_days() -> None:
    assert told(FLEET, "--from", "2027-06-01", "--to", "2027-06-01")["2027-06"] == ["web-1"]
    assert "web-1" in told(FLEET, "--from", "2027-06-02", "--to", "2027-06-03")["ended"]
    assert "web-1" in told(FLEET, "--from", "2027-05-01", "--to", "2027-05-31")["later"]


def test_a_machine_that_shows_its_right_falls_when_that_ends() -> None:
    assert told(FLEET, "--from", "2030-04-01", "--to", "2030-04-30")["2030-04"] == ["web-2"]


def test_a_year_is_asked_for_where_nothing_is_said() -> None:
    found = json.loads(run(FLEET, "--from", "2028-02-29", "--format", "json").stdout)
    assert (found["from"], found["to"]) == ("2028-02-29", "2029-02-28")


def test_the_time_can_not_run_backwards() -> None:
    result = run(FLEET, "--from", "2027-01-02", "--to", "2027-01-01")
    assert result.exit_code == 2
    assert "--to 2027-01-01 is before --from 2027-01-02" in result.stderr


def test_another_tag_says_whose_it_is() -> None:
    found = json.loads(run(FLEET, *TIME, "--owner-tag", "team", "--format", "json").stdout)
    assert set(found["byOwner"]) == {""}


def test_standard_input_and_a_folder_agree() -> None:
    piped = (FLEET / "az-vm-list.json").read_text()
    assert run("-", *TIME, piped=piped).stdout == run(FLEET / "az-vm-list.json", *TIME).stdout


def test_what_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("[")
    result = run(tmp_path / "broken.json", *TIME)
    assert result.exit_code == 2
    assert "error[invalid-json]" in result.stderr


def test_no_machines_are_no_fault(tmp_path: Path) -> None:
    result = run(tmp_path, *TIME)
    assert result.exit_code == 0
    assert "0 machines from 2026-11-23 to 2027-12-31" in result.stdout
    assert "No support ends in that time." in run(tmp_path, *TIME, "--format", "html").stdout


def test_the_store_of_findings(monkeypatch: pytest.MonkeyPatch) -> None:
    finding: JsonObject = {
        "resource": {"id": MACHINE, "name": "vm", "type": "Microsoft.Compute/virtualMachines", "tags": {"owner": "me"}},
        "image": {"source": "marketplace", "product": "ubuntu", "cycle": "22.04", "release": "22.04", "channel": "vm"},
        "lifecycle": {"entitled": True},
    }
    opened: list[tuple[str | None, Path]] = []

    @asynccontextmanager
    async def stored_findings(storage: str | None, data: Path) -> AsyncIterator[MemoryFindings]:
        opened.append((storage, data))
        store = MemoryFindings()
        await store.put_latest(ResourceId.parse(MACHINE), finding, {}, replaces=None)
        yield store

    monkeypatch.setattr("muster.cli.stored.stored_findings", stored_findings)
    found = json.loads(run("--from", "2032-04-01", "--storage", "here", "--data", "there", "--format", "json").stdout)
    assert opened == [("here", Path("there"))]
    assert found["months"][0]["month"] == "2032-04"
    assert found["months"][0]["machines"][0]["owner"] == "me"


def test_a_store_that_is_not_there(tmp_path: Path) -> None:
    result = run("--data", tmp_path / "nowhere", *TIME)
    assert result.exit_code == 1
    assert str(tmp_path / "nowhere") in result.stderr


class _Page(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)
        if tag not in ("meta", "line", "rect"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_runs_nothing_and_loads_nothing() -> None:
    page = _Page()
    page.feed(run(FLEET, *TIME, "--format", "html").stdout)
    assert page.open == []
    assert "script" not in page.tags
    assert page.tags.count("rect") == 2 * 3


def test_no_cell_of_the_table_for_spreadsheets_is_a_formula() -> None:
    rows = list(csv.reader(run(FLEET, *TIME, "--format", "csv").stdout.splitlines()))
    assert len({len(row) for row in rows}) == 1
    assert [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))] == []
    assert any(cell == "'=cmd|' /C calc'!A0" for row in rows for cell in row)
