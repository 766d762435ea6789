"""Texts in columns, in a terminal."""

from collections.abc import Iterable

from rich.table import Table
from rich.text import Text

from muster.report.visible import visible


def plain_table(columns: Iterable[str], rows: Iterable[Iterable[str]], *, whole: Iterable[str] = ()) -> Table:
    """A table without colours. What stands in the columns `whole` is never broken over lines."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold", no_wrap=column in whole)
    for row in rows:
        table.add_row(*(Text(visible(text)) for text in row))
    return table
