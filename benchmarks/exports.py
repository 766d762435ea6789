"""`muster findings export` of 1,000,000 findings, in every format: how fast, and in how much memory.

    python benchmarks/exports.py [--findings N] [--results N] [--store]

Findings are generated one document after the other and go the way that stored ones go: facets, format, file. Reading
blobs is left out, which is a matter of storage. Each export is a process of its own, once for a tenth of the findings
and once for all, so that memory that grows would show. Times are of the processor. `--store` writes the result beside
this script.
"""

import argparse
import asyncio
import json
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

from muster.adapters.catalogue_files import load_catalogue
from muster.adapters.export_formats import new_export
from muster.adapters.policy_files import own_policies
from muster.adapters.searched_words import SearchedWords
from muster.cli.findings_export import Tally, write_export
from muster.jobs.chosen_results import ChosenResults
from muster.jobs.lifetimes import lifetime
from muster.report.export import EXPORT_FORMATS
from muster.values.errors import BadInput
from muster.values.json import JsonObject
from muster.values.selection import Facet, Selection

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).with_suffix(".json")
MEGABYTES = 200
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
STATES = ("Compliant", "Compliant", "Compliant", "NonCompliant", "NotApplicable", "Unknown")
SEVERITIES = ("critical", "high", "medium", "low", "info")
CHOSEN = Selection(
    {Facet.STATE: ("NonCompliant",), Facet.DISTRIBUTION: ("ubuntu",), Facet.CONTROL: ("PV-3", "PV-6")}, text="web prod"
)


def document(number: int, results: int) -> JsonObject:
    """A finding of some 60 KB."""
    subscription, name = f"00000000-0000-4000-8000-{number % 50:012d}", f"vm-web-{number:06d}"
    group = f"rg-app-{number % 2000}"
    identifier = (
        f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}"
    )
    return {
        "schemaVersion": "1.0",
        "resource": {
            "id": identifier,
            "name": name,
            "type": "Microsoft.Compute/virtualMachines",
            "location": f"region-{number % 40}",
            "subscriptionId": subscription,
            "resourceGroup": group,
            "tags": {"owner": f"team-{number % 3000}", "environment": "prod" if number % 4 else "test"},
        },
        "image": {"product": ("ubuntu", "debian", "rhel")[number % 3], "release": "22.04", "cycle": "22.04"},
        "lifecycle": {"asOf": "2026-11-23", "phase": "supported"},
        "state": "NonCompliant",
        "settled": True,
        "counts": {},
        "results": [_result(number, place) for place in range(results)],
        "unavailable": [],
        "warnings": [],
        "evaluation": {
            "id": f"{number:032x}",
            "predecessor": None,
            "observedAt": "2026-11-23T07:00:00Z",
            "checkedAt": "2026-11-23T07:30:00Z",
            "policyVersion": "p1",
            "cause": "written",
            "correlationId": None,
        },
    }


def _result(number: int, place: int) -> JsonObject:
    state = STATES[(number + place) % len(STATES)]
    text = f"Microsoft.Compute/virtualMachines/thing{place} is missing, which counts as other than 'on'."
    return {
        "id": f"{number:016x}{place:016x}",
        "state": state,
        "underneath": None,
        "effect": "audit",
        "enforced": True,
        "severity": SEVERITIES[place % len(SEVERITIES)],
        "assignment": "muster-baseline",
        "initiative": "muster-baseline",
        "definition": f"policy-{place}",
        "reference": f"policy-{place}",
        "version": "1.0.0",
        "exemption": None,
        "groups": [f"PV-{place % 8}", "lifecycle"],
        "displayName": f"Machines should have thing number {place}",
        "message": text,
        "reasons": [
            {
                "text": text,
                "field": f"Microsoft.Compute/virtualMachines/thing{place}",
                "path": f"properties.thing{place}",
                "operator": "equals",
                "expected": "on",
                "found": None,
                "foundState": "missing",
                "pointer": "/if/allOf/1",
            }
        ],
        "remediation": f"Turn thing {place} on.\naz vm update --ids ID --set thing{place}=on",
        "documentation": "https://learn.microsoft.com/azure/virtual-machines/",
    }


async def generated(count: int, results: int) -> AsyncIterator[JsonObject | BadInput]:
    """Documents, each made when it is asked for."""
    for number in range(count):
        yield document(number, results)


def export(form: str, count: int, results: int, *, chosen: bool) -> dict[str, object]:
    """What one process measures."""
    catalogue = load_catalogue(own_policies()).catalogue
    titles = {name: product.title for name, product in catalogue.products.items()}
    chooser = ChosenResults(
        CHOSEN if chosen else Selection(),
        "owner",
        NOW.date(),
        lambda system, day: lifetime(system, catalogue, day),
        SearchedWords().has,
    )
    begun = time.process_time()
    for number in range(min(count, 500)):
        document(number, results)
    making = (time.process_time() - begun) / min(count, 500) * count
    tally = Tally()
    begun = time.process_time()
    with Path(os.devnull).open("w", encoding="utf-8") as out:
        asyncio.run(write_export(new_export(form, NOW, titles), chooser, generated(count, results), out, tally))
    seconds = time.process_time() - begun - making
    return {
        "findings": count * results,
        "exported": tally.findings,
        "seconds": round(seconds, 1),
        "findingsPerSecond": round(count * results / seconds),
        "peakMegabytes": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def main() -> None:
    """Measure, print and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--findings", type=int, default=1_000_000)
    parser.add_argument("--results", type=int, default=60)
    parser.add_argument("--store", action="store_true")
    parser.add_argument("--export", choices=EXPORT_FORMATS, help=argparse.SUPPRESS)
    parser.add_argument("--chosen", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    count = max(given.findings // given.results, 1)
    if given.export:
        print(json.dumps(export(given.export, count, given.results, chosen=given.chosen)))
        return
    formats = {
        name: {
            "aTenth": _run(name, given.findings // 10, given.results),
            "all": _run(name, given.findings, given.results),
        }
        for name in EXPORT_FORMATS
    }
    found = {
        "findings": given.findings,
        "resultsEach": given.results,
        "formats": formats,
        "facets": _run("ocsf", given.findings, given.results, "--chosen"),
        "limits": {"peakMegabytes": MEGABYTES},
        "machine": {"python": platform.python_version(), "processors": os.cpu_count()},
    }
    print(json.dumps(found, indent=1))
    if given.store:
        RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    large = [name for name, one in formats.items() if one["all"]["peakMegabytes"] > MEGABYTES]
    sys.exit(f"over the limits: {', '.join(large)}" if large else 0)


def _run(form: str, findings: int, results: int, *more: str) -> dict[str, int]:
    order = [sys.executable, __file__, "--export", form, "--findings", str(findings), "--results", str(results), *more]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(order, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, timeout=3600, check=True)
    measured: dict[str, int] = json.loads(ran.stdout)
    return measured


if __name__ == "__main__":
    main()
