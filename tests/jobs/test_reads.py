"""What is read for a verdict: what the rules ask for, and nothing else."""

import pytest

from muster.values.answers import Absent, Answer, Found
from muster.values.image_query import ImageAnswer
from muster.values.json import JsonObject, as_object
from muster.values.needs import EVERYTHING, NOTHING, Needs
from muster.values.resource_id import ResourceId
from muster.values.surroundings import Surrounding, Surroundings
from tests.jobs.stage import START, VM, Judge, Reader, Stage, machine

NETWORK = "/subscriptions/11111111-2222-3333-4444-555555555555/resourceGroups/rg-web/providers/Microsoft.Network"
NIC, SUBNET, NSG = (
    f"{NETWORK}/{name}"
    for name in ("networkInterfaces/nic", "virtualNetworks/net/subnets/one", "networkSecurityGroups/g")
)


def connected() -> JsonObject:
    body = machine()
    as_object(body["properties"])["networkProfile"] = {"networkInterfaces": [{"id": NIC}]}
    as_object(as_object(body["properties"])["storageProfile"])["imageReference"] = {
        "publisher": "Canonical",
        "offer": "ubuntu-24_04-lts",
        "sku": "server",
        "version": "latest",
        "exactVersion": "24.04.202510010",
    }
    return body


BODIES: dict[str, JsonObject] = {
    NIC: {"properties": {"ipConfigurations": [{"properties": {"subnet": {"id": SUBNET}}}]}},
    SUBNET: {"properties": {"networkSecurityGroup": {"id": NSG}}},
    NSG: {"properties": {"securityRules": []}},
}


def azure(resource_id: ResourceId) -> Answer:
    known = {ResourceId.parse(name): body for name, body in BODIES.items()} | {VM: connected()}
    return Found(known[resource_id], START) if resource_id in known else Absent(START)


class Counting(Reader):
    """Notes for which parts of images it was asked."""

    async def image(self, query, parts):  # type: ignore[no-untyped-def]
        self.parts = parts
        return ImageAnswer()


@pytest.mark.parametrize(
    ("needs", "asked", "parts", "above"),
    [
        (NOTHING, [VM], None, []),
        (Needs(fields=frozenset({"muster.lifecycle/phase"})), [VM], None, []),
        (Needs(fields=frozenset({"muster.image/deprecation.state"})), [VM], {"version"}, []),
        (Needs(fields=frozenset({"muster.network/openports[*]"})), [VM, NIC, SUBNET, NSG], None, []),
        (Needs(surroundings=frozenset({Surrounding.RESOURCE_GROUP})), [VM], None, [{"resourceGroup"}]),
        (EVERYTHING, [VM, NIC, SUBNET, NSG], {"version", "versions"}, [set(Surrounding)]),
    ],
)
async def test_what_is_read(needs: Needs, asked: list[object], parts: set[str] | None, above: list[set[str]]) -> None:
    reader = Counting(azure)
    stage = Stage(judge=Judge(needed=needs))
    await stage.check(reader, stage.request())
    assert [str(one) for one in reader.asked] == [str(one).lower() for one in asked]
    assert getattr(reader, "parts", None) == parts
    assert reader.wanted == above


async def test_what_stands_above_reaches_the_rules() -> None:
    class Looking(Judge):
        def evaluate(self, document, as_of):  # type: ignore[no-untyped-def]
            seen.append(document)
            return super().evaluate(document, as_of)

    seen: list[object] = []
    above = Surroundings(resource_group={"name": "rg-web"}, subscription={"tags": {}}, management_groups=("root",))
    stage = Stage(judge=Looking(needed=EVERYTHING))
    await stage.check(Reader(azure, above=above), stage.request())
    document = seen[-1]
    assert document.resource_group == {"name": "rg-web"}  # type: ignore[attr-defined]
    assert document.subscription == {"tags": {}}  # type: ignore[attr-defined]
    assert document.management_groups == ("root",)  # type: ignore[attr-defined]
    assert document.network["internetExposed"] is False  # type: ignore[attr-defined]
