"""Fields that Azure Policy does not have."""

from muster.language.lint.rule import Target
from tests.language.lint.marked import check, rule

TEXT = """{"allOf": [
    {"field": ▸"Muster.Lifecycle/phase", "equals": "ended"},
    {"value": "[toLower(field(▸'Muster.Image/product'))]", "equals": "ubuntu"},
    {"field": "Microsoft.Compute/imageOffer", "like": "ubuntu*"}
]}"""


def test_it_points_to_each_of_them_where_the_target_is_azure_policy() -> None:
    check("muster-field", rule(TEXT), Target.AZURE_POLICY)


def test_in_muster_they_are_no_fault() -> None:
    check("muster-field", rule(TEXT.replace("▸", "")))


def test_azures_own_are_no_fault() -> None:
    check("muster-field", rule('{"field": "Microsoft.Compute/imageOffer", "like": "ubuntu*"}'), Target.AZURE_POLICY)
