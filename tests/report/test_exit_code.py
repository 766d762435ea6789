"""What a shell learns: house rules in a table."""

import pytest

from muster.report.exit_code import ExitCode, exit_code
from muster.values.states import State


@pytest.mark.parametrize(
    ("states", "code"),
    [
        ([], 0),
        ([State.COMPLIANT, State.NOT_APPLICABLE, State.EXEMPT], 0),
        ([State.COMPLIANT, State.UNKNOWN], 11),
        ([State.UNKNOWN, State.NON_COMPLIANT, State.COMPLIANT], 10),
        ([State.NON_COMPLIANT, State.UNKNOWN, State.ERROR], 1),
    ],
)
def test_the_worst_state_decides(states: list[State], code: int) -> None:
    assert exit_code(states) == code


def test_usage_has_clicks_own_code() -> None:
    assert int(ExitCode.USAGE) == 2
