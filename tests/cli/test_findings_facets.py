"""`muster findings` with facets, `show` and `diff`."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest
from click.testing import CliRunner

from muster.cli import findings, findings_diff, findings_export, findings_show, main
from muster.report.export import EXPORT_FORMATS
from muster.values.json import JsonObject, as_list, as_object
from muster.values.resource_id import ResourceId
from muster.values.states import State
from tests.memory_findings import MemoryFindings
from tests.web.fleet import NOW, SYSTEMS, finding


@pytest.fixture
def stored(monkeypatch: pytest.MonkeyPatch) -> MemoryFindings:
    store = MemoryFindings()
    before = finding("vm-b", [State.COMPLIANT], system=SYSTEMS[1], observed=NOW - timedelta(days=9))
    after = finding("vm-b", [State.NON_COMPLIANT], system=SYSTEMS[1])
    as_object(after["evaluation"])["predecessor"] = "b" * 32

    async def fill() -> None:
        for document in (finding("vm-a", [State.COMPLIANT], tags={"owner": "shop"}), after):
            resource_id = ResourceId.parse(as_object(document["resource"])["id"])
            await store.put_latest(resource_id, document, {}, replaces=None)
        await store.put_history(resource_id, "b" * 32, before)

    asyncio.run(fill())

    @asynccontextmanager
    async def opened(_storage: object, _data: object) -> AsyncIterator[MemoryFindings]:
        yield store

    for module in (findings, findings_diff, findings_export, findings_show):
        monkeypatch.setattr(module, "stored_findings", opened)
    return store


def names(*options: str) -> list[str]:
    ran = CliRunner().invoke(main, ["findings", "--format", "json", *options])
    assert ran.exit_code == 0, ran.output
    found: list[JsonObject] = json.loads(ran.stdout)
    return [str(as_object(document["resource"])["name"]) for document in found]


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), ["vm-a", "vm-b"]),
        (("--state", "NonCompliant"), ["vm-b"]),
        (("--state", "NonCompliant", "--state", "Compliant"), ["vm-b", "vm-a"]),
        (("--owner", "shop"), ["vm-a"]),
        (("--owner", "(none)"), ["vm-b"]),
        (("--release", "ubuntu 18.04"), ["vm-b"]),
        (("--distribution", "ubuntu", "--severity", "critical"), ["vm-b"]),
        (("--phase", "ended", "--as-of", "2040-01-01"), ["vm-b", "vm-a"]),
        (("--search", "shop vm-a"), ["vm-a"]),
        (("--policy", "policy-0"), ["vm-b"]),
        (("--location", "mars"), []),
        (("--control", "DP-4"), ["vm-b"]),
        (("--control", "(none)"), []),
    ],
)
def test_facets_leave_out_the_others(stored: MemoryFindings, options: tuple[str, ...], expected: list[str]) -> None:
    assert names(*options) == expected


def exported(*options: str) -> dict[str, list[str]]:
    """The states of the results of every exported resource."""
    ran = CliRunner().invoke(main, ["findings", "export", "--format", "json", *options])
    assert ran.exit_code == 0, ran.output
    found: list[JsonObject] = json.loads(ran.stdout)
    return {
        str(as_object(document["resource"])["name"]): [
            str(as_object(one)["state"]) for one in as_list(document["results"])
        ]
        for document in found
    }


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ((), {"vm-a": ["Compliant"], "vm-b": ["NonCompliant"]}),
        (("--state", "Compliant"), {"vm-a": ["Compliant"]}),
        (("--severity", "critical", "--release", "ubuntu 18.04"), {"vm-b": ["NonCompliant"]}),
        (("--control", "DP-4", "--owner", "shop"), {"vm-a": ["Compliant"]}),
        (("--search", "encryption"), {"vm-a": ["Compliant"], "vm-b": ["NonCompliant"]}),
        (("--phase", "ended"), {}),
        (("--severity", "low"), {}),
        (("--resource-group", "RG-SHOP", "--owner", "shop"), {"vm-a": ["Compliant"]}),
    ],
)
def test_facets_choose_results_of_an_export(
    stored: MemoryFindings, options: tuple[str, ...], expected: dict[str, list[str]]
) -> None:
    assert exported(*options) == expected


@pytest.mark.parametrize("form", EXPORT_FORMATS)
def test_every_format_leaves_out_what_is_not_chosen(stored: MemoryFindings, form: str) -> None:
    ran = CliRunner().invoke(main, ["findings", "export", "--format", form, "--state", "NonCompliant"])
    assert ran.exit_code == 0
    assert ran.stderr == "1 finding of 1 resource, 2 read\n"
    assert "vm-b" in ran.stdout
    assert "vm-a" not in ran.stdout


@pytest.mark.parametrize("command", ["export", "show", "diff"])
def test_options_before_a_command_are_refused_and_not_lost(stored: MemoryFindings, command: str) -> None:
    ran = CliRunner().invoke(main, ["findings", "--severity", "high", command, "7d"])
    assert (ran.exit_code, f"Options go behind {command}: --severity." in ran.stderr) == (2, True)


def test_a_state_that_is_none_is_refused(stored: MemoryFindings) -> None:
    assert CliRunner().invoke(main, ["findings", "--state", "Fine"]).exit_code == 2


def test_show_tells_reasons_remedy_and_history(stored: MemoryFindings) -> None:
    resource_id = next(one for one in stored.latest_texts if one.name == "vm-b")
    ran = CliRunner().invoke(main, ["findings", "show", str(resource_id)])
    assert ran.exit_code == 0
    for words in ("NonCompliant (critical)", "Thing 0 is missing.", "> az vm update", "Compliant  written"):
        assert words in ran.stdout
    whole = CliRunner().invoke(main, ["findings", "show", "--format", "json", str(resource_id)])
    assert json.loads(whole.stdout)["state"] == "NonCompliant"
    absent = CliRunner().invoke(main, ["findings", "show", f"{resource_id}x"])
    assert absent.exit_code == 1
    assert CliRunner().invoke(main, ["findings", "show", "nonsense"]).exit_code == 2


def test_diff_tells_what_is_another_and_what_is_new(stored: MemoryFindings) -> None:
    ran = CliRunner().invoke(main, ["findings", "diff", "2026-11-20"])
    assert ran.exit_code == 0
    assert "  Compliant -> NonCompliant  Machines should have encryption" in ran.stdout
    assert "  new" in ran.stdout
    lines = CliRunner().invoke(main, ["findings", "diff", "2026-11-20", "--format", "jsonl"]).stdout.splitlines()
    assert [json.loads(line)["new"] for line in lines] == [True, False]
    later = CliRunner().invoke(main, ["findings", "diff", "2026-11-24"])
    assert later.stdout == "0 resources changed since 2026-11-24 00:00 UTC.\n"


def test_a_history_that_breaks_off_is_told_and_fails(stored: MemoryFindings) -> None:
    stored.records.clear()
    ran = CliRunner().invoke(main, ["findings", "diff", "2026-11-20"])
    assert ran.exit_code == 1
    assert f"the record {'b' * 32} is missing" in ran.stdout


@pytest.mark.parametrize("since", ["yesterday", "7", "-7d", "99999999d", "2026-13-01", "", "٣d"])
def test_a_time_that_is_none_is_refused(stored: MemoryFindings, since: str) -> None:
    assert CliRunner().invoke(main, ["findings", "diff", "--", since]).exit_code == 2
