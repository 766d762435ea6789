"""What a log line may say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.report.log_text import log_text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("/subscriptions/1/x: recorded, then nothing", "/subscriptions/1/x: recorded, then nothing"),
        ("by someone.else+x@mail.example.com today", "by (redacted) today"),
        ("Authorization: Bearer abc.def-ghi, then", "Authorization: Bearer (redacted), then"),
        ("token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln end", "token (redacted) end"),
        ("https://a.blob.core.windows.net/c/b?sv=1&sig=a%2Bb%3D&se=2", "https://a.blob.core.windows.net/c/b?sv=1&sig=(redacted)&se=2"),
        ("AccountName=a;AccountKey=YWJj+/==;BlobEndpoint=x", "AccountName=a;AccountKey=(redacted);BlobEndpoint=x"),
        ('{"adminPassword": "hunter 2", "x": 1}', '{"adminPassword": (redacted), "x": 1}'),
        ('{"adminPassword": "hun\\"ter 2", "x": 1}', '{"adminPassword": (redacted), "x": 1}'),
        ('"{\\"customData\\": \\"a b\\", \\"x\\": 1}"', '"{\\"customData\\": (redacted), \\"x\\": 1}"'),
        ("{'commandToExecute': 'rm -rf x', 'y': 2}", "{'commandToExecute': (redacted), 'y': 2}"),
        ('before "claims": {"upn": "a"} after', "before (redacted)"),
        ("claims is an object, not a string", "claims is an object, not a string"),
        ("x.disablePasswordAuthentication is false", "x.disablePasswordAuthentication is false"),
    ],
)  # fmt: skip
def test_secrets_and_persons_are_withheld(text: str, kept: str) -> None:
    assert log_text(text) == kept


@given(st.text(max_size=300))
def test_any_text_is_taken_and_what_was_withheld_stays_so(text: str) -> None:
    once = log_text(text)
    assert log_text(once) == once


def test_a_long_text_takes_no_longer_than_its_length() -> None:
    for text in (
        "a" * 200_000,
        "a@" * 100_000,
        "eyJ" * 70_000,
        '"adminPassword": "' + "\\" * 100_000,
        "Bearer " * 30_000,
    ):
        assert log_text(text)
