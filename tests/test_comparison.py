"""What docs/comparison.md says: every definition and case that it names exists, and the built-ins differ as it says."""

import json
import re
from pathlib import Path

import pytest

from muster.adapters.policy_files import load_schemas
from muster.facts.aliases import AzureAliases
from muster.policy.bound import bind
from muster.policy.direct import load_definitions
from tests.test_default_policies import CASES, DAY, DEFINITIONS, case_results, read

PAGE = (Path(__file__).parent.parent / "docs" / "comparison.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|\n").split(" | ")]
    for line in PAGE.splitlines()
    if line.startswith("| ") and not line.startswith("| check")
]

BUILT_INS = [
    ("c95b54ad", "trusted-launch", "a Confidential VM is not failed for not being Trusted Launch", "NonCompliant"),
    ("c95b54ad", "trusted-launch", "a scale set whose profile is not the machines' own path", "NotApplicable"),
    ("672fe5a1", "guest-attestation", "a container host has no place for extensions", "NonCompliant"),
    ("bd876905", "periodic-assessment", "an image that no list of names knows is asked too", "NotApplicable"),
    ("6d02d2f7", "hotpatch", "the 2025 edition, which no list of names has", "NotApplicable"),
    ("702dd420", "disk-customer-managed-key", "the disk of a Confidential VM with a customer's key", "NonCompliant"),
    ("e4953962", "machine-identity", "a container host is not asked", "NonCompliant"),
    ("fad40cac", "entra-login", "a container host is not asked", "NonCompliant"),
    ("013e242c", "backup", "a container host keeps nothing", "NonCompliant"),
    ("013e242c", "backup", "an instance of a flexible scale set is made again", "NonCompliant"),
    ("013e242c", "backup", "an ephemeral OS disk can not be backed up", "NonCompliant"),
    ("fc9b3da7", "guest-baseline", "a deallocated machine is not judged by what it does not report", "NonCompliant"),
    ("d3903bdf", "scale-set-across-zones", "one zone", "Compliant"),
    ("d3903bdf", "scale-set-across-zones", "as many as wanted", "NonCompliant"),
]
"""The first digits of a built-in's GUID, a definition and its case, and what the built-in says of that resource."""


def test_the_page_names_definitions_and_cases_that_there_are() -> None:
    for checks, names, _, _, case in ROWS:
        definitions = re.findall(r"`([^`]+)`", names)
        assert definitions, checks
        known = {one["name"] for name in definitions for one in read(CASES[name])["cases"]}
        assert not case or case in known, (names, case)


def test_the_page_names_every_definition_and_every_check_that_is_referred_to() -> None:
    assert {name for name in DEFINITIONS if f"`{name}`" not in PAGE} == set()
    references = {
        reference
        for path in DEFINITIONS.values()
        for reference in read(path)["properties"]["metadata"]["references"]
        if re.fullmatch(r"[A-Z]{3}-[0-9]{3}", reference)
    }
    assert {check for row in ROWS for check in row[0].split(", ")} == references


def test_every_measured_difference_is_marked_as_such() -> None:
    marked = {(row[1].strip("`"), row[4]) for row in ROWS if row[3].endswith("✓")}
    assert marked == {(name, case) for _, name, case, _ in BUILT_INS}


@pytest.mark.parametrize(("built_in", "name", "case", "state"), BUILT_INS)
def test_a_built_in_differs_as_the_page_says(shared: Path, built_in: str, name: str, case: str, state: str) -> None:
    (path,) = [
        path
        for path in (shared / "azure-policy" / "builtins").rglob("*.json")
        if json.loads(path.read_text("utf-8-sig"))["name"].startswith(built_in)
    ]
    files = load_definitions({str(path): path.read_text("utf-8-sig")}, load_schemas(), None)
    content = read(CASES[name])
    (given,) = [one for one in content["cases"] if one["name"] == case]
    (result,) = case_results(bind(files, AzureAliases()), {"asOf": content.get("asOf", DAY), **given})
    assert result.state == state
    assert result.state != given["expect"]
