"""`muster sweep` and `muster coverage`, on recorded bodies and a real store."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from muster.cli import main
from muster.cli.sweep import _Here
from muster.report.coverage_text import coverage_lines
from muster.values.sweep import BatchName
from tests.conftest import ROOT

RECORDED = str(ROOT / "samples" / "resources")


@pytest.mark.azurite
@pytest.mark.xdist_group("azurite")
def test_a_sweep_and_its_coverage(storage: str) -> None:
    runner = CliRunner()
    before = runner.invoke(main, ["coverage", "--storage", storage])
    assert before.exit_code == 1
    assert "nothing was swept" in before.output
    swept = runner.invoke(main, ["sweep", "--storage", storage, "--resources", RECORDED, "--format", "json"])
    assert swept.exit_code == 0, swept.output
    document = json.loads(swept.output)
    assert document["inAzure"] == document["judged"] > 15
    after = runner.invoke(main, ["coverage", "--storage", storage])
    assert after.exit_code == 0
    assert f"in Azure     {document['inAzure']}" in after.output
    assert after.output.endswith("Everything is covered.\n")


@pytest.mark.parametrize("paced", [True, False])
async def test_batches_wait_where_azure_is_read_and_nowhere_else(paced: bool) -> None:
    here = _Here(paced=paced)
    for number, seconds in enumerate((0.2, 0.0)):
        await here.put_batch(BatchName("s", number), timedelta(seconds=seconds))
    assert [(await here.next_batch()).number for _ in range(2)] == ([1, 0] if paced else [0, 1])


def test_policies_that_can_not_be_used(tmp_path: Path) -> None:
    (tmp_path / "definitions").mkdir()
    (tmp_path / "definitions" / "bad.json").write_text("{", "utf-8")
    ran = CliRunner().invoke(main, ["sweep", "--resources", RECORDED, "--policies", str(tmp_path)])
    assert ran.exit_code == 2
    assert "bad.json" in ran.output


def test_recordings_have_no_effective_rules() -> None:
    ran = CliRunner().invoke(main, ["sweep", "--resources", RECORDED], env={"MUSTER_EFFECTIVE_RULES": "true"})
    assert ran.exit_code == 2
    assert "--effective-rules" in ran.output


def test_what_is_missing_is_said() -> None:
    lines = list(
        coverage_lines(
            {
                "sweep": "s",
                "inAzure": 1200,
                "judged": 1,
                "notJudged": {
                    "count": 30,
                    "resources": [{"resource": f"/r\n{n}", "why": "throttled"} for n in range(30)],
                },
                "neverCame": {"count": 1, "resources": ["/x"]},
                "hindrances": ["needs a permission"],
                "latencySeconds": {"events": 2, "p50": 1.25, "p99": 60.0},
                "exemptionsEnding": [{"displayName": "Soon", "ends": "2026-12-01T00:00:00Z"}],
                "complete": False,
            }
        )
    )
    text = "\n".join(lines)
    assert all("\n" not in line for line in lines)
    for part in ("1,200", "not judged: 30", "throttled", "... and 10 more", "/x", "needs a permission", "p99 60.0 s"):
        assert part in text
    assert "exemption 'Soon' ends" in text
    assert lines[-1] == "Not everything is covered."


def test_a_document_of_anything_makes_lines() -> None:
    for value in ({}, {"inAzure": "x", "notJudged": 3, "latencySeconds": [], "hindrances": {}}):
        assert list(coverage_lines(value))[-1] == "Not everything is covered."  # type: ignore[arg-type]
