"""What this process runs on: Python, libraries, and the app's host.json."""

import json
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement

import muster
from muster.jobs.doctor.installation import Dependency, Software
from muster.values.json import JsonObject


def read_software(root: Path | None, programs: tuple[str, ...] | None = None) -> Software:
    """What there is. `root` is the function app's folder, None where there is none; `programs` as in Software."""
    return Software(
        python=sys.version_info[:3],
        muster=muster.__version__,
        dependencies=_dependencies(root),
        host=None if root is None else _host(root / "host.json"),
        programs=programs,
    )


def _dependencies(root: Path | None) -> tuple[Dependency, ...]:
    """What the app's requirements.txt asks for, or, without one, what the installed package does."""
    wanted = root / "requirements.txt" if root is not None else None
    if wanted is not None and wanted.is_file():
        lines = [line.partition("#")[0].strip() for line in wanted.read_text("utf-8").splitlines()]
    else:
        try:
            lines = metadata.requires("muster") or []
        except metadata.PackageNotFoundError:
            lines = []
    return tuple(filter(None, map(_dependency, filter(None, lines))))


def _dependency(line: str) -> Dependency | None:
    """None for what is no requirement, or one of an extra or of another machine."""
    try:
        wanted = Requirement(line)
    except InvalidRequirement:
        return None
    if wanted.marker is not None and not wanted.marker.evaluate({"extra": ""}):
        return None
    try:
        installed = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return Dependency(wanted.name, str(wanted.specifier), "", fits=False)
    fits = wanted.specifier.contains(installed, prereleases=True)
    return Dependency(wanted.name, str(wanted.specifier), installed, fits)


def _host(path: Path) -> JsonObject | str:
    try:
        found = json.loads(path.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        return f"{path.name} can't be read: {error}"
    return found if isinstance(found, dict) else f"{path.name} is no JSON object"
