"""Parameters that do not say what they are."""

import pytest

from tests.language.lint.marked import check, definition


@pytest.mark.parametrize(
    "parameters",
    [
        '{▸"one": {"type": "String"}}',
        '{▸"one": {"type": "String", "metadata": {"displayName": "One"}}}',
        '{▸"one": {"type": "String", "metadata": {"description": "The first."}}, ▸"two": {"type": "Array"}}',
    ],
)
def test_it_points_to_the_parameter(parameters: str) -> None:
    check("missing-parameter-text", definition(parameters=parameters))


def test_texts_are_no_fault() -> None:
    parameters = '{"one": {"type": "String", "metadata": {"displayName": "One", "description": "The first."}}}'
    check("missing-parameter-text", definition(parameters=parameters))


def test_what_is_not_ones_own_is_no_fault() -> None:
    text = definition(parameters='{"one": {"type": "String"}}', members='"policyType": "BuiltIn",')
    check("missing-parameter-text", text)
