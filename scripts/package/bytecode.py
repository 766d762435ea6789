"""Bytecode in the package, so that a new worker compiles nothing."""

import os
import subprocess
from pathlib import Path


def compile_all(folder: Path, python: Path) -> None:
    """Compile every module below `folder` for `python`.

    The .pyc files are of PEP 552's kind that is never checked against its source: what is deployed does not change, and
    one checked by the source's time would be thrown away wherever unpacking sets another. Without random hashes, and in
    one process, the same sources become the same bytes.
    """
    command: list[str | Path] = [python, "-s", "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONWARNINGS": "ignore"}
    environment.pop("PYTHONPATH", None)
    subprocess.run([*command, "-s", folder, folder], env=environment, check=True)
