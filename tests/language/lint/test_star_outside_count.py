"""Conditions on every member of an array, which an empty array meets."""

import pytest

from tests.language.lint.marked import check, rule

CACHING = '"Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*].caching"'
FIRES = (
    f'{{"field": ▸{CACHING}, "equals": "None"}}',
    f'{{"allOf": [{{"field": "name", "like": "a*"}}, {{"field": ▸{CACHING}, "notEquals": "None"}}]}}',
)
SILENT = (
    f'{{"not": {{"field": {CACHING}, "equals": "None"}}}}',
    f"""{{"allOf": [
        {{"field": "Microsoft.Compute/virtualMachines/storageprofile.datadisks", "exists": true}},
        {{"field": {CACHING}, "equals": "None"}}
    ]}}""",
    f"""{{"allOf": [
        {{"count": {{"field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*]"}}, "greater": 0}},
        {{"field": {CACHING}, "equals": "None"}}
    ]}}""",
    f"""{{"allOf": [
        {{"value": "[length(field('Microsoft.Compute/virtualMachines/storageProfile.dataDisks'))]", "greater": 0}},
        {{"field": {CACHING}, "equals": "None"}}
    ]}}""",
    f"""{{"count": {{
        "field": "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*]",
        "where": {{"field": {CACHING}, "equals": "None"}}
    }}, "greater": 0}}""",
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_field(condition: str) -> None:
    check("star-outside-count", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_where_the_empty_array_was_thought_of_there_is_no_fault(condition: str) -> None:
    check("star-outside-count", rule(condition))
