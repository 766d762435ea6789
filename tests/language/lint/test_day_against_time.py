"""Days compared with times."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"field": "Muster.Lifecycle/endOfSupportDate", "less": ▸"[utcNow()]"}',
    '{"field": "Muster.Image/publishedDate", "greaterOrEquals": ▸"[addDays(utcNow(), -90)]"}',
)
SILENT = (
    '{"field": "Muster.Lifecycle/endOfSupportDate", "less": "[substring(utcNow(), 0, 10)]"}',
    '{"field": "Muster.Lifecycle/endOfSupportDate", "less": "2026-11-30"}',
    '{"field": "Microsoft.Compute/virtualMachines/timeCreated", "less": "[utcNow()]"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_time(condition: str) -> None:
    check("day-against-time", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_days_with_days_and_times_with_times_are_no_fault(condition: str) -> None:
    check("day-against-time", rule(condition))
