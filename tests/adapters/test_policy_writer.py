"""Files of a policies folder: all or none, and nothing outside."""

from pathlib import Path

import pytest

from muster.adapters.policy_writer import write_policies
from muster.values.errors import BadInput

FILES = {"definitions/a.json": "{}\n", "assignments/b.json": "[]\n"}


def written(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in folder.rglob("*.json")}


def test_a_folder_is_made(tmp_path: Path) -> None:
    write_policies(tmp_path / "new" / "policies", FILES, force=False)
    assert written(tmp_path / "new" / "policies") == FILES


def test_nothing_is_written_where_a_file_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "assignments").mkdir()
    (tmp_path / "assignments" / "b.json").write_text("mine", "utf-8")
    with pytest.raises(BadInput, match="--force"):
        write_policies(tmp_path, FILES, force=False)
    assert written(tmp_path) == {"assignments/b.json": "mine"}
    write_policies(tmp_path, FILES, force=True)
    assert written(tmp_path) == FILES


@pytest.mark.parametrize("path", ["../x.json", "definitions/../../x.json", "/tmp/x.json", "x.json", "a/b/c.json"])
def test_a_path_that_leads_out_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(BadInput, match="outside"):
        write_policies(tmp_path / "in", {path: "x"}, force=True)
    assert list(tmp_path.rglob("*.json")) == []


def test_links_are_not_followed(tmp_path: Path) -> None:
    outside, folder = tmp_path / "outside", tmp_path / "in"
    outside.mkdir()
    (outside / "kept.json").write_text("kept", "utf-8")
    (folder / "assignments").mkdir(parents=True)
    (folder / "assignments" / "b.json").symlink_to(outside / "kept.json")
    write_policies(folder, {"assignments/b.json": "new"}, force=True)
    assert (outside / "kept.json").read_text("utf-8") == "kept"
    (folder / "definitions").symlink_to(outside)
    with pytest.raises(BadInput, match="outside"):
        write_policies(folder, FILES, force=True)
    assert list(outside.iterdir()) == [outside / "kept.json"]


def test_a_dangling_link_is_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "definitions").mkdir()
    (tmp_path / "definitions" / "a.json").symlink_to(tmp_path / "nowhere")
    with pytest.raises(BadInput, match="there already"):
        write_policies(tmp_path, FILES, force=False)


def test_a_folder_that_can_t_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    with pytest.raises(BadInput, match="can't be written"):
        write_policies(tmp_path / "file", FILES, force=False)
