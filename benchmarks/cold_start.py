"""Cold start: what a new worker spends before and on its first event.

    python benchmarks/cold_start.py [--store]

Each figure is the median of fresh processes with .pyc files there: importing azure.functions (what every app pays),
importing function_app.py, and that import plus the first event, up to its finding in storage. The event is a sample,
storage an Azurite that runs already. `--store` writes the result beside this script.
"""

import argparse
import asyncio
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

from muster.local.azurite import azurite
from muster.local.node import find_azurite

ROOT = Path(__file__).parents[1]
RESULT = Path(__file__).with_suffix(".json")
PROCESSES = 15

APP_BEYOND_FUNCTIONS_MS = 60
FIRST_EVENT_MS = 700

FUNCTIONS = "import time; start = time.perf_counter(); import azure.functions; print(time.perf_counter() - start)"
APP = "import time; start = time.perf_counter(); import function_app; print(time.perf_counter() - start)"
EVENT = """
import sys, time
event = open(sys.argv[1]).read().strip()[1:-1]
start = time.perf_counter()
import function_app
import asyncio
function = next(each for each in function_app.app.get_functions() if each.get_function_name() == "on_vm_written")

async def first():
    await function.get_user_function()(event)
    return time.perf_counter() - start

print(asyncio.run(first()))
"""


def medians_ms(programs: dict[str, tuple[str, ...]], environment: dict[str, str]) -> dict[str, float]:
    """The median of what each program prints as seconds, in milliseconds.

    The programs take turns, so that whatever else the machine does slows all of them. The first round, which may
    compile, is left out.
    """
    times: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(PROCESSES + 1):
        for name, arguments in programs.items():
            ran = subprocess.run(
                [sys.executable, "-c", *arguments],
                env=environment,
                cwd=ROOT,
                capture_output=True,
                text=True,
                check=True,
            )
            times[name].append(float(ran.stdout) * 1_000)
    return {name: round(statistics.median(found[1:]), 1) for name, found in times.items()}


async def measure() -> dict[str, float]:
    environment = dict(os.environ)
    with tempfile.TemporaryDirectory() as data:
        async with azurite(find_azurite(ROOT), Path(data)) as storage:
            environment |= {
                "MUSTER_STORAGE": storage.connection_string,
                "MUSTER_RECORDED_RESOURCES": str(ROOT / "samples" / "resources"),
            }
            event = str(ROOT / "samples" / "events" / "09-rhel-8-lvm.json")
            programs = {
                "importAzureFunctionsMs": (FUNCTIONS,),
                "importFunctionAppMs": (APP,),
                "importAndFirstEventMs": (EVENT, event),
            }
            figures = await asyncio.to_thread(medians_ms, programs, environment)
    beyond = figures["importFunctionAppMs"] - figures["importAzureFunctionsMs"]
    return {**figures, "importFunctionAppBeyondAzureFunctionsMs": round(beyond, 1)}


def machine() -> dict[str, str]:
    packages = ("azure-functions", "azure-storage-blob", "azure-core", "aiohttp", "jsonschema")
    return {
        "system": platform.platform(),
        "processor": platform.processor() or platform.machine(),
        "cores": str(os.cpu_count()),
        "loadAverageBefore": f"{os.getloadavg()[0]:.1f}",
        "python": platform.python_version(),
        **{package: version(package) for package in packages},
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", action="store_true", help=f"write {RESULT.name}")
    store = parser.parse_args().store
    on = machine()
    figures = asyncio.run(measure())
    bounds = {
        "importFunctionAppBeyondAzureFunctionsMs": APP_BEYOND_FUNCTIONS_MS,
        "importAndFirstEventMs": FIRST_EVENT_MS,
    }
    result = {"figures": figures, "bounds": bounds, "processes": PROCESSES, "machine": on}
    text = json.dumps(result, indent=2)
    print(text)
    if store:
        RESULT.write_text(text + "\n", "utf-8")
    return int(any(figures[name] > bound for name, bound in bounds.items()))


if __name__ == "__main__":
    sys.exit(main())
