"""Fuzzing of what strangers write: events, messages of the queues, dead letters.

    python -m benchmarks.fuzz_events [--runs 1000000] [--seed 1] [--store]     (or `make fuzz`; needs atheris)

Starts from what the project itself writes (benchmarks/fuzz_seeds.py) and changes it member by member
(benchmarks/fuzz_mutator.py). What must hold of every input is in benchmarks/fuzz_target.py; one that breaks it, or
takes more than a second, ends the run and lies in a file of the folder it ran in (.muster/fuzz). `--store` writes the
result to fuzz.json beside this script.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.cold_start import machine
from benchmarks.fuzz_seeds import write_corpus, write_dictionary

RESULT = Path(__file__).with_name("fuzz.json")
RUNS = 1_000_000
SLOWEST_SECONDS = 1
LONGEST_INPUT = 5 * 1024

_STATE = re.compile(r"#(\d+)\s+(INITED|DONE)\s+cov: (\d+) ft: (\d+) corp: (\d+)/")


def fuzz(runs: int, seed: int, folder: Path) -> tuple[int, dict[str, dict[str, int]]]:
    """The exit status, and what was covered when the seeds were read (INITED) and at the end (DONE)."""
    seeds = write_corpus(folder / "corpus")
    write_dictionary(folder / "words")
    arguments = (
        *(str(folder / "slowest"), str(folder / "corpus"), f"-dict={folder / 'words'}", f"-runs={runs + seeds}"),
        *(f"-seed={seed}", f"-timeout={SLOWEST_SECONDS}", f"-max_len={LONGEST_INPUT}", "-len_control=0", "-reload=0"),
    )
    states: dict[str, dict[str, int]] = {}
    command = [sys.executable, "-m", "benchmarks.fuzz_process", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, errors="replace") as running:
        assert running.stderr is not None
        for line in running.stderr:
            print(line, end="", file=sys.stderr, flush=True)
            if found := _STATE.match(line):
                inputs, state, *counts = found.groups()
                names = ("edges", "features", "corpus")
                states[state] = {"inputs": int(inputs), **dict(zip(names, map(int, counts), strict=True))}
    return running.returncode, states


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS, help=f"inputs, {RUNS:,} unless told")
    parser.add_argument("--seed", type=int, default=1, help="what chance starts from, 1 unless told")
    parser.add_argument("--store", action="store_true", help=f"write {RESULT.name}")
    options = parser.parse_args()
    on = machine()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        status, states = fuzz(options.runs, options.seed, Path(folder))
        seconds = time.monotonic() - start
        if status or "DONE" not in states:
            print(f"an input broke what must hold, or the run was ended: status {status}", file=sys.stderr)
            return 1
        slowest = float((Path(folder) / "slowest").read_text("utf-8"))
    result = {
        **states["DONE"],
        "ofSeedsAlone": states.get("INITED", {}),
        "seconds": round(seconds),
        "slowestInputProcessorMs": slowest,
        "seed": options.seed,
        "machine": on,
    }
    text = json.dumps(result, indent=2)
    print(text)
    if options.store:
        RESULT.write_text(text + "\n", "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
