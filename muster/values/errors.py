"""Every exception that muster raises on purpose.

MusterError
├── BadInput               what came in is wrong and stays wrong: record it, acknowledge it, never retry
│   ├── InvalidResourceId  not an ARM resource id that a request or a blob name may be built from
│   └── InvalidEvent       an event that muster can't act on
├── BrokenPolicySet        policy files that can't be used; carries every fault found
├── TemplateError          a template function or expression failed while a rule ran
├── TransientFault         Azure or storage did not answer now; the same call may work later
│   └── NotThereYet        a resource that was written a moment ago and can't be read yet
└── Conflict               a conditional write lost to another writer
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from muster.values.diagnostic import Diagnostic


class MusterError(Exception):
    """Base of every exception that muster raises on purpose."""


class BadInput(MusterError):
    """Input that is wrong and stays wrong. `reason` is a short stable slug, the message is for people."""

    reason = "badInput"

    def __init__(self, message: str, *, reason: str | None = None) -> None:
        super().__init__(message)
        if reason is not None:
            self.reason = reason


class InvalidResourceId(BadInput):
    """A text that is not an ARM resource id."""

    reason = "invalidResourceId"


class InvalidEvent(BadInput):
    """An event that muster can't act on."""

    reason = "invalidEvent"


class BrokenPolicySet(MusterError):
    """A policy set that can't be used. `faults` holds all of them, not the first."""

    def __init__(self, faults: Sequence["Diagnostic"]) -> None:
        super().__init__(f"{len(faults)} fault{'s' * (len(faults) != 1)} in the policy files")
        self.faults = tuple(faults)


class TemplateError(MusterError):
    """A template function or expression failed. Azure Policy denies then; muster's state is Error."""


class TransientFault(MusterError):
    """A fault that may pass: throttling, a 5xx, a time-out. `retry_after` is in seconds, if the other side said so."""

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotThereYet(TransientFault):
    """Azure says 404 for what was written a moment ago: its replication lags behind."""


class Conflict(MusterError):
    """A conditional write found that another writer was first."""
