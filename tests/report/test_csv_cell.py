"""Cells of a table that a spreadsheet opens: none of them is computed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.report.csv_cell import csv_cell


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("vm-1", "vm-1"),
        ("", ""),
        ("a=b", "a=b"),
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("  =1+1", "'  =1+1"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("＝1", "'＝1"),
        ("'=1", "'=1"),
    ],
)
def test_cells(text: str, cell: str) -> None:
    assert csv_cell(text) == cell


@given(st.text(max_size=30))
def test_no_cell_begins_as_a_formula_does(text: str) -> None:
    cell = csv_cell(text)
    assert cell in (text, f"'{text}")
    assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "＝"))
