"""Aliases of other types than those that a rule is about."""

import pytest

from tests.language.lint.marked import check, rule

VM = '{"field": "type", "equals": "Microsoft.Compute/virtualMachines"}'
FIRES = (
    f"""{{"allOf": [
        {VM},
        {{"field": ▸"Microsoft.Compute/virtualMachineScaleSets/upgradePolicy.mode", "equals": "Manual"}}
    ]}}""",
    f"""{{"anyOf": [
        {{"not": {VM}}},
        {{"value": "[toLower(field(▸'Microsoft.Compute/disks/networkAccessPolicy'))]", "equals": "x"}}
    ]}}""",
    f"""{{"allOf": [
        {VM},
        {{"count": {{"field": ▸"Microsoft.Compute/virtualMachineScaleSets/zones[*]"}}, "greater": 0}}
    ]}}""",
)
SILENT = (
    f'{{"allOf": [{VM}, {{"field": "Microsoft.Compute/imageOffer", "equals": "x"}}]}}',
    """{"allOf": [
        {"field": "type", "in": ["Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachineScaleSets"]},
        {"field": "Microsoft.Compute/virtualMachineScaleSets/upgradePolicy.mode", "equals": "Manual"}
    ]}""",
    f"""{{"anyOf": [
        {VM},
        {{"field": "Microsoft.Compute/virtualMachineScaleSets/upgradePolicy.mode", "equals": "Manual"}}
    ]}}""",
    f'{{"allOf": [{VM}, {{"field": "Microsoft.Compute/virtualMachines/noSuchThing", "equals": "x"}}]}}',
    f'{{"allOf": [{VM}, {{"field": "tags.owner", "exists": true}}]}}',
    f'{{"allOf": [{VM}, {{"field": "Muster.Image/offer", "exists": true}}]}}',
)
LOOK_UP = """{"effect": "auditIfNotExists", "details": {
    "type": "Microsoft.Compute/virtualMachines/extensions",
    "existenceCondition": {"allOf": [
        {"field": "Microsoft.Compute/virtualMachines/extensions/type", "equals": "x"},
        {"field": ▸"Microsoft.Compute/virtualMachines/licenseType",
         "equals": "[field('Microsoft.Compute/virtualMachines/licenseType')]"}
    ]}
}}"""


@pytest.mark.parametrize("condition", FIRES)
def test_it_points_to_the_name(condition: str) -> None:
    check("alias-not-of-type", rule(condition))


@pytest.mark.parametrize("condition", SILENT)
def test_an_alias_of_one_of_the_types_is_no_fault(condition: str) -> None:
    check("alias-not-of-type", rule(condition))


def test_an_existence_condition_is_about_the_related_resource_but_for_field() -> None:
    check("alias-not-of-type", rule(VM, LOOK_UP))
