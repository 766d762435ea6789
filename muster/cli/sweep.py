"""`muster sweep`: judge every virtual machine, scale set and disk there is, now."""

import asyncio
import random
import sys
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush
from pathlib import Path
from typing import TYPE_CHECKING

import click

from muster.cli.coverage import show_coverage
from muster.cli.faults import show_faults
from muster.cli.stored import stored_findings
from muster.local.data_folder import DATA
from muster.values.errors import BrokenPolicySet, MusterError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from muster.ports import AzureReader, InventoryReader
    from muster.values.json import JsonObject
    from muster.values.request import EvaluationRequest
    from muster.values.sweep import BatchName

CLOUD = "AzurePublic"

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command()
@click.option("--subscription", "subscriptions", multiple=True, help="Sweep this one; may be repeated. All readable.")
@click.option("--management-group", "groups", multiple=True, help="Sweep what is below this one; may be repeated.")
@click.option("--resources", type=_FOLDER, help="Recorded REST bodies in place of Azure.")
@click.option(
    "--effective-rules",
    "effective",
    is_flag=True,
    envvar="MUSTER_EFFECTIVE_RULES",
    help="Ask Azure which security rules count for machines that run; takes a permission more.",
)
@click.option("--policies", type=_FOLDER, envvar="MUSTER_POLICIES", help="Folder of policies; muster's own.")
@click.option(
    "--storage",
    envvar="MUSTER_STORAGE",
    help="Connection string, or https://ACCOUNT.blob.core.windows.net; what `muster up` stores on this machine.",
)
@click.option(
    "--data", type=click.Path(path_type=Path), default=DATA, show_default=True, help="The data of `muster up`."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(
    subscriptions: tuple[str, ...],
    groups: tuple[str, ...],
    resources: Path | None,
    effective: bool,
    policies: Path | None,
    storage: str | None,
    data: Path,
    form: str,
) -> None:
    """Judge every virtual machine and scale set there is (and every disk, where some definition judges disks) in this
    process, and show what was covered.

    A sweep that was interrupted is continued. A subscription's machines are read at the pace that Azure allows: five a
    second.

    Exit code: 0 when everything is covered, 1 when not, 2 when the command line or the policies can't be used.
    """
    if effective and resources is not None:
        raise click.UsageError("--resources are read in place of Azure and have no --effective-rules.")
    try:
        document = asyncio.run(_sweep(_Read(subscriptions, groups, resources, effective), policies, storage, data))
    except BrokenPolicySet as broken:
        show_faults(broken.faults, folder=policies)
        sys.exit(2)
    except ValueError as error:
        raise click.UsageError(f"--storage: {error}") from error
    except MusterError as fault:
        raise click.ClickException(str(fault)) from fault
    show_coverage(document, form)
    sys.exit(0 if document.get("complete") is True else 1)


@dataclass(frozen=True, slots=True)
class _Read:
    """What is read: of which subscriptions and management groups, or which recorded bodies."""

    subscriptions: tuple[str, ...]
    groups: tuple[str, ...]
    resources: Path | None
    effective: bool


class _Here:
    """Batches and later looks of this process: judged in it, one batch after the other."""

    def __init__(self, *, paced: bool = False) -> None:
        """`paced`: batches wait as they are told to, since Azure's limits are why."""
        self._paced = paced
        self.batches: list[tuple[float, BatchName]] = []
        self.later: list[EvaluationRequest] = []

    async def put_batch(self, batch: "BatchName", delay: timedelta) -> None:
        heappush(self.batches, (time.monotonic() + delay.total_seconds() if self._paced else 0.0, batch))

    async def next_batch(self) -> "BatchName":
        """The batch whose time comes first, when it has come."""
        due, batch = heappop(self.batches)
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        return batch

    async def put(self, request: "EvaluationRequest", delay: timedelta) -> None:  # noqa: ARG002 the port's name
        # Instances of scale sets are looked at when all batches are judged. What Azure is not done with is told in the
        # coverage; the next event or sweep looks at it.
        self.later.append(request)


async def _sweep(read: _Read, policies: Path | None, storage: str | None, data: Path) -> "JsonObject":
    from muster.adapters.blob_documents import SWEEPS, BlobDocuments
    from muster.adapters.fact_sources import load_fact_sources
    from muster.adapters.policy_files import find_policies, load_policies
    from muster.facts.scale_sets import INSTANCE
    from muster.jobs.settle import Delays, settle
    from muster.jobs.sweep import LAST_COVERAGE, SweepStores, advance, judge_named, open_batches
    from muster.jobs.sweep import Step as Came
    from muster.jobs.sweep_batch import SweepTools

    folder = find_policies(policies, {})
    judge, sources = load_policies(folder).judge, load_fact_sources(folder)
    here = _Here(paced=read.resources is None)
    async with stored_findings(storage, data) as store, _azure(read) as (reader, inventory):
        documents = BlobDocuments(store.service, SWEEPS)
        stores = SweepStores(inventory, documents, here)
        only = frozenset(one.strip().lower() for one in read.subscriptions) or None
        tools = SweepTools(reader, store, judge, sources, _now, Delays(here, random.random), only)
        due = True
        while True:
            step = await advance(stores, tools, now_due=due)
            due = False
            while here.batches:
                await judge_named(await here.next_batch(), stores, tools)
            if step in (Came.PUBLISHED, Came.IDLE):
                break
            if step is Came.OVERTAKEN:
                raise click.ClickException("another sweep is at work on this store")
            for batch in await open_batches(documents):
                await here.put_batch(batch, timedelta(0))
        for request in here.later:
            if request.resource_id.type == INSTANCE:
                await settle(
                    request,
                    reader=reader,
                    store=store,
                    policies=judge,
                    sources=sources,
                    clock=_now,
                    delays=Delays(_Here(), random.random),
                )
        found = await documents.read(LAST_COVERAGE)
        assert found is not None
        return found.document


@asynccontextmanager
async def _azure(read: _Read) -> "AsyncIterator[tuple[AzureReader, InventoryReader]]":
    if read.resources is not None:
        from muster.adapters.recorded_azure import RecordedAzure
        from muster.adapters.recorded_inventory import RecordedInventory

        recorded = RecordedAzure.from_folder(read.resources, _now)
        yield recorded, RecordedInventory(recorded.bodies, _now)
        return
    from muster.adapters.arm_client import ArmClient
    from muster.adapters.arm_cloud import find_cloud
    from muster.adapters.arm_credential import arm_credential
    from muster.adapters.arm_graph import ArmGraph
    from muster.adapters.arm_inventory import ArmInventory
    from muster.adapters.arm_reader import ArmReader

    cloud = find_cloud(CLOUD)
    client = ArmClient(cloud, arm_credential(cloud, client_id="", in_azure=False), _now)
    reader = ArmReader(client, time.monotonic, effective_rules=read.effective)
    try:
        yield reader, ArmInventory(ArmGraph(client), subscriptions=read.subscriptions, management_groups=read.groups)
    finally:
        await reader.close()


def _now() -> datetime:
    return datetime.now(UTC)
