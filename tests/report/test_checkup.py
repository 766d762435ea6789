"""The page of `muster doctor` is what the code says, and its outcome is the worst of all."""

import pytest

from muster.jobs.doctor.run import CHECKS, reference_rows
from muster.report.checkup_json import checkup_json, worst
from muster.report.checkup_page import checkup_page, page_of
from muster.values.checkup import Checked, Outcome
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "doctor.md"


def test_the_page_is_as_the_code() -> None:
    assert PAGE.read_text("utf-8") == checkup_page(reference_rows()), "scripts/write-reference.py writes it"


def test_every_link_leads_somewhere() -> None:
    text = PAGE.read_text("utf-8")
    for check in CHECKS:
        assert f'<a id="{page_of(check.name).partition("#")[2]}"></a>' in text


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([], Outcome.OK),
        ([Outcome.OK, Outcome.WARNING], Outcome.WARNING),
        ([Outcome.WARNING, Outcome.UNKNOWN], Outcome.UNKNOWN),
        ([Outcome.UNKNOWN, Outcome.FAULT, Outcome.OK], Outcome.FAULT),
    ],
)
def test_the_worst(outcomes: list[Outcome], expected: Outcome) -> None:
    assert worst(outcomes) is expected
    assert checkup_json([Checked("c", one, "x") for one in outcomes])["outcome"] == expected
