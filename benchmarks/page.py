"""The page over 100,000 resources with 60 results each: how long cold and warm pages take, and in how much memory.

    python benchmarks/page.py [--resources N] [--results N] [--store]

The findings are generated and go into the index directly, since reading 100,000 blobs is a matter of storage. A cold
page is a fresh process that loads the index from a file on this machine and answers the overview, imports included; its
peak memory is the process's. Warm pages are the median and the worst of several calls each, all facets counted, HTML
and all. Times are of the processor, one of them at work, so that what else a machine does counts for little.
`--store` writes the result beside this script.
"""

import argparse
import json
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from functions.page_site import load_site
from muster.adapters.catalogue_files import load_catalogue
from muster.adapters.index_file import IndexFile, open_file
from muster.adapters.index_reader import IndexReader
from muster.adapters.policy_files import own_policies
from muster.jobs.index_entry import CODE, IndexedResult, IndexEntry
from muster.jobs.lifetimes import lifetime
from muster.values.json import JsonObject, canonical
from muster.values.listing import Lifetime, UnprocessedRow
from muster.values.states import Severity, State
from muster.web.access import Viewer
from muster.web.page import Sources
from muster.web.request import Request

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).with_suffix(".json")
COLD_SECONDS, WARM_MS, MEGABYTES = 3.0, 300, 200
CALLS = 7
UNPROCESSED = 20_000
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)

QUERIES = {
    "overview": "/",
    "resources": "/resources",
    "findings": "/findings",
    "facet of results": "/findings?severity=high&state=NonCompliant",
    "facet of policies": "/findings?policy=policy-7&policy=policy-8",
    "facet of controls": "/findings?control=PV-3&control=lifecycle&severity=high",
    "resources by control": "/resources?control=PV-3&state=NonCompliant",
    "facet of systems": "/findings?distribution=ubuntu&phase=supported",
    "facet of owners": "/resources?owner=team-17&location=region-3",
    "many facets": "/findings?state=Unknown&severity=low&location=region-1&distribution=debian&subscription="
    "00000000-0000-4000-8000-000000000007",
    "search, one machine": "/resources?q=vm-web-04217",
    "search, every machine": "/findings?q=vm+prod",
    "search in policies": "/findings?q=number+12",
    "sorted by name, deep page": "/findings?sort=name&page=4000",
    "sorted by end of support": "/resources?sort=support&page=200",
    "as of another day": "/resources?asOf=2028-06-01&phase=ended",
    "calendar": "/lifecycle",
    "not checked": "/unchecked",
    "exemptions": "/exemptions",
    "json": "/findings.json?severity=critical",
    "csv of 5,000": "/findings.csv?state=NonCompliant",
}


def generate(path: Path, resources: int, results: int) -> float:
    """Write an index; how many seconds that took."""
    chance = random.Random(1)
    severities = [chance.choice(list(Severity)) for _ in range(results)]
    rules = [
        canonical(
            {
                "policy": f"policy-{number}",
                "assignment": "baseline",
                "definition": f"policy-{number}",
                "reference": f"policy-{number}",
                "displayName": f"Machines should have thing number {number}",
                "severity": severity,
                "effect": "audit",
                "controls": [f"PV-{number % 12}", *(["lifecycle"] if number % 3 else [])],
            }
        )
        for number, severity in enumerate(severities)
    ]
    products = [
        ("ubuntu", "22.04"),
        ("ubuntu", "20.04"),
        ("debian", "12"),
        ("rhel", "9"),
        ("rhel", "8"),
        ("sles", "15.6"),
    ]
    systems = [
        canonical(
            {"product": product, "release": cycle, "cycle": cycle, "channel": "vm", "sku": f"s{n}", "machine": True}
        )
        for n in range(40)
        for product, cycle in products
    ]
    states = [CODE[name] for name in ("Compliant", "NonCompliant", "Exempt", "NotApplicable", "Unknown", "SkipsImage")]
    file = IndexFile(open_file(path, writable=True))
    started = time.perf_counter()
    for number in range(resources):
        codes = chance.choices(states, (70, 15, 2, 10, 2, 1), k=results)
        file.put(f"latest/{number}", f"0x8DC{number:012X}", _entry(number, codes, rules, chance.choice(systems)))
    file.put_unprocessed(
        (
            UnprocessedRow(
                f"invalidEvent/{number}.json",
                "invalidEvent",
                (NOW - timedelta(minutes=number)).isoformat().replace("+00:00", "Z"),
                f"00000000-0000-4000-8000-{number % 50:012d}",
                message="eventTime is missing",
            )
            for number in range(UNPROCESSED)
        ),
        opened=True,
    )
    file.commit()
    file.close()
    return time.perf_counter() - started


def _entry(number: int, codes: list[int], rules: list[str], system: str) -> IndexEntry:
    subscription, group = f"00000000-0000-4000-8000-{number % 50:012d}", f"rg-app-{number % 2000}"
    name = f"vm-web-{number:05d}"
    exempt, unknown = CODE[State.EXEMPT], CODE[State.UNKNOWN]
    quiet = (CODE[State.COMPLIANT], CODE[State.NOT_APPLICABLE])
    told = [
        "" if code in quiet else f"{name}: thing {k} can't be told." if code == unknown else f"Thing {k} is missing."
        for k, code in enumerate(codes)
    ]
    return IndexEntry(
        id=f"/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.Compute/virtualMachines/{name}",
        title=name,
        type="Microsoft.Compute/virtualMachines",
        subscription=subscription,
        resource_group=group,
        location=f"region-{number % 40}",
        owner=f"team-{number % 3000}",
        system=system,
        state="NonCompliant" if CODE[State.NON_COMPLIANT] in codes else "Compliant",
        observed_at=(NOW - timedelta(minutes=number)).isoformat().replace("+00:00", "Z"),
        checked_at="2026-11-23T07:00:00Z",
        evaluation="e" * 32,
        predecessor="",
        text=f"owner team-{number % 3000} environment {'prod' if number % 3 else 'test'}",
        results=tuple(
            IndexedResult(rules[k], code, told[k], f"waiver-{k}" if code == exempt else "", "2027-01-01T00:00:00Z")
            for k, code in enumerate(codes)
        ),
    )


def answers(path: Path, calls: int) -> dict[str, object]:
    """What one process measures: its first page, then all pages warm. Times in ms."""
    catalogue = load_catalogue(own_policies()).catalogue
    site = load_site()

    def lifetimes(system: JsonObject, day: date) -> Lifetime:
        return lifetime(system, catalogue, day)

    started = time.process_time()
    reader = IndexReader(open_file(path), lifetimes)
    loaded = time.process_time() - started
    sources = Sources(reader, Viewer("", None), NOW, NOW, True, lifetimes)

    def ask(address: str) -> float:
        begun = time.process_time()
        target, _, query = address.partition("?")
        answer = site.answer(Request(target, query), sources)
        assert answer.status == 200, (address, answer.body[:300])
        return (time.process_time() - begun) * 1000

    ask("/")
    warm = {}
    for name, address in QUERIES.items() if calls else ():
        times = [ask(address) for _ in range(calls)]
        warm[name] = {
            "first": round(times[0]),
            "median": round(statistics.median(times[1:])),
            "worst": round(max(times[1:])),
        }
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"loadMs": round(loaded * 1000), "warmMs": warm, "peakMegabytes": round(peak)}


def main() -> None:
    """Measure, print and compare."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--resources", type=int, default=100_000)
    parser.add_argument("--results", type=int, default=60)
    parser.add_argument("--store", action="store_true")
    parser.add_argument("--ask", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--calls", type=int, default=CALLS, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.ask:
        print(json.dumps(answers(given.ask, given.calls)))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        written = generate(path, given.resources, given.results)
        size = path.stat().st_size / 1_000_000
        cold = statistics.median(_cold(path) for _ in range(3))
        measured = json.loads(_run(path, CALLS))
    found = {
        "resources": given.resources,
        "resultsEach": given.results,
        "indexMegabytes": round(size),
        "writeSeconds": round(written, 1),
        "coldPageSeconds": round(cold, 2),
        **measured,
        "limits": {"coldPageSeconds": COLD_SECONDS, "warmMs": WARM_MS, "peakMegabytes": MEGABYTES},
        "machine": {"python": platform.python_version(), "processors": os.cpu_count()},
    }
    print(json.dumps(found, indent=1))
    pages = {name: times for name, times in found["warmMs"].items() if not name.startswith("csv")}
    slow = [name for name, times in pages.items() if times["median"] > WARM_MS]
    held = cold <= COLD_SECONDS and not slow and found["peakMegabytes"] <= MEGABYTES
    if given.store:
        RESULT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    sys.exit(0 if held else f"over the limits: {', '.join(slow) or 'cold page or memory'}")


def _cold(path: Path) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    _run(path, 0)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _run(path: Path, calls: int) -> str:
    order = [sys.executable, __file__, "--ask", str(path), "--calls", str(calls)]
    ran = subprocess.run(
        order,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=600,
        check=True,
    )
    return ran.stdout


if __name__ == "__main__":
    main()
