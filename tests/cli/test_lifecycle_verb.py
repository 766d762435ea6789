"""`muster lifecycle`: show, lint and refresh, on a catalogue of two products."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from muster.adapters.catalogue_files import load_catalogue
from muster.cli import lifecycle, main
from muster.values.json import Json, JsonObject

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"

DISTRO: JsonObject = {
    "product": "distro",
    "title": "Distro",
    "refreshed": "2026-11-01",
    "endoflifeDate": {"name": "distro", "members": {"releaseDate": "releaseDate", "endOfSupport": "eolFrom"}},
    "distroInfo": {"name": "distro", "members": {"endOfSupport": "eol", "extendedSupportEnd": "eol-lts"}},
    "programmes": [{"name": "LTS", "title": "Long", "included": True, "source": "its page", "seen": "2026-11-01"}],
    "releases": [
        {
            "cycle": "2",
            "codename": "Zweite",
            "releaseDate": "2025-01-01",
            "endOfSupport": "2028-01-31",
            "extendedSupportEnd": "2030-01-31",
            "programme": "LTS",
            "source": "its page",
            "seen": "2026-11-01",
        },
        {
            "cycle": "1",
            "releaseDate": "2022-01-01",
            "activeSupportEnd": "2024-06-30",
            "endOfSupport": "2025-01-31",
            "successor": {"image": "who:distro:2:latest", "product": "distro", "cycle": "2"},
            "source": "its page",
            "seen": "2026-11-01",
            "byHand": ["endOfSupport"],
            "note": "kept long",
        },
    ],
    "traits": [
        {"trait": "selinux", "value": "enforcing", "cycles": ["2"], "source": "its page", "seen": "2026-11-01"},
        {"trait": "secureBoot", "value": True, "source": "its page", "seen": "2026-11-01"},
    ],
}
ROLLING: JsonObject = {
    "product": "stream",
    "title": "Stream",
    "refreshed": "2026-03-01",
    "releases": [
        {"cycle": None, "endOfSupport": None, "status": "rolling", "source": "its page", "seen": "2026-03-01"},
        {
            "cycle": None,
            "endOfSupport": None,
            "channel": "aks",
            "status": "preview",
            "expectation": "two years",
            "source": "its page",
            "seen": "2026-03-01",
        },
    ],
}


@pytest.fixture
def policies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(lifecycle, "_day", lambda given: (given or datetime(2026, 11, 23, tzinfo=UTC)).date())
    folder = tmp_path / "policies" / "lifecycle" / "releases"
    folder.mkdir(parents=True)
    for value in (DISTRO, ROLLING):
        (folder / f"{value['product']}.json").write_text(json.dumps(value, indent=2) + "\n")
    return tmp_path / "policies"


@pytest.fixture
def run(policies: Path) -> Callable[..., Result]:
    def called(*arguments: object) -> Result:
        verb, *rest = map(str, arguments)
        return CliRunner().invoke(main, ["lifecycle", verb, "--policies", str(policies), *rest])

    return called


@pytest.mark.parametrize("product", ["distro", "stream"])
@pytest.mark.parametrize("form", ["table", "json"])
def test_show(run: Callable[..., Result], product: str, form: str) -> None:
    result = run("show", product, "--as-of", "2026-11-23", "--format", form)
    assert result.exit_code == 0
    golden = GOLDEN / f"lifecycle-show-{product}.{'json' if form == 'json' else 'txt'}"
    assert "\n".join(line.rstrip() for line in result.stdout.splitlines()) == golden.read_text().rstrip("\n")


def test_show_of_another_day(run: Callable[..., Result]) -> None:
    told = json.loads(run("show", "DISTRO", "--as-of", "2024-07-01", "--format", "json").stdout)
    assert [release["lifecycle"]["phase"] for release in told["releases"]] == ["preview", "security"]


def test_show_of_a_product_that_is_not_there(run: Callable[..., Result]) -> None:
    result = run("show", "distrp")
    assert result.exit_code == 2
    assert "Close to it: distro" in result.stderr


def test_show_of_a_broken_catalogue_says_where(run: Callable[..., Result], policies: Path) -> None:
    file = policies / "lifecycle/releases/distro.json"
    file.write_text(file.read_text().replace('"endOfSupport": "2028-01-31"', '"endOfSupport": "2024-01-31"'))
    result = run("show", "stream")
    assert result.exit_code == 2
    assert "distro.json:33:" in result.stderr
    assert "'endOfSupport' 2024-01-31 is before 'releaseDate' 2025-01-01." in result.stderr


def test_lint(run: Callable[..., Result]) -> None:
    result = run("lint")
    assert result.exit_code == 0
    assert "stream.json:4:16: warning[catalogue-stale]: Not compared with its sources for 267 days" in result.stderr
    assert result.stdout == "2 products, 4 releases and 2 traits.\n"


def test_lint_names_every_fault(run: Callable[..., Result], policies: Path) -> None:
    file = policies / "lifecycle/releases/stream.json"
    file.write_text(file.read_text().replace('"source": "its page",', ""))
    (policies / "lifecycle/releases/broken.json").write_text("{")
    result = run("lint")
    assert result.exit_code == 2
    assert result.stderr.count("error[catalogue-without-source]") == 2
    assert "broken.json:1:2: error[invalid-json]" in result.stderr


ANSWER: JsonObject = {
    "schema_version": "1.2.0",
    "result": {
        "name": "distro",
        "releases": [
            {"name": "3", "codename": "Dritte", "releaseDate": "2026-11-11", "eolFrom": "2029-01-31"},
            {"name": "2", "releaseDate": "2025-01-01", "eolFrom": "2027-12-31"},
            {"name": "1", "releaseDate": "2022-01-01", "eolFrom": "2025-02-28"},
        ],
    },
}
TABLE = """\
version,codename,series,created,release,eol,eol-lts
2 LTS,Zweite,zwei,2024-06-01,2025-01-01,2028-02-29,2030-01-31
"""

DIFF = """\
~ distro 2 endOfSupport: 2028-01-31 -> 2028-02-29, from distro-info-data (distro.csv)
= distro 1 endOfSupport: 2025-01-31 -> 2025-02-28, from endoflife.date/distro, set by hand and kept
+ distro 3 releaseDate: 2026-11-11, from endoflife.date/distro
+ distro 3 endOfSupport: 2029-01-31, from endoflife.date/distro
2 dates differ, 1 of them set by hand and kept; 1 new release. 1 of 2 products. {}
"""


@pytest.fixture
def data(tmp_path: Path) -> list[str]:
    answer, table = tmp_path / "answer.json", tmp_path / "distro.csv"
    answer.write_text(json.dumps(ANSWER))
    table.write_text(TABLE)
    return ["--endoflife-date", str(answer), "--distro-info", str(table)]


def texts(policies: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in (policies / "lifecycle/releases").iterdir()}


def test_refresh_shows_what_differs_and_changes_nothing(
    run: Callable[..., Result], policies: Path, data: list[str]
) -> None:
    before = texts(policies)
    result = run("refresh", *data)
    assert (result.exit_code, result.stderr) == (0, "")
    # The new release has no end of long-term support in either set, so none is invented.
    assert result.stdout.splitlines() == DIFF.format("Nothing was written; --write does it.").splitlines()
    assert texts(policies) == before


def test_refresh_writes_what_it_shows(run: Callable[..., Result], policies: Path, data: list[str]) -> None:
    before = texts(policies)
    assert run("refresh", *data, "--write").stdout == DIFF.format("Written.")
    after = texts(policies)
    assert after.keys() == before.keys(), "no draft is left behind"
    assert after["stream.json"] == before["stream.json"]
    catalogue = load_catalogue(policies).catalogue
    ends = {row.cycle: row.end_of_support for row in catalogue.products["distro"].releases}
    assert ends == {"3": date(2029, 1, 31), "2": date(2028, 2, 29), "1": date(2025, 1, 31)}
    again = run("refresh", *data)
    assert again.stdout.splitlines()[-1].startswith("1 date differs, 1 of them set by hand and kept.")


def test_refresh_by_force(run: Callable[..., Result], policies: Path, data: list[str]) -> None:
    result = run("refresh", *data, "--write", "--force", "--format", "json")
    assert [change["kept"] for change in json.loads(result.stdout)] == [False] * 4
    row = load_catalogue(policies).catalogue.release("distro", "1")
    assert row is not None
    assert (row.end_of_support, row.by_hand, row.note) == (date(2025, 2, 28), frozenset(), "kept long")


def test_refresh_never_writes_a_catalogue_with_faults(
    run: Callable[..., Result], policies: Path, tmp_path: Path
) -> None:
    before = texts(policies)
    releases: list[Json] = [{"name": "2", "releaseDate": "2031-01-01"}]
    answer = tmp_path / "answer.json"
    answer.write_text(json.dumps({"result": {"name": "distro", "releases": releases}}))
    result = run("refresh", "--endoflife-date", answer, "--write")
    assert result.exit_code == 2
    assert "error[catalogue-order]" in result.stderr
    assert "Nothing was written" in result.stderr
    assert texts(policies) == before


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "Not JSON"), ("{}", "API v1"), ("[1", "Not JSON"), ('{"a": 1, "a": 2}', "stands twice")],
)
def test_refresh_from_what_is_no_data(run: Callable[..., Result], tmp_path: Path, content: str, words: str) -> None:
    answer = tmp_path / "answer.json"
    answer.write_text(content)
    result = run("refresh", "--endoflife-date", answer)
    assert result.exit_code == 2
    assert words in result.stderr


def test_refresh_from_elsewhere_is_refused(run: Callable[..., Result]) -> None:
    result = run("refresh", "--endoflife-date", "https://evil.example/api")
    assert result.exit_code == 2
    assert "https://endoflife.date/ only" in " ".join(result.stderr.split())


def test_refresh_from_nothing(run: Callable[..., Result]) -> None:
    assert run("refresh").exit_code == 2


def test_the_files_that_ship_are_written_as_a_refresh_writes_them() -> None:
    """So that a refresh changes the lines of its changes only."""
    loaded = load_catalogue(ROOT / "policies")
    for name, value in loaded.values.items():
        assert loaded.sources[name].text == f"{json.dumps(value, indent=2, ensure_ascii=False)}\n", name


def test_without_a_catalogue_of_ones_own_that_of_muster_counts(tmp_path: Path) -> None:
    result = CliRunner().invoke(main, ["lifecycle", "show", "ubuntu", "--policies", str(tmp_path)])
    assert (result.exit_code, result.stdout[:6]) == (0, "Ubuntu")
