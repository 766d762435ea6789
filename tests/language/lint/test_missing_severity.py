"""Definitions that do not say how much a finding matters."""

import pytest

from muster.language.lint.rule import Target
from tests.language.lint.marked import check, definition, rule


def test_it_points_to_the_metadata() -> None:
    check("missing-severity", definition(members='▸"metadata": {"version": "1.0.0"},'))


@pytest.mark.parametrize(
    "members", ['"metadata": {"severity": "high"},', '"policyType": "BuiltIn", "metadata": {"version": "1.0.0"},']
)
def test_a_severity_and_what_is_not_ones_own_are_no_fault(members: str) -> None:
    check("missing-severity", definition(members=members))


def test_azure_policy_knows_no_severity() -> None:
    check("missing-severity", definition(members='"metadata": {"version": "1.0.0"},'), Target.AZURE_POLICY)


def test_a_bare_rule_has_no_place_for_one() -> None:
    check("missing-severity", rule('{"field": "name", "equals": "a"}'))
