"""What the samples come to, as `muster up --demo` shows it: a golden table on a fixed day."""

import io
import json
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from functions.on_vm_written import receive
from functions.wiring import Services
from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.policy_files import load_policies
from muster.cli.finding_tables import PIPED_WIDTH, deployment_table
from muster.jobs.settle import Delays
from muster.local.arm.estate import Estate
from muster.local.samples import sample_bodies, sample_events
from muster.report.deployments import deployments
from tests.adapters.arm_stage import arm
from tests.conftest import ROOT
from tests.golden_files import check_golden
from tests.memory_findings import MemoryFindings
from tests.memory_queue import MemoryQueue

NOW = datetime(2026, 11, 23, 6, 0, tzinfo=UTC)
GOLDEN = Path(__file__).parent / "golden" / "demo.txt"


async def test_the_table_of_the_samples() -> None:
    sources = load_fact_sources(ROOT / "policies")
    store = MemoryFindings()
    policies = load_policies(ROOT / "policies").judge
    delays = Delays(MemoryQueue(), lambda: 0.5)
    async with arm(estate=Estate.from_folders(sample_bodies(ROOT / "samples")), partial=True) as here:
        services = Services(here.reader, store, policies, sources, lambda: NOW, record_caller=True, delays=delays)
        for delivery in sample_events(ROOT / "samples"):
            value = json.loads(delivery.payload)
            for event in value if isinstance(value, list) else [value]:
                await receive(json.dumps(event), services)
    findings = [finding async for finding in store.all_latest()]
    titles = {name: product.title for name, product in sources.catalogue.products.items()}
    screen = Console(file=io.StringIO(), width=PIPED_WIDTH, highlight=False)
    with screen.capture() as printed:
        screen.print(deployment_table(deployments(findings, NOW.date(), titles)))
    check_golden(GOLDEN, printed.get())
