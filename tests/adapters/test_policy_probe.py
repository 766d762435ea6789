"""What an installation judges by, looked at and not changed."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from muster.adapters.container_policies import ACCEPTED
from muster.adapters.policy_probe import FolderPolicies, UploadedPolicies
from muster.values.errors import BadInput
from muster.values.json import Json
from tests.conftest import ROOT
from tests.memory_documents import MemoryDocuments

DAY = date(2026, 11, 28)
DEFINITION = (
    '{"name": "d", "properties": {"policyRule": {"if": {"field": "type", "equals": "x"}, "then": {"effect": "audit"}}}}'
)
ASSIGNMENT = '{"name": "a", "properties": {"policyDefinitionId": "d"}}'


def uploaded(files: Json, *refused: str) -> UploadedPolicies:
    sweeps, unprocessed = MemoryDocuments(), MemoryDocuments()
    if files is not None:
        sweeps.texts[ACCEPTED] = (f'{{"files": {files}}}', "1")
    for name in refused:
        unprocessed.texts[name] = ("{}", "1")
    return UploadedPolicies("policies/prod", sweeps, unprocessed, lambda: DAY)


async def test_a_folder_is_read_once(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    shutil.copytree(ROOT / "policies", folder)
    policies = FolderPolicies(folder, lambda: DAY)
    state = await policies.look()
    assert (state.place, state.faults, state.stale) == (str(folder), (), ())
    assert state.files is not None
    assert state.files.policies
    shutil.rmtree(folder)
    assert await policies.look() is state


async def test_a_catalogue_with_a_fault_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "policies"
    shutil.copytree(ROOT / "policies", folder)
    (folder / "lifecycle" / "releases" / "bad.json").write_text("{", "utf-8")
    state = await FolderPolicies(folder, lambda: DAY).look()
    assert state.files is None
    assert "bad.json" in state.faults[0].file


async def test_a_folder_that_is_not_there() -> None:
    with pytest.raises(BadInput, match="is not a folder"):
        await FolderPolicies(Path("/no/such"), lambda: DAY).look()


async def test_what_was_accepted_is_what_counts() -> None:
    files = json.dumps({"definitions/d.json": DEFINITION, "assignments/a.json": ASSIGNMENT})
    state = await uploaded(files, "brokenPolicies/1.json", "invalidEvent/2.json").look()
    assert state.files is not None
    assert (state.place, len(state.files.policies), state.refused) == ("policies/prod", 1, 1)
    assert state.catalogue is not None


async def test_nothing_was_accepted_yet() -> None:
    state = await uploaded(None, "brokenPolicies/1.json").look()
    assert (state.files, state.refused) == (None, 1)
    assert "No upload was accepted yet" in state.faults[0].message


@pytest.mark.parametrize("files", ["1", '{"a": 1}'])
async def test_a_damaged_document(files: str) -> None:
    with pytest.raises(BadInput, match=ACCEPTED):
        await uploaded(files).look()
