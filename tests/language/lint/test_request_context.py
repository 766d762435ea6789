"""What only a request tells."""

from muster.language.lint.rule import Target
from tests.language.lint.marked import check, rule

TEXT = '{"value": "[▸requestContext().apiVersion]", "greaterOrEquals": "2022-01-01"}'


def test_it_points_to_the_call() -> None:
    check("request-context", rule(TEXT))


def test_azure_policy_sees_requests() -> None:
    check("request-context", rule(TEXT.replace("▸", "")), Target.AZURE_POLICY)


def test_other_functions_are_no_fault() -> None:
    check("request-context", rule('{"value": "[subscription().id]", "like": "/subscriptions/*"}'))
