"""Faults on the way to Azure: what is tried again, for how long, and what is raised then."""

import asyncio
import logging
import time
from dataclasses import replace
from typing import Any

import pytest
from azure.core.exceptions import ClientAuthenticationError

from muster.adapters.arm_client import ArmClient, Patience
from muster.adapters.arm_cloud import find_cloud
from muster.adapters.arm_reader import ArmReader
from muster.local.arm.fault_plan import Fault, FaultPlan
from muster.local.arm.limits import Limits
from muster.values.answers import Found, FoundMany
from muster.values.document import RelatedQuery
from muster.values.errors import TransientFault
from muster.values.surroundings import Surrounding
from tests.adapters.arm_stage import IMPATIENT, SUBSCRIPTION, VM, arm

PASSING = [Fault.BROKEN, Fault.UNAVAILABLE, Fault.RESET, Fault.THROTTLED, Fault.SLOW]


@pytest.mark.parametrize("fault", PASSING)
async def test_a_fault_that_passes_is_waited_out(fault: Fault) -> None:
    async with arm(plan=FaultPlan(next=[fault, fault], retry_after=0, slow=0.01)) as here:
        assert isinstance(await here.reader.get(VM), Found)
        assert len(here.asked) == (1 if fault is Fault.SLOW else 3)


@pytest.mark.parametrize("fault", [fault for fault in PASSING if fault is not Fault.SLOW])
async def test_a_fault_that_stays_is_transient_after_four_attempts(fault: Fault) -> None:
    async with arm(plan=FaultPlan(rates={fault: 1.0}, retry_after=0)) as here:
        with pytest.raises(TransientFault, match="virtualMachines/web01"):
            await here.reader.get(VM)
        # aiohttp makes a GET once more by itself where a connection that it had kept is cut.
        assert len(here.asked) == 4 or (fault is Fault.RESET and 4 < len(here.asked) <= 8)


async def test_an_answer_that_never_comes_is_given_up() -> None:
    quick = replace(IMPATIENT, attempts=2, answer=0.1)
    async with arm(plan=FaultPlan(rates={Fault.STALL: 1.0}, stall=30), patience=quick) as here:
        began = time.monotonic()
        with pytest.raises(TransientFault):
            await here.reader.get(VM)
        assert time.monotonic() - began < 5


async def test_throttling_is_waited_out_where_azure_asks_for_little() -> None:
    async with arm(plan=FaultPlan(next=[Fault.THROTTLED], retry_after=1), patience=Patience()) as here:
        began = time.monotonic()
        assert isinstance(await here.reader.get(VM), Found)
        assert time.monotonic() - began >= 1


async def test_throttling_is_handed_on_at_once_where_azure_asks_for_much() -> None:
    async with arm(plan=FaultPlan(rates={Fault.THROTTLED: 1.0}, retry_after=30)) as here:
        began = time.monotonic()
        with pytest.raises(TransientFault) as raised:
            await here.reader.get(VM)
        assert time.monotonic() - began < 1
        assert raised.value.retry_after == 30
        assert len(here.asked) == 1


async def test_the_real_limit_of_reads_is_250_and_25_a_second() -> None:
    now = [0.0]
    hasty = Patience(attempts=1)
    async with arm(limits=Limits(), monotonic=lambda: now[0], patience=hasty) as here:
        answers = await asyncio.gather(*(here.reader.get(VM) for _ in range(251)), return_exceptions=True)
        refused = [answer for answer in answers if isinstance(answer, TransientFault)]
        assert len(refused) == 1
        assert refused[0].retry_after == 1
        now[0] += 1
        answers = await asyncio.gather(*(here.reader.get(VM) for _ in range(26)), return_exceptions=True)
        assert sum(isinstance(answer, TransientFault) for answer in answers) == 1


async def test_the_real_limit_of_resource_graph_is_15_in_5_seconds() -> None:
    now = [0.0]
    query = RelatedQuery("microsoft.recoveryservices/backupprotecteditems", str(VM))
    async with arm(limits=Limits(), monotonic=lambda: now[0], patience=Patience(attempts=1)) as here:
        for _ in range(15):
            assert isinstance(await here.reader.related(query), FoundMany)
        with pytest.raises(TransientFault) as raised:
            await here.reader.related(query)
        assert raised.value.retry_after == 6
        now[0] += 5
        assert isinstance(await here.reader.related(query), FoundMany)


async def test_faults_by_rate_come_in_the_same_order_from_the_same_seed() -> None:
    rates = {Fault.BROKEN: 0.2, Fault.RESET: 0.1}
    one, other = FaultPlan(rates=rates, seed=7), FaultPlan(rates=rates, seed=7)
    drawn = [one.draw() for _ in range(1000)]
    assert drawn == [other.draw() for _ in range(1000)]
    assert drawn != [FaultPlan(rates=rates, seed=8).draw() for _ in range(1000)]
    assert 150 < drawn.count(Fault.BROKEN) < 250
    assert 60 < drawn.count(Fault.RESET) < 140


async def test_one_read_in_ten_that_fails_loses_none() -> None:
    rates = {Fault.THROTTLED: 0.02, Fault.BROKEN: 0.02, Fault.UNAVAILABLE: 0.02, Fault.RESET: 0.04}
    patient = replace(IMPATIENT, attempts=8)
    async with arm(plan=FaultPlan(rates=rates, retry_after=0), patience=patient) as here:
        answers = await asyncio.gather(*(here.reader.get(VM) for _ in range(300)))
    assert all(isinstance(answer, Found) for answer in answers)


class NoToken:
    """A credential that can't be had."""

    async def get_token(self, *scopes: str, **options: Any) -> Any:
        raise ClientAuthenticationError("AADSTS700027: the certificate has expired.\nTrace ID: x")

    async def close(self) -> None:
        return

    async def __aenter__(self) -> "NoToken":
        return self

    async def __aexit__(self, *raised: object) -> None:
        return


async def test_a_token_that_can_not_be_had_is_one_line_and_a_transient_fault(caplog: pytest.LogCaptureFixture) -> None:
    async with arm() as here:
        client = ArmClient(find_cloud(here.state.url), NoToken(), here.client._clock, IMPATIENT)
        reader = ArmReader(client, lambda: 0.0)
        with pytest.raises(TransientFault, match="AADSTS700027"):
            await reader.get(VM)
        await reader.close()
        assert here.asked == []
    [record] = [record for record in caplog.records if record.name.startswith("muster")]
    assert record.levelno == logging.ERROR
    assert "certificate has expired" in record.getMessage()
    assert "\n" not in record.getMessage()


async def test_a_token_of_another_tenant_is_one_line_and_a_transient_fault(
    caplog: pytest.LogCaptureFixture, aiohttp_answer: Any
) -> None:
    text = b'{"error": {"code": "InvalidAuthenticationTokenTenant", "message": "The token is from the wrong issuer"}}'
    reader = await aiohttp_answer(401, text)
    with pytest.raises(TransientFault, match="InvalidAuthenticationTokenTenant"):
        await reader.get(VM)
    assert len([record for record in caplog.records if record.name.startswith("muster")]) == 1


async def test_who_gives_up_does_not_take_the_answer_from_others() -> None:
    async with arm(plan=FaultPlan(next=[Fault.SLOW], slow=0.1)) as here:
        wanted = frozenset({Surrounding.SUBSCRIPTION})
        first = asyncio.create_task(here.reader.surroundings(VM, wanted))
        second = asyncio.create_task(here.reader.surroundings(VM, wanted))
        await asyncio.sleep(0.02)
        first.cancel()
        found = await second
        assert found.subscription is not None
        assert found.subscription["subscriptionId"] == SUBSCRIPTION
        assert len(here.asked) == 1
