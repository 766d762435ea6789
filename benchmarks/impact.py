"""What a changed policy set would change in an estate of 10,000 resources: how long `muster impact` takes.

    python -m benchmarks.impact [--store]

The estate is that of samples/resources, over and over in other subscriptions, as files of a hundred bodies each. The
shipped policies are held against the same with a definition more, one less, one with another severity and one with
another day. Each run is a process of its own, as a user starts it. `--store` writes the result beside this script.
"""

import argparse
import json
import os
import platform
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).with_suffix(".json")
RESOURCES, A_FILE = 10_000, 100
AS_OF = "2026-11-28"
AT_MOST_S = 60
SUBSCRIPTION = "7a1f4b6e-0d3c-4e52-9b8a-{:012d}"


def estate(folder: Path) -> int:
    """Write the bodies; how many there are."""
    texts = [path.read_text("utf-8") for path in sorted((ROOT / "samples/resources").glob("*.json"))]
    bodies: list[Any] = []
    copy = 0
    while len(bodies) < RESOURCES:
        for text in texts:
            value = json.loads(text)
            for body in value if isinstance(value, list) else [value]:
                bodies.append(_moved(body, SUBSCRIPTION.format(copy)))
        copy += 1
    del bodies[RESOURCES:]
    for start in range(0, len(bodies), A_FILE):
        (folder / f"{start:05d}.json").write_text(json.dumps(bodies[start : start + A_FILE]), "utf-8")
    return len(bodies)


def _moved(body: Any, subscription: str) -> Any:
    """The body in another subscription, with all that it refers to."""
    parts = str(body.get("id", "")).split("/")
    old = parts[2] if len(parts) > 2 else ""
    return json.loads(json.dumps(body).replace(old, subscription)) if old else body


def changed_policies(folder: Path) -> None:
    """The shipped policies with four changes."""
    shutil.copytree(ROOT / "policies", folder)
    lifecycle = folder / "definitions/lifecycle"
    _edit(lifecycle / "os-support-days-left.json", lambda d: d["parameters"]["days"].update(defaultValue=900))
    _edit(lifecycle / "image-generation-2.json", lambda d: d["metadata"].update(severity="critical"))
    guard = subprocess.run(
        [sys.executable, "-m", "muster", "policies", "guardrail", "--as-of", AS_OF],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    (folder / "definitions/guardrail.json").write_text(guard.stdout, "utf-8")
    assignment = {"name": "guardrail", "properties": {"policyDefinitionId": json.loads(guard.stdout)["name"]}}
    (folder / "assignments/guardrail.json").write_text(json.dumps(assignment), "utf-8")


def _edit(path: Path, change: Any) -> None:
    value = json.loads(path.read_text("utf-8"))
    change(value["properties"])
    path.write_text(json.dumps(value), "utf-8")


def run(policies: Path, resources: Path, processors: set[int]) -> dict[str, Any]:
    """One process: seconds, the memory of the largest of its processes in MB, and what it found."""
    begun, spent = time.perf_counter(), _spent()
    arguments = ["--policies", str(policies), "--against", str(resources), "--as-of", AS_OF, "--format", "json"]
    ran = subprocess.run(
        [sys.executable, "-m", "muster", "impact", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: os.sched_setaffinity(0, processors),
    )
    seconds = time.perf_counter() - begun
    if ran.returncode not in (0, 10, 11):
        sys.exit(ran.stderr)
    found = json.loads(ran.stdout)
    return {
        "seconds": round(seconds, 1),
        "processorSeconds": round(_spent() - spent, 1),
        "resourcesASecond": round(found["lookedAt"] / seconds),
        "lookedAt": found["lookedAt"],
        "changed": found["changed"],
        "newly": found["newly"],
    }


def _spent() -> float:
    """Processor seconds of all processes that ended, which a busy machine changes less than the time it takes."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", action="store_true")
    usable = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "resources").mkdir()
        count = estate(folder / "resources")
        changed_policies(folder / "policies")
        size = sum(path.stat().st_size for path in (folder / "resources").iterdir())
        two = run(folder / "policies", folder / "resources", set(usable[:2]))
        one = run(folder / "policies", folder / "resources", set(usable[:1]))
    result = {
        "resources": count,
        "megabytesOfJson": round(size / 1e6, 1),
        "twoProcessors": two,
        "oneProcessor": one,
        "largestProcessMB": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024),
        "loadAverage": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "day": datetime.now(UTC).date().isoformat(),
    }
    text = json.dumps(result, indent=2)
    print(text)
    if parser.parse_args().store:
        RESULT.write_text(f"{text}\n", "utf-8")
    if two["seconds"] > AT_MOST_S:
        sys.exit(f"{RESOURCES:,} resources are to be weighed in {AT_MOST_S} s")


if __name__ == "__main__":
    main()
