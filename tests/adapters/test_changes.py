"""Waiting until files change."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from muster.adapters.changes import stamps, wait_for_change


def write(path: Path, text: str = "{}") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        (lambda folder: write(folder / "new.json"), "new.json"),
        (lambda folder: write(folder / "deep" / "new.json"), "new.json"),
        (lambda folder: (folder / "one.json").unlink(), "one.json"),
        (lambda folder: write(folder / "one.json", '{"longer": 1}'), "one.json"),
        (lambda folder: os.utime(folder / "one.json", ns=(1, 1)), "one.json"),
    ],
    ids=["new", "new below", "gone", "written", "touched"],
)
def test_it_waits_for_a_change_and_tells_it(tmp_path: Path, change: Callable[[Path], object], name: str) -> None:
    write(tmp_path / "one.json")
    write(tmp_path / "two.json")
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            change(tmp_path)

    changed = wait_for_change([tmp_path], stamps([tmp_path]), pause)
    assert ([path.name for path in changed], len(pauses)) == ([name], 3)


def test_other_files_are_not_looked_at(tmp_path: Path) -> None:
    write(tmp_path / "one.json")
    before = stamps([tmp_path])
    write(tmp_path / "notes.txt")
    assert stamps([tmp_path]) == before
    assert stamps([tmp_path / "nowhere"]) == {}
