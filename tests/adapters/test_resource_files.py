"""Resources in files and folders."""

import json
import os
from pathlib import Path

import pytest

from muster.adapters import json_files
from muster.adapters.json_files import read_json_files
from muster.adapters.resource_files import STANDARD_INPUT, read_resources
from muster.values.diagnostic import Level

NIC = {"id": "/x", "type": "Microsoft.Network/networkInterfaces", "properties": {}}


def test_files_come_in_the_order_given_and_folders_in_the_order_of_names(tmp_path: Path) -> None:
    for name in ("b/2.json", "b/1.json", "b/deep/3.json", "a.json", "b/.hidden.json", "b/.git/4.json", "b/notes.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(NIC), "utf-8")
    texts, faults = read_json_files([tmp_path / "b", tmp_path / "a.json"])
    assert [Path(name).relative_to(tmp_path).as_posix() for name in texts] == [
        "b/1.json",
        "b/2.json",
        "b/deep/3.json",
        "a.json",
    ]
    assert faults == []


def test_a_folder_below_a_hidden_one_is_read_when_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / ".cache/vms/1.json"
    path.parent.mkdir(parents=True)
    path.write_text("{}", "utf-8")
    assert list(read_json_files([path.parent])[0]) == [str(path)]


def test_what_can_not_be_read_is_a_fault_and_the_rest_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_files, "MAX_BYTES", 10)
    (tmp_path / "1.json").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "2.json").write_text("x" * 11)
    (tmp_path / "3.json").write_text("[]")
    os.symlink(tmp_path / "nowhere", tmp_path / "4.json")
    texts, faults = read_json_files([tmp_path])
    assert list(texts) == [str(tmp_path / "3.json")]
    assert [Path(fault.file).name for fault in faults] == ["1.json", "2.json", "4.json"]
    assert {fault.rule for fault in faults} == {"unreadable"}


def test_standard_input_is_a_file_like_others(tmp_path: Path) -> None:
    found = read_resources([STANDARD_INPUT], json.dumps([NIC, 7]))
    assert [resource.place for resource in found.resources] == ["-#/0"]
    [fault] = found.faults
    assert (fault.level, fault.file, fault.pointer) == (Level.ERROR, "-", "/1")
    assert found.sources["-"].place(fault)[0] == 1


def test_a_type_is_taken_from_the_id_where_it_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps({"id": "/subscriptions/1/providers/Microsoft.Compute/locations/x", "properties": {}}))
    [resource] = read_resources([path]).resources
    assert resource.body["type"] == "microsoft.compute/locations"
