"""Build the package that is deployed into .muster/package. Exit codes: 0 built, 1 not."""

import argparse
import subprocess
import sys
from pathlib import Path

from scripts.package.build import ROOT, TooLarge, build

AZURES = "3.13"


def main() -> int:
    """Build, and tell what was built."""
    parser = argparse.ArgumentParser(prog="python -m scripts.package", description=__doc__)
    parser.add_argument("--python", type=Path, required=True, help=f"the Python {AZURES} that compiles")
    parser.add_argument("--out", type=Path, default=ROOT / ".muster" / "package", help="the folder that it goes to")
    given = parser.parse_args()
    told = subprocess.run([given.python, "-V"], capture_output=True, text=True, check=True).stdout
    if not told.startswith(f"Python {AZURES}."):
        print(f"{given.python} is {told.strip()}: Azure runs the app with {AZURES}.", file=sys.stderr)
        return 1
    try:
        built = build(given.python, given.out, ROOT / ".muster" / "wheels")
    except (TooLarge, subprocess.CalledProcessError) as fault:
        print(fault, file=sys.stderr)
        return 1
    print(f"{built.archive}: {built.packed:,} bytes, {built.unpacked:,} unpacked, {built.files:,} files")
    return 0


if __name__ == "__main__":
    sys.exit(main())
