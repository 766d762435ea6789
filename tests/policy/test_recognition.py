"""Files are known by what stands in them."""

import pytest

from muster.policy.kinds import Kind
from muster.policy.recognition import OtherKind, recognised
from muster.values.json import Json

RULE: Json = {"if": {}, "then": {}}


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (RULE, Kind.DEFINITION),
        ({"properties": {"PolicyRule": RULE}}, Kind.DEFINITION),
        ({"policyRule": RULE, "displayName": "x"}, Kind.DEFINITION),
        ([{"policyRule": RULE}], Kind.DEFINITION),
        ({"value": [{"properties": {"policyDefinitions": []}}]}, Kind.INITIATIVE),
        ({"properties": {"policyDefinitionId": "x"}}, Kind.ASSIGNMENT),
        ({"policyAssignmentId": "x", "policyDefinitionReferenceIds": []}, Kind.EXEMPTION),
        ({"definition": "d", "cases": []}, OtherKind.CASES),
        ({"$schema": "../../schemas/releases.schema.json", "product": "x"}, OtherKind.RELEASES),
        ({"$schema": "../schemas/image-rules.schema.json"}, OtherKind.IMAGE_RULES),
        ({"$schema": "../../schemas/definition.schema.json", "policyRule": RULE}, Kind.DEFINITION),
        ({"name": "package", "version": "1"}, None),
        ([], None),
        ("policyRule", None),
        (None, None),
    ],
)
def test_a_file_is_what_its_members_say(value: Json, kind: Kind | OtherKind | None) -> None:
    assert recognised(value) is kind
