"""Sets of ports."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.facts.port_sets import ALL, HIGHEST, NONE, port_range, ranges

PORT = st.integers(0, HIGHEST)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("22", ["22"]),
        (" 22 ", ["22"]),
        ("0", ["0"]),
        ("65535", ["65535"]),
        ("1000-2000", ["1000-2000"]),
        ("1000 - 2000", ["1000-2000"]),
        ("80-80", ["80"]),
        ("*", [f"0-{HIGHEST}"]),
        ("0-65535", [f"0-{HIGHEST}"]),
        ("65536", None),
        ("22-21", None),
        ("-1", None),
        ("1-", None),
        ("", None),
        ("ssh", None),
        ("22,80", None),
        ("٢٢", None),
        ("9" * 100, None),
    ],
)
def test_ranges_as_azure_writes_them(text: str, shown: list[str] | None) -> None:
    ports = port_range(text)
    assert (None if ports is None else ranges(ports)) == shown


def test_none_and_all() -> None:
    assert ranges(NONE) == []
    assert ranges(ALL) == [f"0-{HIGHEST}"]


@given(st.sets(PORT, max_size=40))
def test_what_is_shown_is_what_is_in_it(members: set[int]) -> None:
    ports = sum(1 << port for port in members)
    shown = ranges(ports)
    back = NONE
    for text in shown:
        back |= port_range(text) or NONE
    assert back == ports
    assert len(shown) <= len(members)


@given(PORT, PORT)
def test_a_range_has_its_ends_and_nothing_outside(one: int, other: int) -> None:
    first, last = sorted((one, other))
    ports = port_range(f"{first}-{last}")
    assert ports is not None
    assert ports.bit_count() == last - first + 1
    assert ports >> first & 1
    assert ports >> last & 1
