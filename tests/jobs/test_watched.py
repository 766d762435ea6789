"""Which subscriptions an event may be about."""

import pytest

from muster.jobs.watched import refuse_unwatched
from muster.values.errors import BadInput
from tests.jobs.stage import VM


@pytest.mark.parametrize("subscriptions", [None, {VM.subscription}, {"x", VM.subscription}])
def test_a_watched_subscription_is_let_through(subscriptions: set[str] | None) -> None:
    refuse_unwatched(VM, subscriptions)


@pytest.mark.parametrize("subscriptions", [set(), {"22222222-2222-3333-4444-555555555555"}])
def test_another_is_refused(subscriptions: set[str]) -> None:
    with pytest.raises(BadInput, match=VM.subscription) as raised:
        refuse_unwatched(VM, subscriptions)
    assert raised.value.reason == "unwatchedSubscription"
