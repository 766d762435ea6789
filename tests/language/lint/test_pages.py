"""Every lint rule has its module, its test and its page, and what the page shows is so."""

import re
from pathlib import Path

import pytest

import muster.language.lint
from muster.language.lint import RULES
from muster.language.lint.rule import LintRule, Target
from muster.language.source import Source
from tests.conftest import ROOT
from tests.language.lint.marked import linted

OF_ALL_RULES = {"any_definition", "pages"}
NO_RULES = {"__init__", "linted", "rule", "vocabulary"}
EXAMPLES = re.compile(r"## (Found|Mended)\n\n```json\n(.*?)```\n", re.DOTALL)


def by_id(rule: LintRule) -> str:
    return rule.id


def test_every_rule_has_its_module_its_test_and_its_page() -> None:
    names = sorted(rule.id for rule in RULES)
    assert [rule.id for rule in RULES] == names
    modules = {path.stem for path in Path(muster.language.lint.__file__).parent.glob("*.py")} - NO_RULES
    tests = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")} - OF_ALL_RULES
    pages = {path.stem for path in (ROOT / "docs" / "lint").glob("*.md")} - {"README"}
    assert sorted(name.replace("_", "-") for name in modules) == names
    assert sorted(name.replace("_", "-") for name in tests) == names
    assert sorted(pages) == names


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_a_page_says_what_its_rule_says(rule: LintRule) -> None:
    title, summary, level, *body = (ROOT / rule.documentation).read_text("utf-8").split("\n\n")
    assert title == f"# {rule.id}"
    assert summary == rule.summary
    assert level == f"Level: {rule.level}. Target: {', '.join(one for one in Target if one in rule.targets)}."
    assert body[0]
    assert not body[0].startswith("#")


@pytest.mark.parametrize("rule", RULES, ids=by_id)
def test_the_examples_of_a_page_are_found_and_mended(rule: LintRule) -> None:
    examples = dict(EXAMPLES.findall((ROOT / rule.documentation).read_text("utf-8")))
    assert list(examples) == ["Found", "Mended"]
    for heading, text in examples.items():
        for target in rule.targets:
            found = [one.rule for one in linted(Source("d.json", text), target)]
            assert (rule.id in found) is (heading == "Found"), found
