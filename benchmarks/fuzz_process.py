"""The process that fuzzes: benchmarks/fuzz_target.py inside of atheris, with muster's code instrumented.

    python -m benchmarks.fuzz_process SLOWEST LIBFUZZER_ARGUMENT...     (benchmarks/fuzz_events.py starts it)

Nothing of muster may be imported before, or what is imported is not seen.
"""

import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["muster", "functions"]):
    from benchmarks.fuzz_mutator import mutated
    from benchmarks.fuzz_target import Target, check_log_lines


def mutate(data: bytes, limit: int, seed: int) -> bytes:
    """Another input like this one."""
    return mutated(data, limit, seed, atheris.Mutate)


def main() -> None:
    name, slowest, *arguments = sys.argv
    check_log_lines()
    atheris.Setup([name, *arguments], Target(Path(slowest)).one_input, custom_mutator=mutate)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
