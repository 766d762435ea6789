"""The table of `make run`, to the letter, with a fixed clock."""

import io
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from muster.cli.finding_tables import deployment_table, result_table
from muster.report.deployments import deployments
from muster.report.results import result_rows
from muster.values.json import Json, JsonObject
from muster.values.states import Severity, State
from tests.golden_files import check_golden
from tests.report.conftest import Findings

if TYPE_CHECKING:
    from rich.table import Table

GOLDEN = Path(__file__).parent / "golden"
TITLES = {"ubuntu": "Ubuntu", "azure-linux": "Azure Linux", "cbl-mariner": "CBL-Mariner", "flatcar": "Flatcar"}


def machine(
    name: str, product: str | None, release: str | None, lifecycle: dict[str, Json], *failed: tuple[Severity, str]
) -> JsonObject:
    results = tuple(
        Findings.result(severity=severity, message=message, display_name=f"Policy on {message.split()[0].lower()}")
        for severity, message in failed
    )
    return Findings.document(
        name,
        (*results, Findings.result(State.COMPLIANT)),
        {"product": product, "release": release},
        lifecycle,
    )


FLEET = [
    machine(
        "vm-batch-07",
        "cbl-mariner",
        "2.0",
        {"phase": "ended", "endOfSupportDate": "2025-07-31"},
        (Severity.HIGH, "Encryption at host is off."),
        (Severity.CRITICAL, "Support of the release has ended."),
    ),
    machine(
        "vm-edge-01",
        "azure-linux",
        "4.0",
        {"phase": "preview", "endOfSupportDate": None},
        (Severity.HIGH, "A preview release runs outside of a place that is meant for it, which its maker warns of."),
    ),
    machine("vm-web-01", "ubuntu", "24.04", {"phase": "supported", "endOfSupportDate": "2029-05-31"}),
    machine("vm-ingress-02", "flatcar", None, {"phase": "rolling"}, (Severity.LOW, "Boot diagnostics are off.")),
    machine("vm-\u001b[2J-[red]x[/]-日本", None, None, {"phase": None}, (Severity.INFO, "Unknown\n image \u202e.")),
]


def printed(table: "Table", width: int) -> str:
    screen = Console(width=width, file=io.StringIO(), highlight=False)
    screen.print(table)
    assert isinstance(screen.file, io.StringIO)
    return screen.file.getvalue()


@pytest.mark.parametrize("width", [120, 80])
def test_deployments(width: int) -> None:
    rows = deployments(FLEET, date(2026, 11, 23), TITLES)
    check_golden(GOLDEN / f"deployments-{width}.txt", printed(deployment_table(rows), width))


def test_results() -> None:
    check_golden(GOLDEN / "results.txt", printed(result_table(result_rows(FLEET)), 120))


def test_nothing_that_strangers_wrote_acts_on_the_terminal() -> None:
    text = printed(deployment_table(deployments(FLEET, date(2026, 11, 23), TITLES)), 200)
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "[red]x[/]" in text.replace("\n", "")
