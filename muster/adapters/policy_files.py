"""The policies folder: found, read, and made into what jobs judge by."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import muster
from muster.facts.aliases import AzureAliases
from muster.policy.bound import BoundPolicySet, bind
from muster.policy.files import PolicyFiles, load_policy_files
from muster.policy.kinds import Kind
from muster.policy.schemas import PolicySchemas
from muster.values.diagnostic import Diagnostic, Level
from muster.values.errors import BadInput, BrokenPolicySet

SETTING = "MUSTER_POLICIES"

MAX_BYTES = 16 * 1024 * 1024
"""Of one file. A larger one is a fault, not read."""

_PACKAGE = Path(muster.__file__).parent


@dataclass(frozen=True, slots=True)
class LoadedPolicies:
    """A policy set without faults, ready to judge. `folder` is where it was read."""

    folder: Path
    files: PolicyFiles
    judge: BoundPolicySet


def find_policies(given: Path | None, environ: Mapping[str, str]) -> Path:
    """The folder of policies: `given`, else what MUSTER_POLICIES names, else `policies` beside muster (the app's own),
    else the one in muster's package. Raises BadInput where a folder that was named is not there."""
    named = [("--policies", given), (SETTING, Path(environ[SETTING]) if environ.get(SETTING) else None)]
    for name, folder in named:
        if folder is not None:
            if not folder.is_dir():
                raise BadInput(f"{name}: {folder} is not a folder", reason="noPolicies")
            return folder
    return next((folder for folder in own_folders() if folder.is_dir()), own_folders()[0])


def own_folders() -> tuple[Path, Path]:
    """Where the policies that muster ships may lie: in a checkout or a deployed app, and in an installed package."""
    return _PACKAGE.parent / "policies", _PACKAGE / "policies"


def load_policies(folder: Path) -> LoadedPolicies:
    """Read and bind a folder's policies. Raises BrokenPolicySet with the faults of all files, named by their paths."""
    texts, faults = read_texts(folder, tuple(kind.folder for kind in Kind))
    if faults:
        raise BrokenPolicySet(faults)
    files = load_policy_files(texts, load_schemas())
    return LoadedPolicies(folder, files, bind(files, AzureAliases()))


def read_texts(folder: Path, below: tuple[str, ...]) -> tuple[dict[str, str], list[Diagnostic]]:
    """The texts of all JSON files in some folders of a folder, by path from it with slashes, and what can't be read.

    Hidden files are left out; a byte-order mark is no part of a text.
    """
    texts: dict[str, str] = {}
    faults: list[Diagnostic] = []
    for path in sorted(path for part in below for path in (folder / part).rglob("*.json")):
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in Path(name).parts):
            continue
        try:
            if path.stat().st_size > MAX_BYTES:
                faults.append(_unreadable(name, f"larger than the {MAX_BYTES:,} bytes that are read"))
            else:
                texts[name] = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            faults.append(_unreadable(name, str(error)))
    return texts, faults


def load_schemas() -> PolicySchemas:
    """The JSON Schemas of policy files, always muster's own: a folder of policies need not bring them."""
    folder = next(own / "schemas" for own in own_folders() if own.is_dir())
    return PolicySchemas({kind: json.loads((folder / f"{kind}.schema.json").read_text("utf-8")) for kind in Kind})


def _unreadable(name: str, why: str) -> Diagnostic:
    return Diagnostic("unreadable", Level.ERROR, f"It can't be read: {why}.", name, hint="Policy files are UTF-8 JSON.")
