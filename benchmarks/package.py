"""The package that is deployed: its size, and what its bytecode is worth to a new worker.

    python -m benchmarks.package [--store]

Builds the package for the Python of .runtime, unpacks it, and times fresh processes of that Python which have nothing
but the standard library and the package on their path: importing function_app.py, and importing and handling a first
event up to its finding in storage, as benchmarks/cold_start.py does; with the bytecode that is in the package, and
without it, as where a package has none and can't be written to. `--store` writes the result beside this script.
"""

import argparse
import asyncio
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from benchmarks.cold_start import APP, EVENT, ROOT, machine, time_programs
from muster.local.azurite import azurite
from muster.local.node import find_azurite
from scripts.package.build import BOUND, SITE_PACKAGES, build

RESULT = Path(__file__).with_suffix(".json")
INTERPRETER = ROOT / ".runtime" / "bin" / "python"
LARGEST = 8


def figures_of(app: Path, settings: dict[str, str]) -> dict[str, dict[str, float]]:
    """The times of an unpacked package."""
    event = str(ROOT / "samples" / "events" / "09-rhel-8-lvm.json")
    programs = {"importFunctionApp": (APP,), "importAndFirstEvent": (EVENT, event)}
    path = os.pathsep.join([str(app), str(app / SITE_PACKAGES)])
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", **settings}
    return time_programs(programs, environment, python=(str(INTERPRETER), "-S", "-P"), root=app)


def largest(app: Path) -> dict[str, int]:
    """The bytes of the largest dependencies, unpacked and with their bytecode."""
    sizes = {
        folder.name: sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        for folder in (app / SITE_PACKAGES).iterdir()
    }
    return dict(sorted(sizes.items(), key=lambda item: -item[1])[:LARGEST])


async def measure() -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as temporary:
        built = build(INTERPRETER, Path(temporary, "out"), ROOT / ".muster" / "wheels")
        app, bare = Path(temporary, "app"), Path(temporary, "bare")
        with zipfile.ZipFile(built.archive) as archive:
            archive.extractall(app)
        shutil.copytree(app, bare, ignore=shutil.ignore_patterns("__pycache__"))
        async with azurite(find_azurite(ROOT), Path(temporary, "azurite")) as storage:
            settings = {
                "MUSTER_STORAGE": storage.connection_string,
                "MUSTER_RECORDED_RESOURCES": str(ROOT / "samples" / "resources"),
            }
            times = {
                name: await asyncio.to_thread(figures_of, folder, settings)
                for name, folder in (("withBytecode", app), ("withoutBytecode", bare))
            }
        return {
            "bytes": {"packed": built.packed, "bound": BOUND, "unpacked": built.unpacked, "files": built.files},
            "largestDependencies": largest(app),
            "figures": times,
        }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", action="store_true", help=f"write {RESULT.name}")
    store = parser.parse_args().store
    on = {
        name: told for name, told in machine().items() if name in ("system", "processor", "cores", "loadAverageBefore")
    }
    told = subprocess.run([INTERPRETER, "-V"], capture_output=True, text=True, check=True).stdout
    result = {**asyncio.run(measure()), "machine": {**on, "python": told.split()[1]}}
    text = json.dumps(result, indent=2)
    print(text)
    if store:
        RESULT.write_text(text + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
