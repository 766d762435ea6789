"""What muster can do with a definition, and which images it skips."""

from typing import Any

import pytest

from muster.adapters.policy_files import load_schemas
from muster.facts.aliases import AzureAliases
from muster.facts.image_reference import read_image_text
from muster.facts.sample_machines import MACHINE, SCALE_SET, machine_with
from muster.facts.vocabulary import VOCABULARY
from muster.language.source import Source
from muster.policy.exported import read_export
from muster.policy.layout import lay_out
from muster.policy.standing import Standing
from muster.policy.survey import Machine, SkippedImage, Surveyed, survey
from muster.policy.usable import usable
from muster.values.document import Document, RelatedQuery
from tests.policy import exports

SCHEMAS = load_schemas()
UBUNTU, RHEL = "Canonical:ubuntu-24_04-lts:server", "RedHat:RHEL:9_5"
ALL = ("virtual machines", "scale sets", "disks")


def hindrance(query: RelatedQuery) -> str:
    return "nobody knows how" if query.resource_type == "microsoft.unread/things" else ""


def machine(image: str, resource_type: str = MACHINE) -> Machine:
    return Machine(Document(machine_with(read_image_text(image), "Linux", resource_type)), image)


def surveyed(machines: list[Machine], **properties: Any) -> Surveyed:
    layout = lay_out(read_export(Source("x.json", ""), [exports.definition("one", **properties)], SCHEMAS).items)
    found = usable(layout.files, SCHEMAS)
    assert found.left_out == {}
    (one,) = survey(found.policies.definitions, machines, AzureAliases(), VOCABULARY, hindrance)
    return one


def standing(rule: dict[str, Any], **properties: Any) -> Standing:
    return surveyed([], policyRule=rule, **properties).standing


def field(name: str, **operator: Any) -> dict[str, Any]:
    return {"field": name, **operator}


@pytest.mark.parametrize(
    ("condition", "types"),
    [
        (field("type", equals="microsoft.compute/VIRTUALMACHINES"), ("virtual machines",)),
        (field("type", equals="Microsoft.Compute/virtualMachineScaleSets"), ("scale sets",)),
        (field("type", like="Microsoft.Compute/*"), ALL),
        (field("tags['owner']", exists=False), ALL),
        (field("name", like="vm-*"), ALL),
        ({"allOf": [field("type", equals="Microsoft.Compute/disks"), field("name", like="x*")]}, ("disks",)),
        ({"not": field("type", equals="Microsoft.Compute/disks")}, ALL[:2]),
    ],
)
def test_what_a_definition_can_be_for(condition: dict[str, Any], types: tuple[str, ...]) -> None:
    found = standing({"if": condition, "then": {"effect": "audit"}})
    assert (found.types, found.why) == (types, "")


@pytest.mark.parametrize(
    ("rule", "properties", "why"),
    [
        (exports.rule(), {"mode": "Microsoft.Kubernetes.Data"}, "mode Microsoft.Kubernetes.Data"),
        (exports.rule("disabled"), {}, "effect disabled"),
        (exports.rule("denyAction"), {}, "effect denyAction"),
        (exports.rule("audit", field(f"{MACHINE}/noSuchThing", equals=1)), {}, "noSuchThing"),
        (
            {"if": field("type", **{"in": ["a.b/c", "a.b/d", "a.b/e", "a.b/f"]}), "then": {"effect": "audit"}},
            {},
            "It is for a.b/c, a.b/d, a.b/e and 1 more.",
        ),
        ({"if": field("kind", equals="x"), "then": {"effect": "audit"}}, {}, None),
    ],
)
def test_why_a_definition_is_for_nothing(rule: dict[str, Any], properties: dict[str, Any], why: str | None) -> None:
    found = standing(rule, **properties)
    if why is None:
        # A rule with conditions on kind alone is for everything.
        assert found.types == ALL
    else:
        assert why in found.why
        assert found.types == ()


@pytest.mark.parametrize(
    ("rule", "gap"),
    [
        (exports.rule("manual"), "always Unknown"),
        (exports.rule("audit", {"value": "[requestContext().apiVersion]", "equals": "x"}), "requestContext()"),
        (
            {
                "if": field("type", equals=MACHINE),
                "then": {"effect": "auditIfNotExists", "details": {"type": "Microsoft.Unread/things"}},
            },
            "can't be read: nobody knows how.",
        ),
    ],
)
def test_what_can_t_be_told_is_said(rule: dict[str, Any], gap: str) -> None:
    (found,) = standing(rule).gaps
    assert gap in found


def test_a_look_up_that_can_be_read_is_no_gap() -> None:
    details = {"type": f"{MACHINE}/extensions"}
    rule = {"if": field("type", equals=MACHINE), "then": {"effect": "auditIfNotExists", "details": details}}
    assert standing(rule).gaps == ()


def test_a_definition_that_is_off_by_default_is_looked_at_as_if_it_were_on() -> None:
    effect = {"type": "String", "allowedValues": ["Disabled", "Audit"], "defaultValue": "Disabled"}
    found = standing(exports.rule("[parameters('effect')]"), parameters={"effect": effect})
    assert (found.effect, found.types) == ("audit", ("virtual machines",))
    assert "Disabled unless" in found.gaps[0]


def test_parameters_without_a_default_are_taken_to_be_empty() -> None:
    parameters = {name: {"type": name} for name in ("string", "array", "object", "boolean", "integer", "float")}
    conditions = [{"value": f"[parameters('{name}')]", "exists": True} for name in parameters]
    assert standing(exports.rule("audit", *conditions), parameters=parameters).types == ("virtual machines",)


LISTED = {
    "if": {
        "allOf": [
            field("type", equals=MACHINE),
            field("Microsoft.Compute/imagePublisher", equals="Canonical"),
            field(f"{MACHINE}/osProfile.adminUsername", exists=False),
        ]
    },
    "then": {"effect": "audit"},
}


def test_images_that_a_definition_skips_are_counted_over_the_fleet() -> None:
    fleet = [machine(UBUNTU), machine(RHEL), machine(RHEL), machine("Oracle:Oracle-Linux:ol96")]
    found = surveyed(fleet, policyRule=LISTED)
    assert found.skipped == (SkippedImage(RHEL, 2), SkippedImage("Oracle:Oracle-Linux:ol96", 1))
    assert found.looks_for == ("publisher Canonical",)


def test_a_definition_for_machines_skips_no_scale_set() -> None:
    assert surveyed([machine(RHEL, SCALE_SET)], policyRule=LISTED).skipped == ()


def test_a_definition_that_names_no_image_skips_none() -> None:
    assert surveyed([machine(RHEL)]).skipped == ()
