"""One running host to a folder."""

import json
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from muster.local.data_folder import Running, hold, hold_any, running_in
from muster.local.errors import LocalFault
from tests.conftest import ROOT

RUNNING = Running(storage="s", events_url="http://127.0.0.1:1/?code=k", process=1)


def test_a_held_folder_is_refused_and_free_again_afterwards(tmp_path: Path) -> None:
    with hold(tmp_path), pytest.raises(LocalFault, match="another muster"), hold(tmp_path):
        pass
    with hold(tmp_path) as folder:
        assert folder.path == tmp_path


def test_the_next_free_folder_is_taken(tmp_path: Path) -> None:
    with hold_any(tmp_path) as first, hold_any(tmp_path) as second, hold_any(tmp_path) as third:
        assert [first.path, second.path, third.path] == [tmp_path, tmp_path / "2", tmp_path / "3"]


def test_another_process_learns_where_the_host_is(tmp_path: Path) -> None:
    with hold(tmp_path) as folder:
        assert running_in(tmp_path) is None
        folder.announce(RUNNING)
        assert running_in(tmp_path) == RUNNING
    assert running_in(tmp_path) is None
    assert not (tmp_path / "running.json").exists()


def test_the_announcement_is_for_this_user_only(tmp_path: Path) -> None:
    with hold(tmp_path) as folder:
        folder.announce(RUNNING)
        folder.announce(RUNNING)
        assert stat.S_IMODE((tmp_path / "running.json").stat().st_mode) == 0o600


def test_nothing_is_made_of_a_folder_that_is_not_there(tmp_path: Path) -> None:
    assert running_in(tmp_path / "none") is None
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("text", ["", "{", "[]", json.dumps({"storage": "s"})])
def test_a_broken_announcement_counts_as_none(tmp_path: Path, text: str) -> None:
    with hold(tmp_path):
        (tmp_path / "running.json").write_text(text, "utf-8")
        assert running_in(tmp_path) is None


def test_a_folder_is_free_when_its_holder_was_killed(tmp_path: Path) -> None:
    source = (
        "import os, signal, sys, pathlib; from muster.local.data_folder import hold\n"
        "with hold(pathlib.Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    holder = subprocess.run([sys.executable, "-c", source, str(tmp_path)], cwd=ROOT, check=False)
    assert holder.returncode == -9
    with hold(tmp_path):
        pass


def test_clearing_removes_what_was_stored_and_nothing_else(tmp_path: Path) -> None:
    with hold(tmp_path) as folder:
        folder.azurite.mkdir()
        (folder.azurite / "x").write_text("", "utf-8")
        (tmp_path / "2").mkdir()
        folder.clear()
    assert not folder.azurite.exists()
    assert (tmp_path / "2").is_dir()
