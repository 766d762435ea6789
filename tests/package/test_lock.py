"""requirements.lock is what requirements.txt asks for."""

import re

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PYTHONS = ("3.11.7", "3.12.1", "3.13.0")
LINE = re.compile(r"^([a-z0-9-]+==\S+(?: ; [^\\]+)?) \\$", re.MULTILINE)


def locked(python: str) -> dict[str, str]:
    """The versions by name that the lock has for a Python."""
    text = (ROOT / "requirements.lock").read_text("utf-8")
    environment = {"python_full_version": python, "python_version": python.rpartition(".")[0]}
    found: dict[str, str] = {}
    for line in LINE.findall(text):
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate(environment):
            (pin,) = requirement.specifier
            found[canonicalize_name(requirement.name)] = pin.version
    return found


@pytest.mark.parametrize("python", PYTHONS)
def test_every_requirement_is_locked_at_a_version_that_it_allows(python: str) -> None:
    versions = locked(python)
    for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            wanted = Requirement(line)
            assert wanted.specifier.contains(versions[canonicalize_name(wanted.name)]), line


def test_a_python_gets_the_library_that_its_worker_takes() -> None:
    assert locked("3.12.1")["azure-functions"].startswith("1.")
    assert locked("3.13.0")["azure-functions"].startswith("2.")


def test_everything_locked_has_hashes() -> None:
    text = (ROOT / "requirements.lock").read_text("utf-8")
    entries = re.split(r"^(?=\S)", text, flags=re.MULTILINE)[1:]
    pins = [entry for entry in entries if not entry.startswith("#")]
    assert len(pins) == len(LINE.findall(text)) > 20
    assert [entry for entry in pins if "--hash=sha256:" not in entry] == []
