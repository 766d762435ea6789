"""The wheel works on its own: policies travel in it."""

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

SOURCES = (
    "muster",
    "policies",
    "pyproject.toml",
    "setup.py",
    "MANIFEST.in",
    "requirements.txt",
    "requirements-cli.txt",
    "README.md",
    "LICENSE",
)


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    source = tmp_path / "source"
    source.mkdir()
    for name in SOURCES:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, source)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "."]
    built = subprocess.run(
        [*command, "--wheel-dir", str(tmp_path)], cwd=source, capture_output=True, text=True, timeout=120, check=False
    )
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("muster-*.whl")
    return wheel


def test_an_installed_muster_checks_by_the_policies_in_its_package(wheel: Path, tmp_path: Path) -> None:
    installed = tmp_path / "installed"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(installed)
    shipped = {path.relative_to(installed / "muster" / "policies") for path in installed.rglob("policies/**/*.json")}
    assert shipped == {path.relative_to(ROOT / "policies") for path in (ROOT / "policies").rglob("*.json")}
    body = ROOT / "samples" / "resources" / "rocky-9.json"
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    environment.pop("MUSTER_POLICIES", None)
    check = "import sys, muster; print(muster.__file__, file=sys.stderr); from muster.cli import main; main()"
    ran = subprocess.run(
        [sys.executable, "-c", check, "check", str(body), "--format", "jsonl"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert str(installed) in ran.stderr
    assert ran.returncode in (0, 10, 11), ran.stderr
    assert '"definition": "secure-boot"' in ran.stdout
