"""Blob metadata: whatever the value, a header can carry it and the bound holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.blob_metadata import MAX_BYTES, MAX_VALUE, decode_metadata, encode_metadata

_names = st.from_regex(r"\A[a-z][A-Za-z0-9]{0,20}\Z")


@pytest.mark.parametrize(
    ("value", "encoded"),
    [
        ("NonCompliant", "NonCompliant"),
        ("2026-11-30", "2026-11-30"),
        ("SLES 15", "SLES%2015"),
        (" x ", "%20x%20"),
        ("100%", "100%25"),
        ("Zürich", "Z%C3%BCrich"),
        ("a\r\nX-Injected: 1", "a%0D%0AX-Injected:%201"),
    ],
)
def test_values_are_percent_encoded(value: str, encoded: str) -> None:
    assert encode_metadata({"name": value}) == {"name": encoded}
    assert decode_metadata({"name": encoded}) == {"name": value}


def test_an_empty_value_is_left_out() -> None:
    assert encode_metadata({"state": "Unknown", "cycle": ""}) == {"state": "Unknown"}


def test_a_long_value_is_cut_between_characters() -> None:
    (text,) = encode_metadata({"name": "€" * 5_000}).values()
    assert len(text) <= MAX_VALUE
    assert decode_metadata({"name": text})["name"] == "€" * (len(text) // 9)
    assert len(text) > MAX_VALUE - 18


def test_what_comes_first_wins_where_not_all_fits() -> None:
    encoded = encode_metadata({f"name{n}": "x" * MAX_VALUE for n in range(20)})
    assert list(encoded) == [f"name{n}" for n in range(len(encoded))]
    assert 0 < len(encoded) < 20


@given(st.dictionaries(_names, st.text(max_size=2_000), max_size=20))
def test_any_values_fit_into_headers(values: dict[str, str]) -> None:
    encoded = encode_metadata(values)
    assert sum(len(name) + len(text) for name, text in encoded.items()) <= MAX_BYTES
    assert all(text.isascii() and text.isprintable() and text == text.strip() for text in encoded.values())
