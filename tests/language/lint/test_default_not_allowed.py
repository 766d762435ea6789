"""Default values that a parameter does not allow."""

import pytest

from tests.language.lint.marked import check, definition


@pytest.mark.parametrize(
    "parameter",
    [
        '{"type": "String", "allowedValues": ["Audit", "Deny"], "defaultValue": ▸"audit"}',
        '{"type": "Array", "allowedValues": ["a", "b"], "defaultValue": ▸["a", "c"]}',
        '{"type": "Object", "schema": {"type": "object", "required": ["size"]}, "defaultValue": ▸{"colour": "red"}}',
    ],
)
def test_it_points_to_the_default(parameter: str) -> None:
    check("default-not-allowed", definition(parameters=f'{{"one": {parameter}}}'))


@pytest.mark.parametrize(
    "parameter",
    [
        '{"type": "String", "allowedValues": ["Audit", "Deny"], "defaultValue": "Audit"}',
        '{"type": "Array", "allowedValues": ["a", "b"], "defaultValue": ["b", "a"]}',
        '{"type": "String", "allowedValues": ["Audit", "Deny"]}',
        '{"type": "Integer", "defaultValue": 3}',
    ],
)
def test_an_allowed_default_and_none_are_no_fault(parameter: str) -> None:
    check("default-not-allowed", definition(parameters=f'{{"one": {parameter}}}'))
