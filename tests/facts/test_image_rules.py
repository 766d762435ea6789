"""The files of image rules: what is refused and where, what lint finds, and the data that ships."""

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from muster.facts.image_lint import lint_image_rules
from muster.facts.image_rules import Named, Template
from muster.facts.image_rules_reading import read_image_rules
from muster.language.source import Source, read_json
from muster.values.diagnostic import Diagnostic

ROOT = Path(__file__).parents[2]
IMAGES = ROOT / "policies" / "lifecycle" / "images"
SCHEMA = Draft202012Validator(json.loads((ROOT / "policies/schemas/image-rules.schema.json").read_text("utf-8")))

DISTRO: dict[str, Any] = {
    "product": "distro",
    "osType": "Linux",
    "class": "generalPurpose",
    "immutable": False,
    "packageManager": "apt",
    "byCycle": {"1": {"packageManager": "yum"}},
    "forms": ["{major:1-9}.{minor:0-9}", "{major:1-9}"],
    "release": "{major}[.{minor}]",
    "cycle": ["{major}"],
    "codenames": {"first": "1", "rolling": {"release": "rolling"}},
    "builds": {"4711": "2.1"},
    "words": {"fips": {"variant": "fips"}},
    "noise": ["distro"],
    "guests": [{"name": "distro-*", "versions": ["{release}-*"]}],
    "rules": [
        {
            "id": "distro-official",
            "publishers": ["distro"],
            "offers": ["distro-*"],
            "skus": ["{release}-*"],
            "source": "its page",
            "seen": "2026-11-01",
            "examples": [{"image": "Distro:Distro:2.1-fips", "release": "2.1", "cycle": "2", "variant": "fips"}],
        }
    ],
}


def faults(*files: Any) -> list[Diagnostic]:
    return read_image_rules({f"{index}.json": file for index, file in enumerate(files)})[1]


def with_rule(**members: Any) -> dict[str, Any]:
    """DISTRO with members of its rule replaced; None takes one away."""
    file = copy.deepcopy(DISTRO)
    rule = {**file["rules"][0], **members}
    file["rules"] = [{name: value for name, value in rule.items() if value is not None}]
    return file


def test_a_sound_file_has_no_fault() -> None:
    rules, found = read_image_rules({"distro.json": DISTRO})
    assert found == []
    assert lint_image_rules(rules) == []
    assert list(rules.publishers) == ["distro"]


ANYONE = {"publishers": None, "anyone": True, "offers": None, "skus": None}

FILE_FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"colour": "red"}, "image-rules-member", "/colour"),
    ({"a/b~c": 1}, "image-rules-member", "/a~1b~0c"),
    ({"product": 7}, "image-rules-shape", "/product"),
    ({"product": " "}, "image-rules-shape", "/product"),
    ({"osType": "BeOS"}, "image-rules-value", "/osType"),
    ({"class": "appliance"}, "image-rules-value", "/class"),
    ({"immutable": "no"}, "image-rules-shape", "/immutable"),
    ({"byCycle": []}, "image-rules-shape", "/byCycle"),
    ({"byCycle": {"1": "yum"}}, "image-rules-shape", "/byCycle/1"),
    ({"byCycle": {"1": {"colour": "red"}}}, "image-rules-member", "/byCycle/1/colour"),
    ({"forms": ["{major:1-9}", "(a+)+"]}, "image-rules-pattern", "/forms/1"),
    ({"forms": [7]}, "image-rules-shape", "/forms"),
    ({"release": "{major"}, "image-rules-pattern", "/release"),
    ({"cycle": ["{major}", "[{minor}"]}, "image-rules-pattern", "/cycle/1"),
    ({"cycles": {"1": 1}}, "image-rules-shape", "/cycles/1"),
    ({"codenames": {"first": "99"}}, "image-rules-value", "/codenames/first"),
    ({"codenames": {"first": 1}}, "image-rules-value", "/codenames/first"),
    ({"codenames": {"First": "1"}}, "image-rules-pattern", "/codenames/First"),
    ({"codenames": {"first": {"release": "1", "date": "now"}}}, "image-rules-member", "/codenames/first/date"),
    ({"builds": {"4711": "99"}}, "image-rules-value", "/builds/4711"),
    ({"words": {"fips": "fips"}}, "image-rules-shape", "/words/fips"),
    ({"words": {"--": {}}}, "image-rules-pattern", "/words/--"),
    ({"words": {"fips": {"generation": "V3"}}}, "image-rules-value", "/words/fips/generation"),
    ({"words": {"fips": {"fields": {"edition": 1}}}}, "image-rules-shape", "/words/fips/fields/edition"),
    ({"noise": ["distro", "É"]}, "image-rules-pattern", "/noise/1"),
    ({"guests": [{"name": "*-distro"}]}, "image-rules-pattern", "/guests/0/name"),
    ({"guests": [{}]}, "image-rules-shape", "/guests/0"),
    ({"guests": ["distro"]}, "image-rules-shape", "/guests"),
    ({"rules": {}}, "image-rules-shape", "/rules"),
]

RULE_FAULTS: list[tuple[dict[str, Any], str, str]] = [
    ({"colour": "red"}, "image-rules-member", "/colour"),
    ({"source": None}, "image-rules-without-source", ""),
    ({"source": " "}, "image-rules-shape", "/source"),
    ({"seen": None}, "image-rules-without-seen", ""),
    ({"seen": "last year"}, "image-rules-value", "/seen"),
    ({"seen": "2026-02-30"}, "image-rules-value", "/seen"),
    ({"id": None}, "image-rules-shape", ""),
    ({"publishers": None}, "image-rules-shape", ""),
    ({"galleries": ["distro"]}, "image-rules-shape", ""),
    ({"publishers": None, "galleries": ["distro"]}, "image-rules-shape", ""),
    ({"skus": None}, "image-rules-shape", ""),
    ({"images": ["*"]}, "image-rules-shape", ""),
    ({**ANYONE, "names": ["*"]}, "image-rules-pattern", "/names/0"),
    ({**ANYONE, "names": ["*-distro-*"]}, "image-rules-pattern", "/names/0"),
    ({**ANYONE, "names": ["*-{release}-*"]}, "image-rules-pattern", "/names/0"),
    ({"offers": ["Distro"]}, "image-rules-pattern", "/offers/0"),
    ({"skus": ["{release}", "{release}-{release}"]}, "image-rules-pattern", "/skus/1"),
    ({"except": [["a"]]}, "image-rules-shape", "/except"),
    ({"versions": ["(8|9)"]}, "image-rules-pattern", "/versions/0"),
    ({"confidence": "none"}, "image-rules-value", "/confidence"),
    ({"channel": "moon"}, "image-rules-value", "/channel"),
    ({"unread": "shout"}, "image-rules-value", "/unread"),
    ({"split": "yes"}, "image-rules-shape", "/split"),
    ({"fields": {"major": 1}}, "image-rules-shape", "/fields/major"),
    ({"forms": ["{major:9-1}"]}, "image-rules-pattern", "/forms/0"),
    ({"builds": {"1": "99"}}, "image-rules-value", "/builds/1"),
    ({"locked": "eus"}, "image-rules-shape", "/locked"),
    ({"locked": {"variant": "eus", "until": 1}}, "image-rules-member", "/locked/until"),
]


@pytest.mark.parametrize(("members", "rule", "pointer"), FILE_FAULTS)
def test_a_fault_of_a_file(members: dict[str, Any], rule: str, pointer: str) -> None:
    found = faults({**DISTRO, **members})
    assert (rule, "0.json", pointer) in [(fault.rule, fault.file, fault.pointer) for fault in found]


@pytest.mark.parametrize(("members", "rule", "pointer"), RULE_FAULTS)
def test_a_fault_of_a_rule(members: dict[str, Any], rule: str, pointer: str) -> None:
    found = faults(with_rule(**members))
    assert (rule, "0.json", f"/rules/0{pointer}") in [(fault.rule, fault.file, fault.pointer) for fault in found]


@pytest.mark.parametrize(("members", "rule", "pointer"), [*FILE_FAULTS, *RULE_FAULTS])
def test_a_rule_with_a_fault_is_left_out(members: dict[str, Any], rule: str, pointer: str) -> None:
    file = {**DISTRO, **members} if (members, rule, pointer) in FILE_FAULTS else with_rule(**members)
    rules, found = read_image_rules({"distro.json": file})
    places = [fault.pointer for fault in found]
    if any(place.startswith("/rules/0") for place in places) or "/rules" in places:
        assert not any((rules.publishers, rules.galleries, rules.anyone))


SEEN_BY_SCHEMA = [
    (members, rule)
    for members, rule, _ in [*FILE_FAULTS, *RULE_FAULTS]
    if rule in ("image-rules-member", "image-rules-without-source", "image-rules-without-seen")
]


@pytest.mark.parametrize(("members", "rule"), SEEN_BY_SCHEMA)
def test_the_schema_sees_what_is_missing_or_not_known(members: dict[str, Any], rule: str) -> None:
    of_file = any(members is row[0] for row in FILE_FAULTS)
    assert not SCHEMA.is_valid({**DISTRO, **members} if of_file else with_rule(**members))
    assert SCHEMA.is_valid(DISTRO)


def test_the_same_id_twice() -> None:
    other = {**with_rule(publishers=["other"]), "product": "other"}
    assert [(fault.rule, fault.file) for fault in faults(DISTRO, other)] == [("image-rules-duplicate", "1.json")]


def test_nothing_is_sure_of_a_name_that_anyone_can_give() -> None:
    members = {**ANYONE, "names": ["*-distro-{release}-*"]}
    assert faults(with_rule(**members)) == []
    assert [fault.pointer for fault in faults(with_rule(**members, confidence="sure"))] == ["/rules/0/confidence"]


def lint(*files: Any) -> list[tuple[str, str, str]]:
    rules, found = read_image_rules({f"{index}.json": file for index, file in enumerate(files)})
    assert found == []
    return [(fault.rule, fault.file, fault.pointer) for fault in lint_image_rules(rules)]


@pytest.mark.parametrize(
    ("examples", "rule", "pointer"),
    [
        (None, "image-rules-example", "/rules/0"),
        ([], "image-rules-example", "/rules/0"),
        (["Distro:Distro:2"], "image-rules-shape", "/rules/0/examples/0"),
        ([{"image": "Distro:Distro:2", "colour": "red"}], "image-rules-member", "/rules/0/examples/0/colour"),
        ([{"image": "Distro:Distro:99"}], "image-rules-example", "/rules/0/examples/0/image"),
        ([{"image": "Distro:Distro:2", "release": "3"}], "image-rules-example", "/rules/0/examples/0/release"),
        ([{"image": "Distro:Distro:2", "cycle": None}], "image-rules-example", "/rules/0/examples/0/cycle"),
        ([{"image": "Distro:Distro:2", "variant": "fips"}], "image-rules-example", "/rules/0/examples/0/variant"),
    ],
)
def test_an_example_that_does_not_come_out(examples: Any, rule: str, pointer: str) -> None:
    assert lint(with_rule(examples=examples)) == [(rule, "0.json", pointer)]


def test_two_rules_that_fit_the_same_image() -> None:
    other = {**with_rule(id="too", examples=[{"image": "distro:distro:3"}]), "product": "other"}
    assert lint(DISTRO, other) == [
        ("image-rules-overlap", "0.json", "/rules/0/examples/0/image"),
        ("image-rules-overlap", "1.json", "/rules/0/examples/0/image"),
    ]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*DISTRO, "x"]), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(list(DISTRO)), JSON))
def test_wrong_types_anywhere_are_faults_and_nothing_worse(members: dict[str, Any]) -> None:
    rules, _ = read_image_rules({"distro.json": {**DISTRO, **members}})
    lint_image_rules(rules)


@given(st.dictionaries(st.sampled_from([*DISTRO["rules"][0], "names", "images", "locked", "anyone"]), JSON))
def test_wrong_types_in_a_rule_are_faults_and_nothing_worse(members: dict[str, Any]) -> None:
    rules, _ = read_image_rules({"distro.json": with_rule(**members)})
    lint_image_rules(rules)


@pytest.mark.parametrize("value", [None, [], "rules", 7])
def test_a_file_is_an_object(value: Any) -> None:
    assert [fault.rule for fault in faults(value)] == ["image-rules-shape"]


@pytest.mark.parametrize(
    ("text", "fields", "filled"),
    [
        ("{major}[.{minor}]", {"major": "8"}, "8"),
        ("{major}[.{minor}]", {"major": "8", "minor": "2"}, "8.2"),
        ("{major}.{minor}", {"major": "8"}, None),
        ("lts-{year}", {"year": "2024"}, "lts-2024"),
        ("[{a}-][{b}-]x", {"b": "2"}, "2-x"),
    ],
)
def test_templates(text: str, fields: dict[str, str], filled: str | None) -> None:
    assert Template(text).fill(fields) == filled


@pytest.mark.parametrize("text", ["{major", "major}", "[x", "x]", "[[x]]", "{Major}", "{a{b}}"])
def test_a_template_that_does_not_close(text: str) -> None:
    with pytest.raises(ValueError, match="neither text"):
        Template(text)


@pytest.mark.parametrize(
    ("one", "other", "contradiction"),
    [
        (("8", "8"), ("8.2", "8"), False),
        (("8.1", "8"), ("8.10", "8"), True),
        (("8.2", "8"), ("9.2", "9"), True),
        (("22.04", "22.04"), ("22.04", None), False),
        (("22.04", None), ("20.04", None), True),
        ((None, None), ("20.04", "20.04"), False),
        (("2012", "2012"), ("2012-R2", "2012-r2"), True),
        (("stable", "stable"), (None, None), False),
    ],
)
def test_what_contradicts(one: tuple[str, str], other: tuple[str, str], contradiction: bool) -> None:
    assert Named(*one).contradicts(Named(*other)) is contradiction
    assert Named(*other).contradicts(Named(*one)) is contradiction


FILES = sorted(IMAGES.glob("*.json"))


@pytest.fixture(scope="module")
def shipped() -> dict[str, Any]:
    values = {}
    for path in FILES:
        values[path.name], found = read_json(Source(path.name, path.read_text("utf-8")))
        assert found == []
    return values


def test_shipped_rules_have_no_fault(shipped: dict[str, Any]) -> None:
    rules, found = read_image_rules(shipped)
    assert found == []
    assert lint_image_rules(rules) == []
    assert len(rules.examples) > 100


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.name))
def test_a_shipped_file_has_the_form_of_the_schema(path: Path) -> None:
    value = json.loads(path.read_text("utf-8"))
    assert [error.message for error in SCHEMA.iter_errors(value)] == []
    assert path.stem == value.get("product", "shared-words")


def test_shipped_rules_are_read_quickly(shipped: dict[str, Any]) -> None:
    """A cold start waits for them: 25 ms are allowed, four times that where the machine is busy."""
    started = time.perf_counter()
    read_image_rules(shipped)
    assert time.perf_counter() - started < 0.1
