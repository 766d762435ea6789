"""The policies folder: found, read, and made into what jobs judge by."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import muster
from muster.adapters.json_files import read_json_files
from muster.facts.aliases import AzureAliases
from muster.policy.bound import BoundPolicySet, bind
from muster.policy.files import PolicyFiles, load_policy_files
from muster.policy.kinds import Kind
from muster.policy.schemas import PolicySchemas
from muster.values.diagnostic import Diagnostic
from muster.values.errors import BadInput, BrokenPolicySet

SETTING = "MUSTER_POLICIES"

_PACKAGE = Path(muster.__file__).parent


@dataclass(frozen=True, slots=True)
class LoadedPolicies:
    """A policy set without faults, ready to judge. `folder` is where it was read."""

    folder: Path
    files: PolicyFiles
    judge: BoundPolicySet


def find_policies(given: Path | None, environ: Mapping[str, str]) -> Path:
    """The folder of policies: `given`, else what MUSTER_POLICIES names, else `policies` beside muster (the app's own),
    else the one in muster's package. Raises BadInput where the folder is not there."""
    named = [("--policies", given), (SETTING, Path(environ[SETTING]) if environ.get(SETTING) else None)]
    for name, folder in named:
        if folder is not None:
            if not folder.is_dir():
                raise BadInput(f"{name}: {folder} is not a folder", reason="noPolicies")
            return folder
    return own_policies()


def own_policies() -> Path:
    """The policies that muster ships: beside it in a checkout or a deployed app, in it where it is installed as a
    package. Raises BadInput where they are missing."""
    for folder in (_PACKAGE.parent / "policies", _PACKAGE / "policies"):
        if (folder / "schemas" / "definition.schema.json").is_file():
            return folder
    raise BadInput(f"muster's own policies are missing beside {_PACKAGE}", reason="noPolicies")


def load_policies(folder: Path) -> LoadedPolicies:
    """Read and bind a folder's policies. Raises BrokenPolicySet with the faults of all files, named by their paths."""
    texts, faults = read_texts(folder, tuple(kind.folder for kind in Kind))
    if faults:
        raise BrokenPolicySet(faults)
    files = load_policy_files(texts, load_schemas())
    return LoadedPolicies(folder, files, bind(files, AzureAliases()))


def read_texts(folder: Path, below: tuple[str, ...]) -> tuple[dict[str, str], list[Diagnostic]]:
    """The texts of all JSON files in some folders of a folder, by path from it with slashes, and what can't be read."""
    texts, faults = read_json_files(folder / part for part in below if (folder / part).is_dir())
    return (
        {_name(path, folder): text for path, text in texts.items()},
        [replace(fault, file=_name(fault.file, folder)) for fault in faults],
    )


def load_schemas() -> PolicySchemas:
    """The JSON Schemas of policy files, always muster's own: a folder of policies need not bring them."""
    folder = own_policies() / "schemas"
    return PolicySchemas({kind: json.loads((folder / f"{kind}.schema.json").read_text("utf-8")) for kind in Kind})


def _name(path: str, folder: Path) -> str:
    return Path(path).relative_to(folder).as_posix()
