"""current() where no count is around it."""

import pytest

from tests.language.lint.marked import check, rule

DISKS = "Microsoft.Compute/virtualMachines/storageProfile.dataDisks[*]"
FIRES = (
    '{"field": "name", "equals": "[▸current()]"}',
    '{"value": "[concat(\'a\', ▸current(\'disk\'))]", "equals": "ab"}',
    f"""{{"allOf": [
        {{"count": {{"field": "{DISKS}"}}, "greater": 0}},
        {{"value": "[▸current('{DISKS}.lun')]", "equals": 1}}
    ]}}""",
    """{"count": {
        "value": ["a"], "name": "one", "where": {"value": "[▸current('two')]", "equals": "a"}
    }, "equals": 1}""",
)
SILENT = (
    """{"count": {
        "value": ["a"], "name": "One", "where": {"value": "[current('one')]", "equals": "a"}
    }, "equals": 1}""",
    """{"count": {
        "value": ["a"], "name": "one", "where": {"value": "[current('ONE')]", "equals": "a"}
    }, "equals": 1}""",
    """{"count": {"value": ["a"], "where": {"value": "[current()]", "equals": "a"}}, "equals": 1}""",
    f"""{{"count": {{
        "field": "{DISKS}", "where": {{"value": "[current('{DISKS}.lun')]", "equals": 1}}
    }}, "equals": 1}}""",
    """{"count": {"value": ["a"], "where": {"count": {"value": ["b"], "name": "inner",
        "where": {"value": "[current('inner')]", "equals": "[current('default')]"}}, "equals": 1}}, "equals": 1}""",
)


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_call(condition: str) -> None:
    check("current-outside-count", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_inside_of_the_count_it_names_it_is_no_fault(condition: str) -> None:
    check("current-outside-count", rule(condition))
