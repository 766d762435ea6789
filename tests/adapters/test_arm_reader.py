"""What the reader makes of Azure's answers, over real sockets."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from muster.local.arm.fault_plan import FaultPlan
from muster.values.answers import Absent, Forbidden, Found, FoundMany, NotRead, Unsettled
from muster.values.document import RelatedQuery
from muster.values.image_query import ImageHome, ImagePart, ImageQuery
from muster.values.resource_id import ResourceId
from muster.values.surroundings import Surrounding, Surroundings
from tests.adapters.arm_stage import (
    COMPUTE,
    GALLERY_ID,
    GROUP,
    SCALE_SET_ID,
    SKU_ID,
    SUBSCRIPTION,
    VM,
    VM_ID,
    arm,
    body,
    estate,
    machine,
)

ALL = frozenset(ImagePart)
VAULT = f"{GROUP}/providers/Microsoft.RecoveryServices/vaults/v/backupFabrics/Azure/protectionContainers/c"


async def test_a_machine_comes_with_its_instance_view_and_the_time_of_the_answer() -> None:
    async with arm() as here:
        answer = await here.reader.get(VM)
    assert isinstance(answer, Found)
    assert answer.body["id"] == VM_ID
    assert "instanceView" in answer.body["properties"]  # type: ignore[operator]
    assert abs(answer.observed_at - datetime.now(UTC)) < timedelta(seconds=5)
    assert here.asked == [VM_ID]


async def test_a_scale_set_instance_comes_with_its_instance_view() -> None:
    async with arm() as here:
        answer = await here.reader.get(ResourceId.parse(f"{SCALE_SET_ID}/virtualMachines/0"))
    assert isinstance(answer, Found)
    assert "instanceView" in answer.body["properties"]  # type: ignore[operator]


async def test_what_is_not_there_is_absent() -> None:
    async with arm() as here:
        answer = await here.reader.get(ResourceId.parse(f"{VM_ID}-two"))
    assert isinstance(answer, Absent)
    assert answer.observed_at.tzinfo is not None


async def test_a_404_turns_into_the_resource() -> None:
    async with arm(plan=FaultPlan(late={VM_ID.lower(): 2})) as here:
        answers = [type(await here.reader.get(VM)) for _ in range(3)]
    assert answers == [Absent, Absent, Found]


async def test_a_subscription_that_can_not_be_seen_is_no_proof_that_a_resource_is_gone() -> None:
    elsewhere = ResourceId.parse(VM_ID.replace(SUBSCRIPTION, SUBSCRIPTION.replace("1", "9")))
    async with arm() as here:
        answer = await here.reader.get(elsewhere)
    assert isinstance(answer, NotRead)
    assert "SubscriptionNotFound" in answer.why


async def test_what_azure_is_changing_is_unsettled() -> None:
    async with arm(plan=FaultPlan(settling={VM_ID.lower(): 1})) as here:
        first, second = [await here.reader.get(VM) for _ in range(2)]
    assert isinstance(first, Unsettled)
    assert first.state == "Updating"
    assert isinstance(second, Found)


async def test_a_refusal_names_the_permission() -> None:
    async with arm(plan=FaultPlan(forbidden={GROUP.lower()})) as here:
        answer = await here.reader.get(VM)
        members = await here.reader.related(RelatedQuery("microsoft.compute/virtualmachines/extensions", str(VM)))
    assert answer == Forbidden("microsoft.compute/virtualmachines/read")
    assert members == Forbidden("microsoft.compute/virtualmachines/extensions/read")


async def test_a_type_that_is_not_known_is_never_asked_for() -> None:
    async with arm() as here:
        answer = await here.reader.get(ResourceId.parse(f"{GROUP}/providers/Contoso.Odd/things/x"))
    assert isinstance(answer, NotRead)
    assert here.asked == []


@pytest.mark.parametrize("page", [1, 2, 100])
async def test_lists_are_paged_to_their_end(page: int) -> None:
    async with arm(page=page) as here:
        answer = await here.reader.related(
            RelatedQuery("microsoft.compute/galleries/images/versions", GALLERY_ID.lower())
        )
        assert isinstance(answer, FoundMany)
        assert [one["name"] for one in answer.bodies] == ["1.0.0", "1.0.1", "1.0.2"]
        assert len(here.asked) == -(-3 // page)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        (RelatedQuery("microsoft.compute/virtualmachines/extensions", str(VM)), {"a", "b"}),
        (RelatedQuery("microsoft.compute/virtualmachines/extensions", str(VM), "web01/a"), {"a"}),
        (RelatedQuery("microsoft.compute/virtualmachines/extensions", str(VM), "*/b"), {"b"}),
        (RelatedQuery("microsoft.authorization/locks", str(VM)), {"keep"}),
        (RelatedQuery("microsoft.guestconfiguration/guestconfigurationassignments", str(VM)), set()),
        (RelatedQuery("microsoft.compute/virtualmachines", GROUP.lower()), {"web01"}),
        (RelatedQuery("microsoft.compute/virtualmachines", GROUP.lower(), "web01"), {"web01"}),
        (RelatedQuery("microsoft.compute/virtualmachines", GROUP.lower(), "other"), set()),
        (RelatedQuery("microsoft.compute/virtualmachines", GROUP.lower(), "web*"), set()),
        (RelatedQuery("microsoft.compute/virtualmachines", f"/subscriptions/{SUBSCRIPTION}"), {"web01"}),
        (RelatedQuery("microsoft.compute/virtualmachines", f"/subscriptions/{SUBSCRIPTION}", "web01"), {"web01"}),
        (RelatedQuery("microsoft.recoveryservices/backupprotecteditems", str(VM)), {"item"}),
        (RelatedQuery("microsoft.recoveryservices/backupprotecteditems", f"{VM}-two"), set()),
    ],
)
async def test_related_resources(query: RelatedQuery, names: set[str]) -> None:
    had = estate()
    had.put(body(f"{VM_ID}/providers/Microsoft.Authorization/locks/keep", "Microsoft.Authorization/locks"))
    had.put(
        body(
            f"{VAULT}/protectedItems/item",
            "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems",
            properties={"sourceResourceId": VM_ID},
        )
    )
    async with arm(estate=had) as here:
        answer = await here.reader.related(query)
    assert isinstance(answer, FoundMany)
    assert {one["name"] for one in answer.bodies} == names


async def test_lists_of_what_is_not_there_are_empty() -> None:
    async with arm() as here:
        answer = await here.reader.related(RelatedQuery("microsoft.compute/virtualmachines/extensions", f"{VM}-gone"))
    assert isinstance(answer, FoundMany)
    assert answer.bodies == ()


@pytest.mark.parametrize(
    "query",
    [
        RelatedQuery("contoso.odd/things", str(VM)),
        RelatedQuery("microsoft.compute/disks", "/providers/x"),
        RelatedQuery("microsoft.compute/disks", "/subscriptions/../resourcegroups/x"),
        RelatedQuery("microsoft.compute/galleries/images/versions", GROUP.lower()),
        RelatedQuery("microsoft.compute/galleries/images/versions", str(VM)),
        RelatedQuery("microsoft.authorization/locks", f"{GROUP}/providers/Contoso.Odd/things/x".lower()),
    ],
)
async def test_what_can_not_be_listed_is_said_without_asking(query: RelatedQuery) -> None:
    async with arm() as here:
        assert isinstance(await here.reader.related(query), NotRead)
    assert here.asked == []


def marketplace(version: str = "24.04.20251101010") -> ImageQuery:
    names = ("Canonical", "ubuntu-24_04-lts", "server")
    return ImageQuery(ImageHome.MARKETPLACE, SUBSCRIPTION, "westeurope", names, version)


async def test_a_marketplace_image_and_the_versions_beside_it() -> None:
    async with arm() as here:
        answer = await here.reader.image(marketplace(), ALL)
    assert isinstance(answer.version, Found)
    assert answer.version.body["name"] == "24.04.20251101010"
    assert answer.definition is None
    assert isinstance(answer.versions, FoundMany)
    assert len(answer.versions.bodies) == 3


async def test_a_deprecated_image_is_known_to_be_deprecated() -> None:
    plan = FaultPlan(deprecated={f"{SKU_ID}/versions/24.04.20251101010".lower()})
    async with arm(plan=plan) as here:
        answer = await here.reader.image(marketplace(), frozenset({ImagePart.VERSION}))
    assert isinstance(answer.version, Found)
    assert answer.version.body["properties"] == {
        "imageDeprecationStatus": {
            "imageState": "Deprecated",
            "scheduledDeprecationTime": None,
            "alternativeOption": None,
        }
    }


@pytest.mark.parametrize(
    "query",
    [
        ImageQuery(ImageHome.COMMUNITY_GALLERY, SUBSCRIPTION, "westeurope", ("pub-1", "i"), "1.0.0"),
        ImageQuery(ImageHome.SHARED_GALLERY, SUBSCRIPTION, "westeurope", ("uniq", "i"), "1.0.0"),
        ImageQuery(
            ImageHome.GALLERY, SUBSCRIPTION, "westeurope", version="1.0.0", definition=ResourceId.parse(GALLERY_ID)
        ),
    ],
    ids=lambda query: query.home.value,
)
async def test_a_gallery_image_its_definition_and_its_versions(query: ImageQuery) -> None:
    async with arm() as here:
        answer = await here.reader.image(query, ALL)
    assert isinstance(answer.version, Found)
    assert isinstance(answer.definition, Found)
    assert isinstance(answer.versions, FoundMany)
    assert answer.version.body["name"] == "1.0.0"
    assert answer.version.body in answer.versions.bodies
    assert str(answer.version.body["id"]).startswith(str(answer.definition.body["id"]))


async def test_image_facts_are_kept_until_they_are_old_and_refusals_are_not() -> None:
    parts = frozenset({ImagePart.VERSIONS})
    async with arm() as here:
        for _ in range(3):
            await here.reader.image(marketplace(), parts)
        assert len(here.asked) == 1
        here.clock[0] += 1801
        await here.reader.image(marketplace(), parts)
        assert len(here.asked) == 2
        here.clock[0] += 1801
        here.state.plan.forbidden.add(SKU_ID.lower())
        refused = [await here.reader.image(marketplace(), parts) for _ in range(2)]
        assert [one.versions for one in refused] == [
            Forbidden("microsoft.compute/locations/publishers/artifacttypes/offers/skus/versions/read")
        ] * 2
        assert len(here.asked) == 4


async def test_what_stands_above_a_resource() -> None:
    had = estate()
    had.put(body(GROUP, "Microsoft.Resources/resourceGroups", tags={"owner": "web"}))
    async with arm(estate=had) as here:
        found = await here.reader.surroundings(VM, frozenset(Surrounding))
        again = await here.reader.surroundings(VM, frozenset(Surrounding))
        assert len(here.asked) == 3
        none = await here.reader.surroundings(VM, frozenset())
    assert found == again
    assert none == Surroundings()
    assert found.resource_group is not None
    assert found.subscription is not None
    assert found.resource_group["tags"] == {"owner": "web"}
    assert found.subscription["subscriptionId"] == SUBSCRIPTION
    assert found.management_groups == ("platform", "root")
    assert found.hindrances == ()


async def test_what_stands_above_and_can_not_be_read_is_told() -> None:
    plan = FaultPlan(forbidden={GROUP.lower(), f"/subscriptions/{SUBSCRIPTION}"})
    had = estate()
    had.management_groups.clear()
    async with arm(estate=had, plan=plan) as here:
        found = await here.reader.surroundings(VM, frozenset(Surrounding))
    assert (found.resource_group, found.subscription, found.management_groups) == (None, None, ())
    assert len(found.hindrances) == 2
    assert "microsoft.resources/subscriptions/resourcegroups/read" in " ".join(found.hindrances)


@pytest.mark.parametrize("name", ["web 01", "web'01", "web+01", "web@01", "web(01)"])
async def test_odd_names_reach_azure_as_they_are(name: str) -> None:
    had = estate()
    had.put(machine(f"{COMPUTE}/virtualMachines/{name}"))
    async with arm(estate=had) as here:
        answer = await here.reader.get(ResourceId.parse(f"{COMPUTE}/virtualMachines/{name}"))
        await here.reader.related(
            RelatedQuery("microsoft.recoveryservices/backupprotecteditems", f"{COMPUTE}/virtualMachines/{name}".lower())
        )
        assert [seen.status for seen in here.state.seen] == [200, 200]
    assert isinstance(answer, Found)
    assert answer.body["name"] == name


@pytest.mark.parametrize("body_text", [b"", b"<html>", b"[]", b"7", b"[" * 100_000, b'{"value": 7}'])
async def test_an_answer_that_is_no_resource_is_not_read(body_text: bytes, aiohttp_answer: Any) -> None:
    reader = await aiohttp_answer(200, body_text)
    assert isinstance(await reader.related(RelatedQuery("microsoft.authorization/locks", str(VM))), NotRead | FoundMany)
    answer = await reader.get(VM)
    assert isinstance(answer, NotRead) == (not body_text.startswith(b"{"))


async def test_what_is_not_recorded_is_not_said_to_be_absent() -> None:
    async with arm(partial=True) as here:
        assert isinstance(await here.reader.get(VM), Found)
        assert isinstance(await here.reader.get(ResourceId.parse(f"{VM_ID}-two")), NotRead)
        for kind in ("microsoft.authorization/locks", "microsoft.recoveryservices/backupprotecteditems"):
            answer = await here.reader.related(RelatedQuery(kind, str(VM)))
            assert isinstance(answer, NotRead)
            assert "NotRecorded" in answer.why


async def test_a_resource_whose_name_is_known_is_read_by_it() -> None:
    async with arm() as here:
        await here.reader.related(RelatedQuery("microsoft.compute/virtualmachines", GROUP.lower(), "web01"))
        await here.reader.related(RelatedQuery("microsoft.compute/virtualmachines", GROUP.lower(), "web*"))
        assert [path.lower() for path in here.asked] == [VM_ID.lower(), VM_ID.lower().rpartition("/")[0]]
