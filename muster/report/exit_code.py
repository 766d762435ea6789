"""The exit code of a command that judges."""

from collections.abc import Iterable
from enum import IntEnum

from muster.values.states import State


class ExitCode(IntEnum):
    """What a shell learns. The worst state of any result decides."""

    COMPLIANT = 0
    """No result is worse than Compliant, Exempt or NotApplicable."""
    ERROR = 1
    """A rule failed, or muster itself could not do its work."""
    USAGE = 2
    """The command line, a file or a policy set can't be used."""
    NON_COMPLIANT = 10
    """At least one result is NonCompliant, and none is Error."""
    UNKNOWN = 11
    """At least one result is Unknown, and none is worse."""


def exit_code(states: Iterable[State]) -> ExitCode:
    """The exit code for the states of all results."""
    seen = set(states)
    if State.ERROR in seen:
        return ExitCode.ERROR
    if State.NON_COMPLIANT in seen:
        return ExitCode.NON_COMPLIANT
    return ExitCode.UNKNOWN if State.UNKNOWN in seen else ExitCode.COMPLIANT
