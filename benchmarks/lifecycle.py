"""Lifecycle facts: what reading rules and catalogue costs, and what the facts of an image cost.

    python benchmarks/lifecycle.py [--store]

Reading is the median of fresh processes with .pyc files there, imports not counted; facts are the mean of many calls.
`--store` writes the result beside this script.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import date
from pathlib import Path

from muster.adapters.fact_sources import load_fact_sources
from muster.facts.lifecycle import lifecycle_facts
from muster.facts.publication import publication_facts
from muster.facts.traits import trait_facts
from muster.values.json import JsonObject

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).with_suffix(".json")
PROCESSES, CALLS = 15, 20_000

LOAD_MS = 50

LOAD = """
import sys, time
from pathlib import Path
from muster.adapters.fact_sources import load_fact_sources
start = time.perf_counter()
load_fact_sources(Path("policies"))
print(time.perf_counter() - start)
"""
IMAGE: JsonObject = {
    "source": "marketplace",
    "product": "rhel",
    "cycle": "8",
    "release": "8.6",
    "channel": "vm",
    "variant": "eus",
    "offer": "RHEL",
    "sku": "86-gen2",
    "exactVersion": "8.6.2024022113",
}


def load_ms() -> float:
    """The median of fresh processes, without the first, which may compile."""
    times = []
    for _ in range(PROCESSES + 1):
        ran = subprocess.run([sys.executable, "-c", LOAD], cwd=ROOT, capture_output=True, text=True, check=True)
        times.append(float(ran.stdout) * 1_000)
    return round(statistics.median(times[1:]), 1)


def facts_us() -> float:
    """All facts of an identified image on a day."""
    catalogue = load_fact_sources(ROOT / "policies").catalogue
    day = date(2026, 11, 23)
    start = time.perf_counter()
    for _ in range(CALLS):
        lifecycle_facts(catalogue, IMAGE, as_of=day)
        publication_facts(catalogue, IMAGE, as_of=day)
        trait_facts(catalogue, IMAGE)
    return round((time.perf_counter() - start) / CALLS * 1_000_000, 1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", action="store_true")
    load = load_ms()
    result = {
        "loadRulesAndCatalogueMs": load,
        "factsOfAnImageUs": facts_us(),
        "python": platform.python_version(),
        "cpus": os.cpu_count(),
    }
    text = json.dumps(result, indent=2)
    print(text)
    if parser.parse_args().store:
        RESULT.write_text(f"{text}\n", "utf-8")
    if load > LOAD_MS:
        sys.exit(f"rules and catalogue are to be read in {LOAD_MS} ms")


if __name__ == "__main__":
    main()
