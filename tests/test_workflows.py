"""What runs on a code host: pinned, with the least permissions, without texts of strangers in scripts, and by verbs
that muster has."""

import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from muster.cli import main
from tests.conftest import ROOT

GITHUB = ROOT / ".github"
FILES = sorted(GITHUB.rglob("*.yml"))
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
ACTIONS = sorted((GITHUB / "actions").rglob("action.yml"))
SCRIPTS = sorted((GITHUB / "actions").rglob("*.sh"))
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
HOME = re.compile(r"uses: (\./[\w./-]+)(?: #.*)?$")
READ_ONLY = {"contents": "read"}


def by_place(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def content(path: Path) -> dict[str, Any]:
    value = yaml.safe_load(path.read_text("utf-8"))
    assert isinstance(value, dict)
    # YAML 1.1 takes the key `on` for a boolean.
    return {"on" if key is True else key: item for key, item in value.items()}


def steps(path: Path) -> Iterator[dict[str, Any]]:
    whole = content(path)
    for job in whole.get("jobs", {}).values():
        yield from job["steps"]
    yield from whole.get("runs", {}).get("steps", ())


@pytest.mark.parametrize("path", FILES, ids=by_place)
def test_a_file_is_yaml(path: Path) -> None:
    assert content(path)


@pytest.mark.parametrize("path", WORKFLOWS, ids=by_place)
def test_a_workflow_may_read_the_code_and_nothing_more(path: Path) -> None:
    workflow = content(path)
    assert workflow["permissions"] == {}
    assert "pull_request_target" not in workflow["on"]
    assert "workflow_run" not in workflow["on"]
    for job in workflow["jobs"].values():
        assert job["permissions"] == READ_ONLY
        assert 0 < job["timeout-minutes"] <= 90


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=by_place)
def test_an_action_of_others_is_pinned_to_a_commit(path: Path) -> None:
    uses = [line.strip().removeprefix("- ") for line in path.read_text("utf-8").splitlines() if "uses:" in line]
    assert uses
    assert [line for line in uses if not PINNED.fullmatch(line) and not HOME.fullmatch(line)] == []
    for line in uses:
        if own := HOME.fullmatch(line):
            assert (ROOT / own[1] / "action.yml").is_file()


def test_the_page_about_it_pins_the_same_and_names_every_input() -> None:
    page = (ROOT / "docs" / "continuous-integration.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    (job,) = yaml.safe_load(example)["jobs"].values()
    here = (GITHUB / "workflows" / "policies.yml").read_text("utf-8")
    assert re.findall(r"uses: actions/\S+ # \S+", example) == re.findall(r"uses: actions/\S+ # \S+", here)
    (action,) = ACTIONS
    inputs = content(action)["inputs"]
    assert set(job["steps"][1]["with"]) <= inputs.keys()
    assert re.findall(r"^\| `([\w-]+)` \|", page, re.MULTILINE) == list(inputs)


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=by_place)
def test_the_token_is_not_left_in_the_checkout(path: Path) -> None:
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("path", [*WORKFLOWS, *ACTIONS], ids=by_place)
def test_nothing_is_filled_into_a_script(path: Path) -> None:
    """Whoever names a branch or opens a pull request would write the script, too: texts come in by the environment."""
    assert [step["run"] for step in steps(path) if "${{" in step.get("run", "")] == []


def test_the_pythons_are_those_that_muster_runs_on() -> None:
    matrix = content(GITHUB / "workflows" / "test.yml")["jobs"]["test"]["strategy"]["matrix"]["python"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lowest = re.fullmatch(r">=3\.(\d+)", project["requires-python"])
    assert lowest is not None
    fits = re.search(
        r"\(3, (\d+)\) <= sys\.version_info\[:2\] <= \(3, (\d+)\)", (ROOT / "scripts/make-venv.sh").read_text()
    )
    assert fits is not None
    assert fits[1] == lowest[1]
    assert matrix == [f"3.{minor}" for minor in range(int(fits[1]), int(fits[2]) + 1)]


def muster_calls() -> Iterator[tuple[str, list[str]]]:
    """The verbs that workflows, actions and scripts call, each with what stands behind it."""
    scripts = [step["run"] for path in [*WORKFLOWS, *ACTIONS] for step in steps(path) if "run" in step]
    scripts += [path.read_text("utf-8") for path in SCRIPTS]
    for script in scripts:
        for line in script.replace("\\\n", " ").splitlines():
            if called := re.search(r"(?:/bin/muster\"|\"\$MUSTER\") (\w+)(.*)", line):
                yield called[1], called[2].partition(">")[0].split()


def test_what_is_called_is_a_verb_with_these_options() -> None:
    calls = list(muster_calls())
    assert [verb for verb, _ in calls] == ["lint", "test", "impact"]
    context = click.Context(main)
    for verb, words in calls:
        command = main.get_command(context, verb)
        assert command is not None, f"muster {verb}"
        options = {name for parameter in command.params for name in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= options, f"muster {verb}"


def test_an_auditor_of_workflows_finds_nothing() -> None:
    ran = subprocess.run(
        [Path(sys.executable).with_name("zizmor"), "--offline", "--no-progress", "--pedantic", GITHUB],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout
    assert "No findings to report" in ran.stdout


def git(folder: Path, *words: str) -> str:
    identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
    return subprocess.run(
        ["git", *identity, *words], cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


class Checkout:
    """A repository with policies and a change of them, and a muster that notes how it is called."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "checkout"
        self.summary = folder / "summary.md"
        self.called = folder / "called"
        self.temp = folder / "temp"
        self.muster = folder / "muster"
        self.temp.mkdir()
        self.folder.mkdir()
        git(self.folder, "init", "--quiet")
        self.empty = self._commit("README", "no policies yet")
        self.base = self._commit("policies/a.json", "old")
        self._commit("policies/a.json", "new")

    def _commit(self, name: str, text: str) -> str:
        (self.folder / name).parent.mkdir(exist_ok=True)
        (self.folder / name).write_text(text, "utf-8")
        git(self.folder, "add", ".")
        git(self.folder, "commit", "--quiet", "--message", name)
        return git(self.folder, "rev-parse", "HEAD")

    def impact(self, code: int = 0, says: str = "# Impact", **environment: str) -> tuple[int, str, str]:
        """Run the action's script with a muster that prints and exits so: exit code, summary, output."""
        called, text = shlex.quote(str(self.called)), shlex.quote(says)
        script = f'printf "%s\\n" "$@" > {called}\ncat "$5/a.json"\nprintf "%s" {text}\nexit {code}\n'
        self.muster.write_text(f"#!/bin/sh\n{script}", "utf-8")
        self.muster.chmod(0o755)
        given = {
            "POLICIES": "policies",
            "AGAINST": "samples",
            "BASE": self.base,
            "FAIL_ON_IMPACT": "false",
            "MUSTER": str(self.muster),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "PATH": os.environ["PATH"],
        }
        ran = subprocess.run(
            ["bash", SCRIPTS[0]], cwd=self.folder, env=given | environment, capture_output=True, text=True, check=False
        )
        return ran.returncode, self.summary.read_text("utf-8") if self.summary.exists() else "", ran.stdout


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_impact_is_told_against_the_policies_before_the_change(checkout: Checkout) -> None:
    code, summary, _ = checkout.impact()
    assert (code, summary) == (0, "old# Impact")
    verb, *words = checkout.called.read_text("utf-8").splitlines()
    given = dict(zip(words[::2], words[1::2], strict=True))
    assert verb == "impact"
    assert given.keys() == {"--policies", "--current", "--against", "--format"}
    assert (given["--policies"], given["--against"], given["--format"]) == ("./policies", "./samples", "markdown")


@pytest.mark.parametrize(
    ("code", "fail", "expected"),
    [
        (10, "false", 0),
        (10, "true", 10),
        (1, "false", 1),
        (2, "true", 2),
        (0, "true", 0),
        (11, "false", 0),
        (11, "true", 11),
    ],
)
def test_a_change_that_strikes_somebody_fails_only_where_that_was_asked_for(
    checkout: Checkout, code: int, fail: str, expected: int
) -> None:
    ended, summary, said = checkout.impact(code, FAIL_ON_IMPACT=fail)
    assert (ended, summary) == (expected, "old# Impact")
    assert ("::notice::" in said) is (code >= 10 and fail == "false")


def test_new_policies_have_nothing_to_be_compared_with(checkout: Checkout) -> None:
    code, summary, _ = checkout.impact(BASE=checkout.empty)
    assert code == 0
    assert summary.startswith("The policies are new")
    assert not checkout.called.exists()


def test_a_checkout_without_history_is_told(checkout: Checkout) -> None:
    code, _, said = checkout.impact(BASE="0" * 40)
    assert code == 2
    assert "fetch-depth: 0" in said


def test_a_long_summary_is_cut_rather_than_lost(checkout: Checkout) -> None:
    _, summary, _ = checkout.impact(says="x" * 100_000)
    assert len(summary) == 100_003
    big = checkout.folder / "policies" / "a.json"
    big.write_text("y" * 2_000_000, "utf-8")
    git(checkout.folder, "commit", "--quiet", "--all", "--message", "big")
    _, summary, _ = checkout.impact(BASE=git(checkout.folder, "rev-parse", "HEAD"))
    assert len(summary) == 100_003 + 1_000_000
