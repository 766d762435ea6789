"""Cold start: what a new worker spends before and on its first event.

    python benchmarks/cold_start.py [--store]

Fresh processes, with .pyc files there, import azure.functions (what every app pays), import function_app.py, or do that
and then handle a first event, up to its finding in storage. The event is a sample; Azurite runs already. Of each the
median and the least are told, and the median of the processor's time: the least is what the work itself takes and is
held to the bounds; the median is what this machine gave it while it was busy with other things, too.
`--store` writes the result beside this script.
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

_START = """
import sys, time
wall, processor = time.perf_counter(), time.process_time()
"""
_END = """
print(time.perf_counter() - wall, time.process_time() - processor)
"""

FUNCTIONS = f"{_START}import azure.functions{_END}"
APP = f"{_START}import function_app{_END}"
EVENT = f"""
event = open(__import__('sys').argv[1]).read().strip()[1:-1]
{_START}
import function_app
import asyncio
function = next(each for each in function_app.app.get_functions() if each.get_function_name() == "on_vm_written")

asyncio.run(function.get_user_function()(event))
{_END}"""


def time_programs(
    programs: dict[str, tuple[str, ...]],
    environment: dict[str, str],
    *,
    python: tuple[str, ...] = (sys.executable,),
    root: Path = ROOT,
) -> dict[str, dict[str, float]]:
    """What each program prints, in milliseconds: the clock's time and the processor's. `python` runs them, in `root`.

    The programs take turns, so that whatever else the machine does slows all of them. The first round, which may
    compile, is left out.
    """
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in programs}
    for _ in range(PROCESSES + 1):
        for name, arguments in programs.items():
            ran = subprocess.run(
                [*python, "-c", *arguments],
                env=environment,
                cwd=root,
                capture_output=True,
                text=True,
                check=True,
            )
            wall, processor = map(float, ran.stdout.split())
            times[name].append((wall * 1_000, processor * 1_000))
    return {name: _summary(found[1:]) for name, found in times.items()}


def _summary(times: list[tuple[float, float]]) -> dict[str, float]:
    walls, processors = zip(*times, strict=True)
    return {
        "leastMs": round(min(walls), 1),
        "medianMs": round(statistics.median(walls), 1),
        "processorMs": round(statistics.median(processors), 1),
    }


async def measure() -> dict[str, dict[str, float]]:
    with tempfile.TemporaryDirectory() as data:
        async with azurite(find_azurite(ROOT), Path(data)) as storage:
            environment = {
                **os.environ,
                "MUSTER_STORAGE": storage.connection_string,
                "MUSTER_RECORDED_RESOURCES": str(ROOT / "samples" / "resources"),
            }
            event = str(ROOT / "samples" / "events" / "09-rhel-8-lvm.json")
            programs = {
                "importAzureFunctions": (FUNCTIONS,),
                "importFunctionApp": (APP,),
                "importAndFirstEvent": (EVENT, event),
            }
            return await asyncio.to_thread(time_programs, programs, environment)


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
    least = {name: times["leastMs"] for name, times in figures.items()}
    held = {
        "importFunctionAppBeyondAzureFunctionsMs": (
            round(least["importFunctionApp"] - least["importAzureFunctions"], 1),
            APP_BEYOND_FUNCTIONS_MS,
        ),
        "importAndFirstEventMs": (least["importAndFirstEvent"], FIRST_EVENT_MS),
    }
    result = {
        "figures": figures,
        "bounds": {name: {"least": figure, "bound": bound} for name, (figure, bound) in held.items()},
        "processes": PROCESSES,
        "machine": on,
    }
    text = json.dumps(result, indent=2)
    print(text)
    if store:
        RESULT.write_text(text + "\n", "utf-8")
    return int(any(figure > bound for figure, bound in held.values()))


if __name__ == "__main__":
    sys.exit(main())
