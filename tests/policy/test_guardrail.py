"""The guardrail as a definition: muster loads it, it says the same as the tests it is made of, and it keeps limits."""

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from muster.adapters.policy_files import load_schemas
from muster.facts.aliases import AzureAliases
from muster.facts.ended_images import EndedImages, Miss
from muster.facts.name_test import ANY_NAME, NameTest
from muster.facts.release import Channel, Release
from muster.facts.rule_patterns import ImagePattern
from muster.language.limits import IF_CONDITIONS
from muster.policy import guardrail
from muster.policy.bound import BoundPolicySet, bind
from muster.policy.direct import load_definitions
from muster.policy.guardrail import Asked, count_conditions, guardrail_definition, holds_until
from muster.values.document import Document
from muster.values.errors import BadInput
from muster.values.states import State

DAY = date(2026, 11, 28)
NOW = datetime(2026, 11, 28, tzinfo=UTC)
ROW = Release("centos", "7", None, Channel.VM, "a source", DAY, end_of_support=date(2024, 6, 30))
PATTERNS = (
    ImagePattern(("openlogic",), NameTest(("centos",), ("centos-",)), NameTest(prefixes=("7", "6")), (ROW,)),
    ImagePattern(("sql",), NameTest(parts=("-centos7",)), ANY_NAME, (ROW,)),
    ImagePattern(
        ("redhat",), NameTest(("rhel",), without=("byos",)), NameTest(prefixes=("8_6",), without=("x",)), (ROW,)
    ),
    ImagePattern(("debian",), NameTest(prefixes=("debian",)), NameTest(values=("9",)), (ROW,)),
    ImagePattern(("credativ",), NameTest(prefixes=("debian",)), NameTest(values=("9",)), (ROW,)),
)
ENDED = EndedImages(DAY, PATTERNS, (Miss("a:b:c", ROW, "why"),), date(2027, 1, 12))


def properties(**changed: Any) -> dict[str, Any]:
    asked = Asked(**{"effect": "Deny", "as_of": DAY, "within": 0, **changed})
    value = guardrail_definition(ENDED, asked, date(2026, 11, 23))["properties"]
    assert isinstance(value, dict)
    return value


def judge(parameters: dict[str, Any] | None = None) -> BoundPolicySet:
    text = json.dumps(guardrail_definition(ENDED, Asked("Audit", DAY, 0), DAY))
    given = ("parameters.json", json.dumps(parameters)) if parameters else None
    return bind(load_definitions({"guardrail.json": text}, load_schemas(), given), AzureAliases())


def state(names: tuple[str, str, str], judged: BoundPolicySet, *, scale_set: bool = False) -> State:
    profile: Any = {"storageProfile": {"imageReference": dict(zip(("publisher", "offer", "sku"), names, strict=True))}}
    kind = "virtualMachineScaleSets" if scale_set else "virtualMachines"
    body: Any = {
        "id": f"/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/{kind}/vm",
        "type": f"Microsoft.Compute/{kind}",
        "location": "westeurope",
        "properties": {"virtualMachineProfile": profile} if scale_set else profile,
    }
    return judged.evaluate(Document(body, now=NOW), NOW).state


NAMES = [
    (("OpenLogic", "CentOS", "7_9-gen2"), True),
    (("OpenLogic", "CentOS-LVM", "6.10"), True),
    (("OpenLogic", "CentOS", "8_1"), False),
    (("OpenLogic", "CentOSX", "7_9"), False),
    (("sql", "SQL2019-CentOS7-x", "enterprise"), True),
    (("RedHat", "RHEL", "8_6"), True),
    (("RedHat", "RHEL", "8_6-x"), False),
    (("RedHat", "RHEL-byos", "8_6"), False),
    (("Debian", "debian-9", "9"), True),
    (("credativ", "Debian", "9"), True),
    (("credativ", "Debian", "9-backports"), False),
    (("nobody", "CentOS", "7_9"), False),
]


@pytest.mark.parametrize("scale_set", [False, True])
@pytest.mark.parametrize(("names", "stopped"), NAMES)
def test_says_what_its_tests_say(names: tuple[str, str, str], stopped: bool, scale_set: bool) -> None:
    assert any(pattern.fits(*names) for pattern in PATTERNS) is stopped
    expected = State.NON_COMPLIANT if stopped else State.COMPLIANT
    assert state(names, judge(), scale_set=scale_set) is expected


def test_exempted_offers() -> None:
    judged = judge({"exemptedOffers": ["centos"]})
    assert state(("OpenLogic", "CentOS", "7_9"), judged) is State.COMPLIANT
    assert state(("OpenLogic", "CentOS-LVM", "7_9"), judged) is State.NON_COMPLIANT


def test_disabled_says_nothing() -> None:
    assert state(("OpenLogic", "CentOS", "7_9"), judge({"effect": "Disabled"})) is State.NOT_APPLICABLE


def test_machine_without_a_marketplace_image() -> None:
    body: Any = {
        "id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm",
        "type": "Microsoft.Compute/virtualMachines",
        "location": "westeurope",
        "properties": {"storageProfile": {"imageReference": {"id": "/subscriptions/s/x/images/i"}}},
    }
    assert judge().evaluate(Document(body, now=NOW), NOW).state is State.COMPLIANT


def test_tells_until_when_it_holds() -> None:
    metadata = properties(within=30)["metadata"]
    assert metadata["guardrail"] == {
        "madeOn": "2026-11-28",
        "endedOn": "2026-11-28",
        "withinDays": 30,
        "catalogueDate": "2026-11-23",
        "holdsUntil": "2026-12-13",
        "missed": {"count": 1, "images": ["a:b:c: why"]},
    }
    assert metadata["version"] == "1.0.20261128"
    assert holds_until(ENDED, Asked("Audit", DAY, 0)) == date(2027, 1, 12)


def test_has_nothing_of_musters_own() -> None:
    assert "Muster." not in json.dumps(properties())


def test_effect_can_be_chosen() -> None:
    effect = properties()["parameters"]["effect"]
    assert (effect["defaultValue"], effect["allowedValues"]) == ("Deny", ["Audit", "Deny", "Disabled"])
    assert len(properties()["displayName"]) <= 128
    assert len(properties()["description"]) <= 512


@pytest.mark.parametrize(("limit", "told"), [("IF_CONDITIONS", "conditions"), ("MAX_BYTES", "bytes")])
def test_too_much_for_azure_policy(limit: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guardrail, limit, 10)
    with pytest.raises(BadInput, match=rf"would have [\d,]+ {told}, and Azure Policy takes 10"):
        properties()


def test_nothing_to_stop() -> None:
    with pytest.raises(BadInput, match="no image is known"):
        guardrail_definition(EndedImages(DAY, (), (), None), Asked("Audit", DAY, 0), None)


def test_conditions_are_counted() -> None:
    condition: Any = {"allOf": [{"field": "a", "equals": "b"}, {"anyOf": [{"field": "a", "like": "b*"}]}]}
    assert count_conditions(condition) == 4
    assert count_conditions(properties()["policyRule"]["if"]) < IF_CONDITIONS
