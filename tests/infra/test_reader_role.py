"""The least-privilege role: every call that reading makes is covered by it, and every permission in it is used."""

import json
from typing import Any

import pytest

from muster.adapters.arm_policies import ArmPolicies
from muster.adapters.arm_types import BACKUP_ITEMS, TYPES
from muster.local.arm.permissions import Role, action_of
from muster.values.answers import Forbidden
from muster.values.document import RelatedQuery
from muster.values.image_query import ImageHome, ImagePart, ImageQuery
from muster.values.resource_id import ResourceId
from muster.values.surroundings import Surrounding
from tests.adapters.arm_stage import GALLERY_ID, GROUP, SUBSCRIPTION, VM, Arm, arm, body, estate
from tests.conftest import ROOT
from tests.policy import exports

ROLE: dict[str, Any] = json.loads((ROOT / "infra" / "roles" / "muster-reader.json").read_text("utf-8"))
ITEM = "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems"


def images() -> list[ImageQuery]:
    at = (SUBSCRIPTION, "westeurope")
    return [
        ImageQuery(ImageHome.MARKETPLACE, *at, ("Canonical", "ubuntu-24_04-lts", "server"), "24.04.20251101010"),
        ImageQuery(ImageHome.COMMUNITY_GALLERY, *at, ("pub-1", "i"), "1.0.0"),
        ImageQuery(ImageHome.SHARED_GALLERY, *at, ("uniq", "i"), "1.0.0"),
        ImageQuery(ImageHome.GALLERY, *at, version="1.0.0", definition=ResourceId.parse(GALLERY_ID)),
    ]


async def everything(here: Arm) -> list[Any]:
    """Every kind of question that there is, and the answers."""
    answers: list[Any] = []
    for name in TYPES:
        namespace, *kinds = name.split("/")
        answers.append(
            await here.reader.get(
                ResourceId.parse(f"{GROUP}/providers/{namespace}/" + "/".join(f"{kind}/n" for kind in kinds))
            )
        )
        for scope in (str(VM), VM.scope, f"/subscriptions/{SUBSCRIPTION}"):
            answers.append(await here.reader.related(RelatedQuery(name, scope)))
    answers.append(await here.reader.related(RelatedQuery(BACKUP_ITEMS, str(VM))))
    for query in images():
        found = await here.reader.image(query, frozenset(ImagePart))
        answers += [found.version, found.definition, found.versions]
    answers.append(await here.reader.surroundings(VM, frozenset(Surrounding)))
    answers.append(await ArmPolicies(here.client, lambda: 0.0).read(None))
    return answers


def complete() -> Any:
    """With a backup, and with policies of which older versions are followed."""
    had = estate()
    definition = exports.definition("d", "", version="2.0.0")
    whole = exports.initiative("i", str(definition["id"]), scope="", version="2.0.0")
    whole["properties"]["policyDefinitions"][0]["definitionVersion"] = "1.*.*"
    one = exports.assignment("a", str(whole["id"]), f"/subscriptions/{SUBSCRIPTION}", definitionVersion="1.*.*")
    for policy in (definition, whole, one):
        had.put(policy)
    vault = f"{GROUP}/providers/Microsoft.RecoveryServices/vaults/v/backupFabrics/Azure/protectionContainers/c"
    had.put(body(f"{vault}/protectedItems/item", ITEM, properties={"sourceResourceId": str(VM)}))
    return had


async def test_every_call_is_covered_and_every_permission_is_used() -> None:
    role = Role(ROLE["Actions"])
    async with arm(estate=complete(), role=role) as here:
        answers = await everything(here)
        statuses = {seen.status for seen in here.state.seen}
    assert len(answers) > 90
    assert not [answer for answer in answers if isinstance(answer, Forbidden)]
    assert 403 not in statuses
    # What Resource Graph gives of a backup's item is checked by row, not by path.
    assert role.used == set(ROLE["Actions"])


async def test_a_role_that_lacks_a_permission_is_noticed() -> None:
    role = Role([action for action in ROLE["Actions"] if action != "Microsoft.Authorization/locks/read"])
    async with arm(role=role) as here:
        answers = await everything(here)
    assert {answer for answer in answers if isinstance(answer, Forbidden)} == {
        Forbidden("microsoft.authorization/locks/read")
    }


def test_the_role_reads_and_names_each_permission() -> None:
    assert all(action.endswith("/read") and "*" not in action for action in ROLE["Actions"])
    assert ROLE["Actions"] == sorted(set(ROLE["Actions"]), key=str.lower)
    assert ROLE["DataActions"] == ROLE["NotActions"] == ROLE["NotDataActions"] == []


@pytest.mark.parametrize(
    ("path", "action"),
    [
        ("/subscriptions/s", "microsoft.resources/subscriptions/read"),
        ("/subscriptions/s/resourcegroups/g", "microsoft.resources/subscriptions/resourcegroups/read"),
        ("/subscriptions/s/resourcegroups/g/providers/n.s/t/x", "n.s/t/read"),
        ("/subscriptions/s/resourcegroups/g/providers/n.s/t", "n.s/t/read"),
        ("/subscriptions/s/resourcegroups/g/providers/n.s/t/x/u/y", "n.s/t/u/read"),
        ("/subscriptions/s/resourcegroups/g/providers/n.s/t/x/u", "n.s/t/u/read"),
        ("/subscriptions/s/resourcegroups/g/providers/n.s/t/x/providers/m.r/e/y", "m.r/e/read"),
        ("/providers/microsoft.resourcegraph/resources", "microsoft.resourcegraph/resources/read"),
        ("/subscriptions", "microsoft.resources/subscriptions/read"),
        ("/providers/microsoft.authorization/policydefinitions/d", "microsoft.authorization/policydefinitions/read"),
        (
            "/providers/microsoft.management/managementgroups/g/providers/microsoft.authorization/policydefinitions/d",
            "microsoft.authorization/policydefinitions/read",
        ),
        (
            "/providers/microsoft.authorization/policysetdefinitions/i/versions",
            "microsoft.authorization/policysetdefinitions/versions/read",
        ),
        (
            "/subscriptions/s/providers/microsoft.compute/locations/l/publishers/p/artifacttypes/t/offers/o/skus/k/versions/v",
            "microsoft.compute/locations/publishers/artifacttypes/offers/skus/versions/read",
        ),
    ],
)
def test_the_action_of_a_path(path: str, action: str) -> None:
    assert action_of(path) == action
