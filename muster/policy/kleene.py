"""And and or in three values, for what decides whether an assignment or exemption applies."""

from collections.abc import Iterable

from muster.language.outcome import Truth


def all_hold(truths: Iterable[Truth]) -> Truth:
    """False if any is False, else unknown if any is, else true (of none, too)."""
    known = True
    for truth in truths:
        if truth is False:
            return False
        known = known and truth is not None
    return True if known else None


def any_holds(truths: Iterable[Truth]) -> Truth:
    """True if any is True, else unknown if any is, else false (of none, too)."""
    known = True
    for truth in truths:
        if truth is True:
            return True
        known = known and truth is not None
    return False if known else None


def negated(truth: Truth) -> Truth:
    """Not; the unknown stays unknown."""
    return None if truth is None else not truth
