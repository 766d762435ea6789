"""`muster policies guardrail`: whole outputs on a small catalogue, and the shipped one as Azure Policy takes it."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from muster.cli import main
from tests.golden_files import check_golden

GOLDEN = Path(__file__).parent / "golden"
ROOT = Path(__file__).parents[2]
PARTS = ("images/shared-words", "images/centos", "images/debian", "releases/centos", "releases/debian")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A policies folder that knows CentOS and Debian."""
    for part in (*PARTS, "releases/rocky-linux"):
        target = tmp_path / "lifecycle" / f"{part}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "policies/lifecycle" / f"{part}.json", target)
    return tmp_path


def guardrail(folder: Path, *arguments: str) -> Result:
    given = ["policies", "guardrail", "--policies", str(folder), "--as-of", "2026-11-28", *arguments]
    return CliRunner().invoke(main, given)


def test_definition(folder: Path) -> None:
    found = guardrail(folder, "--effect", "deny")
    assert found.exit_code == 0, found.output
    check_golden(GOLDEN / "guardrail-definition.json", found.stdout)


@pytest.mark.parametrize(("form", "file"), [("table", "txt"), ("markdown", "md"), ("json", "json")])
def test_report(form: str, file: str, folder: Path) -> None:
    found = guardrail(folder, "--report", form)
    assert found.exit_code == 0, found.output
    check_golden(GOLDEN / f"guardrail-report.{file}", found.stdout)


def test_looks_ahead(folder: Path) -> None:
    """Debian 12 ends in 2028, CentOS Stream is not in this catalogue."""
    now = json.loads(guardrail(folder, "--report", "json").stdout)
    ahead = json.loads(guardrail(folder, "--within", "700", "--report", "json").stdout)
    assert {one["title"] for one in ahead["releases"]} - {one["title"] for one in now["releases"]} == {"Debian 12"}
    assert now["holdsUntil"] == "2028-06-30"


def test_extended_support_counts(folder: Path) -> None:
    """As for os-supported: a release that somebody still repairs is not stopped, entitled or not."""
    releases = json.loads(guardrail(folder, "--report", "json").stdout)["releases"]
    last_days = {one["title"]: one["lastDay"] for one in releases}
    assert last_days["Debian 11"] == "2026-08-31"
    assert "Debian 12" not in last_days


def test_written_to_a_file(folder: Path, tmp_path: Path) -> None:
    found = guardrail(folder, "--to", str(tmp_path / "guardrail.json"))
    assert found.exit_code == 0
    assert found.stdout.startswith(f"Written to {tmp_path}/guardrail.json. 8 releases are stopped, ")
    assert json.loads((tmp_path / "guardrail.json").read_text("utf-8"))["properties"]["mode"] == "Indexed"


def test_report_beside_the_file(folder: Path, tmp_path: Path) -> None:
    found = guardrail(folder, "--to", str(tmp_path / "guardrail.json"), "--report", "markdown")
    assert found.stdout.startswith("### Images whose support is over on 2026-11-28")
    assert (tmp_path / "guardrail.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--to", "/nowhere/at/all.json"), "--to /nowhere/at/all.json: No such file"),
        (("--within", "-1"), "--within"),
        (("--effect", "modify"), "--effect"),
        (("--as-of", "1990-01-01"), "no image is known whose support has ended by 1990-01-01"),
        (("--as-of", "9999-12-31", "--within", "1"), "date value out of range"),
    ],
)
def test_calls_that_cant_be_carried_out(arguments: tuple[str, ...], told: str, folder: Path) -> None:
    found = guardrail(folder, *arguments)
    assert (found.exit_code, told in found.output) == (2, True), found.output


def test_broken_catalogue(folder: Path) -> None:
    (folder / "lifecycle/releases/debian.json").write_text('{"product": "debian", "releases": 1}', "utf-8")
    found = guardrail(folder)
    assert found.exit_code == 2
    assert "releases/debian.json" in found.output


def test_the_shipped_one_can_be_deployed(tmp_path: Path) -> None:
    path = tmp_path / "guardrail.json"
    assert guardrail(ROOT / "policies", "--to", str(path)).exit_code == 0
    found = CliRunner().invoke(main, ["lint", "--target", "azure-policy", "--format", "json", str(path)])
    assert found.exit_code == 0, found.output
    content = json.loads(found.stdout)
    assert content["deployable"] == {"muster-guardrail-ended-images": True}
