"""Findings as tables in a terminal."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from muster.report import deployments, results
from muster.report.visible import visible
from muster.values.states import State

PIPED_WIDTH = 160
"""Columns of a table that does not go to a terminal, which would have told its width."""

_SHORT = frozenset({"State", "Severity"})
"""Columns whose words come from a list and are never broken."""

_COLOURS = {
    State.ERROR: "magenta",
    State.NON_COMPLIANT: "red",
    State.UNKNOWN: "yellow",
    State.EXEMPT: "cyan",
    State.COMPLIANT: "green",
    State.NOT_APPLICABLE: "dim",
}


def console() -> Console:
    """A console on standard output that is wide enough for a table where nobody sees it."""
    found = Console(highlight=False)
    return found if found.is_terminal else Console(highlight=False, width=PIPED_WIDTH)


def deployment_table(rows: Iterable[deployments.Deployment]) -> Table:
    """What runs where, how long that is supported, and the worst that was found."""
    table = _table(deployments.COLUMNS)
    for row in rows:
        table.add_row(
            _text(row.name),
            _text(row.system),
            _text(row.support),
            _text(row.findings, _COLOURS[row.state]),
            _text(row.worst),
        )
    return table


def result_table(rows: Iterable[results.ResultRow]) -> Table:
    """Results that ask for something to be done."""
    table = _table(results.COLUMNS)
    for row in rows:
        table.add_row(
            _text(row.resource),
            _text(row.state, _COLOURS[row.state]),
            _text(row.severity),
            _text(row.policy),
            _text(row.why),
        )
    return table


def _table(columns: Iterable[str]) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in _SHORT)
    return table


def _text(text: str, style: str = "") -> Text:
    return Text(visible(text), style=style)
