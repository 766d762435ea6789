"""How to call muster again, in messages that say what to type next."""

import sys
from pathlib import Path


def program() -> str:
    """What this process was called by: `.venv/bin/muster` in a checkout, `muster` where it is on PATH."""
    called = Path(sys.argv[0])
    if called.name == "__main__.py":
        return "python -m muster"
    if called.is_absolute() and called.is_relative_to(Path.cwd()):
        return str(called.relative_to(Path.cwd()))
    return str(called) if called.parent != Path() and not called.is_absolute() else called.name
