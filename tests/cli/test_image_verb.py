"""`muster image`: what may be named, in what order it is answered, and what the answers look like."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from muster.cli import main
from tests.golden_files import check_golden

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
KEYS = ["input", "product", "release", "cycle", "variant", "confidence", "evidence", "lifecycle"]

Run = Callable[..., Result]


@pytest.fixture
def run() -> Run:
    def called(*arguments: str, piped: str | bytes | None = None) -> Result:
        return CliRunner().invoke(main, ["image", "--as-of", "2026-11-23", *arguments], input=piped)

    return called


def lines(result: Result) -> list[dict[str, Any]]:
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_an_answer(run: Run) -> None:
    (answer,) = lines(run("--format", "jsonl", "RedHat:RHEL:8_6"))
    assert list(answer) == KEYS
    assert answer["lifecycle"]["phase"] == "ended"
    assert answer["lifecycle"]["endOfSupportDate"] == "2024-05-31"
    del answer["lifecycle"]
    assert answer == {
        "input": "RedHat:RHEL:8_6",
        "product": "rhel",
        "release": "8.6",
        "cycle": "8",
        "variant": "eus",
        "confidence": "sure",
        "evidence": ["sku 8_6: release 8.6", "offer RHEL and sku 8_6: rhel by rule redhat-rhel"],
    }


def test_what_is_not_known(run: Run) -> None:
    (answer,) = lines(run("--format", "jsonl", "bitnami:rabbitmq:rabbitmq"))
    assert list(answer) == KEYS
    assert answer["product"] == "unknown"
    assert [answer[key] for key in KEYS[2:5]] == [None, None, None]
    assert answer["confidence"] == "none"
    assert answer["evidence"] == ["publisher bitnami: no rule knows what its images are"]
    assert answer["lifecycle"]["phase"] is None


def test_the_same_day_gives_another_phase(run: Run) -> None:
    def phase(day: str) -> Any:
        return lines(run("--as-of", day, "--format", "jsonl", "MicrosoftCBLMariner:cbl-mariner:cbl-mariner-2"))[0][
            "lifecycle"
        ]["phase"]

    assert (phase("2025-07-31"), phase("2025-08-01")) == ("supported", "ended")


PIPED = """\
Canonical:ubuntu-24_04-lts:server

nonsense
/subscriptions/{sub}/resourceGroups/{rg}/providers/Microsoft.Compute/galleries/AKSAzureLinux/images/aclgen2TL
  Debian:debian-13:13-gen2:latest  """


def test_standard_input_is_answered_line_by_line_in_order(run: Run) -> None:
    for arguments in ((), ("-",)):
        found = lines(run("--format", "jsonl", *arguments, piped=PIPED))
        assert [answer["input"] for answer in found] == PIPED.splitlines()
        products = [answer["product"] for answer in found]
        assert products == ["ubuntu", "unknown", "unknown", "azure-container-linux", "debian"]


def test_arguments_and_files_are_answered_in_order(run: Run, tmp_path: Path) -> None:
    names = tmp_path / "names.txt"
    names.write_text("Debian:debian-12:12\r\nOracle:Oracle-Linux:ol810-lvm-gen2\r\n")
    sample = ROOT / "samples/resources/ubuntu-1804.json"
    found = lines(run("--format", "jsonl", "RedHat:RHEL:8", str(names), str(sample), "-", piped="SUSE:SLES:15\n"))
    assert [(answer["input"], answer["product"], answer["release"]) for answer in found] == [
        ("RedHat:RHEL:8", "rhel", "8"),
        ("Debian:debian-12:12", "debian", "12"),
        ("Oracle:Oracle-Linux:ol810-lvm-gen2", "oracle-linux", "8.10"),
        (str(sample), "ubuntu", "18.04"),
        ("SUSE:SLES:15", "sles", "15.0"),
    ]


VM = {
    "type": "Microsoft.Compute/virtualMachines",
    "properties": {
        "licenseType": "RHEL_ELS_6",
        "storageProfile": {"imageReference": {"publisher": "RedHat", "offer": "RHEL", "sku": "7-LVM"}},
    },
}
FLAT = {"type": "Microsoft.Compute/virtualMachines", **VM["properties"]}  # type: ignore[dict-item]
URN = {"publisher": "Debian", "offer": "debian-12", "sku": "12", "version": "latest"}


@pytest.mark.parametrize(
    ("text", "places", "products"),
    [
        (json.dumps(VM), [""], ["rhel"]),
        (json.dumps([VM, FLAT, 7, URN]), ["#/0", "#/1", "#/2", "#/3"], ["rhel", "rhel", "unknown", "debian"]),
        (json.dumps({"value": [VM]}), ["#/value/0"], ["rhel"]),
        ("\ufeff" + json.dumps(VM, indent=2), [""], ["rhel"]),
        (f"{json.dumps(VM)}\n\n{json.dumps(URN)}\n", [":1", ":3"], ["rhel", "debian"]),
        ("[]", [], []),
    ],
)
def test_bodies(run: Run, tmp_path: Path, text: str, places: list[str], products: list[str]) -> None:
    file = tmp_path / "bodies"
    file.write_text(text, "utf-8")
    for name, result in (
        (str(file), run("--format", "jsonl", str(file))),
        ("-", run("--format", "jsonl", piped=text)),
    ):
        found = lines(result)
        assert [answer["input"] for answer in found] == [f"{name}{place}" for place in places]
        assert [answer["product"] for answer in found] == products


def test_a_body_may_show_a_right_to_extended_support(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "vm.json"
    file.write_text(json.dumps(VM))
    (answer,) = lines(run("--format", "jsonl", str(file)))
    assert (answer["lifecycle"]["phase"], answer["lifecycle"]["entitlementShown"]) == ("extended", True)


@pytest.mark.parametrize("text", ['{"a": ', "[1,]", '{"a": 1}\n{"b":\n', '{"a": NaN}', '{"a": 1, "a": 2}'])
def test_faulty_json_is_told_with_its_place(run: Run, tmp_path: Path, text: str) -> None:
    file = tmp_path / "vm.json"
    file.write_text(text)
    result = run("--format", "jsonl", str(file))
    assert result.exit_code == 2
    assert f"{file}:" in result.stderr
    assert result.stdout == ""
    assert run(piped=text).exit_code == 2


@pytest.mark.parametrize(
    "piped", [b"\xff\xfe\x00\n", b"Canonical:\x80:x\n", b"x" * 3_000_000 + b"\nDebian:debian-12:12\n"]
)
def test_any_bytes_are_answered(run: Run, piped: bytes) -> None:
    found = lines(run("--format", "jsonl", piped=piped))
    assert found[0]["product"] == "unknown"
    assert len(found) == piped.count(b"\n")
    assert len(json.dumps(found[0])) < 1_100_000


def test_a_file_that_is_not_there(run: Run) -> None:
    result = run("no-such-file.json")
    assert result.exit_code == 2
    assert "There is no file no-such-file.json." in result.stderr


def test_broken_rules_are_told(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "lifecycle"
    (folder / "images").mkdir(parents=True)
    (folder / "releases").mkdir()
    (folder / "images" / "x.json").write_text('{"product": "x", "rules": [{}]}')
    result = run("--policies", str(tmp_path), "a:b:c")
    assert result.exit_code == 2
    assert "lifecycle/images/x.json:1:" in result.stderr
    assert "image-rules-without-source" in result.stderr


@pytest.mark.parametrize("form", ["table", "json"])
def test_outputs(run: Run, form: str) -> None:
    names = (
        "Canonical:ubuntu-24_04-lts:server",
        "RedHat:RHEL:8-lvm",
        "microsoftazurelinux:azurelinux-4:4",
        "MicrosoftCBLMariner:azure-linux-3:azure-linux-3-acl",
        "aviatrix-systems:aviatrix-companion-gateway-v10:aviatrix-companion-gateway-v10u",
        "Сanonical:ubuntu-24_04-lts:\x1b[2J",
    )
    result = run("--format", form, *names)
    assert result.exit_code == 0
    if form == "json":
        assert [answer["input"] for answer in json.loads(result.stdout)] == list(names)
    else:
        check_golden(GOLDEN / "image-table.txt", result.stdout)


def test_lint_names_file_and_line_of_a_faulty_rule(tmp_path: Path) -> None:
    folder = tmp_path / "lifecycle"
    (folder / "images").mkdir(parents=True)
    (folder / "releases").mkdir()
    rule = {"id": "x", "publishers": ["x"], "offers": ["x"], "skus": ["*"], "source": "its page", "seen": "2026-11-01"}
    examples = [{"image": "x:x:1"}, {"image": "y:x:1"}]
    file = {
        "product": "x",
        "rules": [{**rule, "examples": examples}, {**rule, "id": "again", "examples": examples[:1]}],
    }
    (folder / "images" / "x.json").write_text(json.dumps(file, indent=2))
    result = CliRunner().invoke(main, ["lifecycle", "lint", "--policies", str(tmp_path)])
    assert result.exit_code == 2
    assert "lifecycle/images/x.json:19:20: error[image-rules-overlap]: Rule 'again' of" in result.stderr
    assert "lifecycle/images/x.json:22:20: error[image-rules-example]: Rule 'x' does not fit" in result.stderr
