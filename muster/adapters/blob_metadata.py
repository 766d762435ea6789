"""Blob metadata: names are camelCase identifiers, values travel in HTTP headers, so they are percent-encoded."""

from collections.abc import Mapping
from urllib.parse import quote, unquote

MAX_BYTES = 8 * 1024
"""Azure's bound on all names and values of a blob together."""

MAX_VALUE = 1024

_READABLE = "!#$&'()*+,-./:;<=>?@[]^_`{|}~"


def encode_metadata(values: Mapping[str, str]) -> dict[str, str]:
    """Percent-encode values and keep to Azure's bound: a long value is cut, and entries past the bound are left out
    from the end, so the most important come first. Empty values are left out, since a header can't say them."""
    encoded: dict[str, str] = {}
    room = MAX_BYTES
    for name, value in values.items():
        text = _encode(value)
        room -= len(name) + len(text)
        if room < 0:
            break
        if text:
            encoded[name] = text
    return encoded


def decode_metadata(encoded: Mapping[str, str]) -> dict[str, str]:
    """The values as they were before `encode_metadata`."""
    return {name: unquote(value) for name, value in encoded.items()}


def _encode(value: str) -> str:
    text = quote(value, safe=_READABLE, errors="replace")
    while len(text) > MAX_VALUE:
        value = value[: min(len(value) - 1, MAX_VALUE * len(value) // len(text))]
        text = quote(value, safe=_READABLE, errors="replace")
    return text
