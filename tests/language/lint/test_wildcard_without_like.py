"""Wildcards where an operator takes them for themselves."""

import pytest

from tests.language.lint.marked import check, rule

FIRES = (
    '{"field": "name", "equals": ▸"web-*"}',
    '{"field": "name", "notEquals": ▸"*-web"}',
    '{"field": "name", "in": ["a", ▸"b*", ▸"*c"]}',
    '{"field": "name", "contains": ▸"*web*"}',
    '{"field": "name", "matchInsensitively": ▸"web-##*"}',
)
SILENT = (
    '{"field": "name", "like": "web-*"}',
    '{"field": "Microsoft.Network/networkSecurityGroups/securityRules/sourceAddressPrefix", "equals": "*"}',
    '{"field": "name", "equals": "a*b"}',
    '{"field": "name", "in": "[createArray(\'a*\')]"}',
    '{"field": "name", "less": "a*"}',
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_value(condition: str) -> None:
    check("wildcard-without-like", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_an_asterisk_alone_or_with_like_is_no_fault(condition: str) -> None:
    check("wildcard-without-like", rule(condition))
