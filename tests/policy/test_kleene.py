"""Three-valued and, or and not."""

import itertools

from muster.language.outcome import Truth
from muster.policy.kleene import all_hold, any_holds, negated

TRUTHS: tuple[Truth, ...] = (True, False, None)


def test_unknown_never_decides() -> None:
    """What is said with an unknown among the parts is what is said whatever it turns out to be."""
    for parts in itertools.product(TRUTHS, repeat=3):
        known = [[part] if part is not None else [True, False] for part in parts]
        outcomes_and = {all(choice) for choice in itertools.product(*known)}
        outcomes_or = {any(choice) for choice in itertools.product(*known)}
        assert all_hold(parts) == (outcomes_and.pop() if len(outcomes_and) == 1 else None)
        assert any_holds(parts) == (outcomes_or.pop() if len(outcomes_or) == 1 else None)


def test_or_is_and_turned_round() -> None:
    for parts in itertools.product(TRUTHS, repeat=3):
        assert any_holds(parts) is negated(all_hold(map(negated, parts)))


def test_of_nothing() -> None:
    assert all_hold(()) is True
    assert any_holds(()) is False
