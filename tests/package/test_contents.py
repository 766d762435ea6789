"""What of a checkout is deployed, on a checkout made for it."""

import subprocess
from pathlib import Path

import pytest

from scripts.package.archive import write_archive
from scripts.package.build import BOUND, TooLarge, bounded_size
from scripts.package.contents import deployed_files
from scripts.package.dependencies import trim
from tests.conftest import ROOT

IGNORED = (
    "tests/test_x.py",
    "docs/a.md",
    "infra/main.bicep",
    "policies/cases/c.json",
    "local.settings.json",
    "Makefile",
)
DEPLOYED = ("function_app.py", "host.json", "muster/facts/event.py", "policies/definitions/d.json")
NOT_TRACKED = (".env", "notes.txt", "muster/__pycache__/x.cpython-311.pyc", "secrets/key.pem")


def write(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, "utf-8")


def test_what_is_tracked_and_not_ignored_is_deployed_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / ".funcignore").write_bytes((ROOT / ".funcignore").read_bytes())
    write(tmp_path, *IGNORED, *DEPLOYED)
    subprocess.run(["git", "init", "--quiet"], cwd=tmp_path, check=True)
    subprocess.run(["git", "add", "--all"], cwd=tmp_path, check=True)
    write(tmp_path, *NOT_TRACKED)
    assert deployed_files(tmp_path) == tuple(sorted(DEPLOYED))


def test_what_never_runs_is_taken_out_of_the_dependencies(tmp_path: Path) -> None:
    kept = ("a/__init__.py", "a/testing.py", "a/a.so", "a-1.dist-info/METADATA", "a-1.dist-info/licenses/LICENSE")
    write(tmp_path, *kept, "a/tests/test_a.py", "a/b/test/x.json", "a/py.typed", "a/a.pyi", "a/c/a.pyx", "bin/a")
    write(tmp_path, "a-1.dist-info/RECORD", "a-1.dist-info/INSTALLER")
    trim(tmp_path)
    assert {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()} == set(kept)
    assert all(any(path.iterdir()) for path in tmp_path.rglob("*") if path.is_dir())


def test_an_archive_tells_no_time_and_no_order(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    write(first, "b", "a/c", "a/b")
    write(second, "a/b", "b", "a/c")
    (second / "b").chmod(0o755)
    for folder in (first, second):
        write_archive(folder, folder.with_suffix(".zip"))
    assert first.with_suffix(".zip").read_bytes() == second.with_suffix(".zip").read_bytes()


@pytest.mark.parametrize("over", [0, 1])
def test_a_package_has_a_bound(tmp_path: Path, over: int) -> None:
    archive = tmp_path / "x.zip"
    with archive.open("wb") as file:
        file.truncate(BOUND + over)
    if over:
        with pytest.raises(TooLarge, match="60,000,001 bytes"):
            bounded_size(archive)
    else:
        assert bounded_size(archive) == BOUND
