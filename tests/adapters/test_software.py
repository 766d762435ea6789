"""What this process runs on."""

import sys
from pathlib import Path

import pytest

from muster.adapters.software import read_software
from tests.conftest import ROOT


def test_this_checkout() -> None:
    found = read_software(ROOT)
    assert found.python == sys.version_info[:3]
    assert {one.name for one in found.dependencies} >= {"azure-functions", "packaging"}
    assert all(one.fits and one.installed for one in found.dependencies)
    assert isinstance(found.host, dict)


def test_an_installed_package_has_no_host_json() -> None:
    found = read_software(None)
    assert found.host is None
    assert {one.name for one in found.dependencies} >= {"azure-functions", "rich"}
    assert "pytest" not in {one.name for one in found.dependencies}


def test_what_does_not_fit(tmp_path: Path) -> None:
    lines = "rich>=999 # newest\nno-such-library-here\n# comment\nclick\nx y z\nclick>=1; python_version < '3'\n"
    (tmp_path / "requirements.txt").write_text(lines, "utf-8")
    found = {one.name: one for one in read_software(tmp_path).dependencies}
    assert {name: one.fits for name, one in found.items()} == {
        "rich": False,
        "no-such-library-here": False,
        "click": True,
    }
    assert found["no-such-library-here"].installed == ""


@pytest.mark.parametrize("text", [None, "{", "[]", "\x00"])
def test_a_host_json_that_can_not_be_read(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "host.json").write_text(text, "utf-8")
    assert isinstance(read_software(tmp_path).host, str)
