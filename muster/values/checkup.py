"""What a look at an installation comes to: each check with its outcome, what was found and what to do."""

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """What a check came to."""

    OK = "ok"
    WARNING = "warning"
    """It works, and something should be looked at."""
    FAULT = "fault"
    """Something does not work, or soon will not."""
    UNKNOWN = "unknown"
    """It could not be looked at."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One answer of a check. `subject` is what it is about where a check looks at several things, else ""; `found` and
    `remedy` are sentences, `remedy` is "" where there is nothing to do. Names in them may be a stranger's."""

    check: str
    outcome: Outcome
    found: str
    remedy: str = ""
    subject: str = ""
