"""The states of a verdict, severities, and how a resource's state follows from its results."""

from collections.abc import Iterable
from enum import StrEnum


class State(StrEnum):
    """What a rule says of a resource. What could not be read is UNKNOWN, never COMPLIANT and never NON_COMPLIANT."""

    COMPLIANT = "Compliant"
    NON_COMPLIANT = "NonCompliant"
    EXEMPT = "Exempt"
    NOT_APPLICABLE = "NotApplicable"
    UNKNOWN = "Unknown"
    ERROR = "Error"


class Severity(StrEnum):
    """How much a NonCompliant result matters; Azure Policy metadata's `severity`, most severe first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"


ROLL_UP_ORDER = (
    State.ERROR,
    State.NON_COMPLIANT,
    State.UNKNOWN,
    State.EXEMPT,
    State.COMPLIANT,
    State.NOT_APPLICABLE,
)


def roll_up(states: Iterable[State]) -> State:
    """The state of a resource: the first in ROLL_UP_ORDER that any result has; NotApplicable where there is none."""
    seen = set(states)
    return next((state for state in ROLL_UP_ORDER if state in seen), State.NOT_APPLICABLE)
