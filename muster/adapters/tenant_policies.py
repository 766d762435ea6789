"""What is assigned in Azure Policy, kept up to date.

It is read on first use, and after that at most every REFRESH_SECONDS, beside an invocation that goes on with the last
good one. What can't be used of it is left out and reported once.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Protocol

from muster.adapters.policy_files import load_schemas
from muster.facts.aliases import AzureAliases
from muster.policy.bound import BoundPolicySet
from muster.policy.tenant import BoundTenant, NotUsed, TenantPolicies, bind_tenant
from muster.ports import Clock, FindingStore
from muster.values.errors import TransientFault
from muster.values.instant import format_instant

if TYPE_CHECKING:
    from muster.values.json import JsonObject

REFRESH_SECONDS = 60.0
MOST_TOLD = 100

log = logging.getLogger(__name__)


class PolicyReader(Protocol):
    """Reads what is assigned. ArmPolicies (arm_policies.py) does."""

    async def read(self, subscriptions: Iterable[str] | None) -> TenantPolicies:
        """See ArmPolicies.read."""
        ...


class TenantJudge:
    """What is assigned in the watched subscriptions (None for every one). `store` keeps the records of what can't be
    used."""

    def __init__(
        self,
        reader: PolicyReader,
        subscriptions: frozenset[str] | None,
        *,
        store: FindingStore,
        clock: Clock,
        monotonic: Callable[[], float],
    ) -> None:
        self._reader = reader
        self._subscriptions = subscriptions
        self._store = store
        self._clock = clock
        self._monotonic = monotonic
        self._judge: BoundPolicySet | None = None
        self._fingerprint = ""
        self._read_at = 0.0
        self._refreshing: asyncio.Task[None] | None = None

    async def current(self) -> BoundPolicySet:
        """The newest that was read. Raises TransientFault where nothing was yet and Azure does not answer."""
        running = self._refreshing
        if running is not None and running.done():
            self._refreshing = None
            # A fault that may pass was told already; any other is the next invocation's.
            running.result()
        due = self._judge is None or self._monotonic() - self._read_at >= REFRESH_SECONDS
        if due and self._refreshing is None:
            self._read_at = self._monotonic()
            self._refreshing = asyncio.create_task(self._refresh(first=self._judge is None))
        if self._judge is None:
            await self.settled()
        assert self._judge is not None
        return self._judge

    async def settled(self) -> None:
        """Wait for a refresh that is under way. Raises TransientFault where the first one failed."""
        running = self._refreshing
        if running is not None:
            # One invocation that is given up does not take the policies from the others.
            await asyncio.shield(running)

    async def close(self) -> None:
        """End a refresh that is under way."""
        running, self._refreshing = self._refreshing, None
        if running is not None:
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)

    async def _refresh(self, *, first: bool) -> None:
        try:
            policies = await self._reader.read(self._subscriptions)
            fingerprint = policies.fingerprint
            if fingerprint == self._fingerprint:
                return
            bound = await asyncio.to_thread(_bound, policies)
            await self._tell(bound.not_used, fingerprint)
        except TransientFault as fault:
            if first:
                self._refreshing = None
                raise
            log.warning("what Azure Policy assigns could not be read, the last good one goes on: %s", fault)
            return
        self._judge, self._fingerprint = bound.judge, fingerprint
        log.info("policies %s of Azure Policy", bound.judge.version)

    async def _tell(self, not_used: tuple[NotUsed, ...], fingerprint: str) -> None:
        if not not_used:
            return
        count = f"{len(not_used)} thing{'s' * (len(not_used) != 1)}"
        message = f"{count} of what Azure Policy assigns can't be used"
        log.error("%s, the first %s: %s", message, not_used[0].id, not_used[0].why)
        record: JsonObject = {
            "schemaVersion": "1.0",
            "reason": "brokenPolicies",
            "message": f"{message}. The rest is judged by.",
            "time": format_instant(self._clock()),
            "came": [{"file": one.id, "pointer": "", "message": one.why} for one in not_used[:MOST_TOLD]],
        }
        await self._store.put_unprocessed(f"brokenPolicies/{fingerprint[:32]}.json", record)


def _bound(policies: TenantPolicies) -> BoundTenant:
    return bind_tenant(policies, load_schemas(), AzureAliases())
