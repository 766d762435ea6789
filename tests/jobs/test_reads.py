"""What is read for a verdict: what the rules ask for, and nothing else."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from muster.facts.image_reads import image_query
from muster.jobs.keep import Change
from muster.values.answers import Absent, Answer, Forbidden, Found, FoundMany, ListAnswer, NotRead
from muster.values.document import Document, RelatedQuery
from muster.values.finding import Verdict
from muster.values.image_query import ImageAnswer, ImagePart, ImageQuery
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

    async def image(self, query: ImageQuery, parts: frozenset[ImagePart]) -> ImageAnswer:
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
        def evaluate(self, document: Document, as_of: datetime) -> Verdict:
            seen.append(document)
            return super().evaluate(document, as_of)

    seen: list[Document] = []
    above = Surroundings(resource_group={"name": "rg-web"}, subscription={"tags": {}}, management_groups=("root",))
    stage = Stage(judge=Looking(needed=EVERYTHING))
    await stage.check(Reader(azure, above=above), stage.request())
    document = seen[-1]
    assert document.resource_group == {"name": "rg-web"}
    assert document.subscription == {"tags": {}}
    assert document.management_groups == ("root",)
    assert document.network["internetExposed"] is False


async def test_what_lies_at_a_resource_is_listed_once_for_all_names() -> None:
    guest = "microsoft.guestconfiguration/guestconfigurationassignments"
    whole = RelatedQuery(guest, str(VM))
    queries = tuple(replace(whole, name=name) for name in ("one", "two", "other"))
    group = RelatedQuery("microsoft.compute/disks", VM.scope, "one")
    asked: list[RelatedQuery] = []
    seen: list[Document] = []

    class Listing(Reader):
        async def related(self, query: RelatedQuery) -> ListAnswer:
            asked.append(query)
            return FoundMany(tuple({"id": f"{VM}/providers/{guest}/{name}"} for name in ("one", "two")), START)

    class Looking(Judge):
        def evaluate(self, document: Document, as_of: datetime) -> Verdict:
            seen.append(document)
            return super().evaluate(document, as_of)

    stage = Stage(judge=Looking(queries=(*queries, group)))
    await stage.check(Listing(azure), stage.request())
    assert asked == [whole, group]
    found = {query.name: len(answer.bodies) for query, answer in seen[-1].related.items() if query != group}  # type: ignore[union-attr]
    assert found == {"one": 1, "two": 1, "other": 0}


async def test_what_azure_refuses_is_said_with_the_permission_that_is_missing() -> None:
    def refusing(resource_id: ResourceId) -> Answer:
        return azure(resource_id) if resource_id == VM else Forbidden(f"{resource_id.type}/read")

    version = "Microsoft.Compute/locations/publishers/artifacttypes/offers/skus/versions/read"
    query, nic = image_query(connected()), ResourceId.parse(NIC)
    assert query is not None
    reader = Reader(
        refusing,
        images={query: ImageAnswer(version=Forbidden(version))},
        above=Surroundings(hindrances=("subscription: needs the permission x/read",)),
    )
    stage = Stage(judge=Judge(needed=EVERYTHING))
    outcome = await stage.check(reader, stage.request())
    assert outcome.finding is not None
    assert outcome.finding["warnings"] == [
        f"Reading {nic.type} nic needs the permission {nic.type}/read.",
        f"Reading the image's version needs the permission {version}.",
        "subscription: needs the permission x/read",
    ]


def in_state(power: str) -> JsonObject:
    body = connected()
    as_object(body["properties"])["instanceView"] = {"statuses": [{"code": f"PowerState/{power}"}]}
    return body


def stopped(resource_id: ResourceId) -> Answer:
    return Found(in_state("deallocated"), START) if resource_id == VM else public(resource_id)


def public(resource_id: ResourceId) -> Answer:
    """As azure, with a public address, and running."""
    if resource_id == VM:
        return Found(in_state("running"), START)
    if resource_id == ResourceId.parse(NIC):
        configuration: JsonObject = {
            "subnet": {"id": SUBNET},
            "publicIPAddress": {"id": f"{NETWORK}/publicIPAddresses/a"},
        }
        return Found({"properties": {"ipConfigurations": [{"properties": configuration}]}}, START)
    return azure(resource_id)


@pytest.mark.parametrize(
    ("opted", "needed", "reads", "asked"),
    [
        (True, "openports[*]", public, 1),
        (True, "openmanagementports[*]", public, 1),
        (True, "internetexposed", public, 1),
        (False, "openports[*]", public, 0),
        (True, "haspublicip", public, 0),
        (True, "openports[*]", stopped, 0),
        # Nobody comes to the interface.
        (True, "openports[*]", azure, 0),
    ],
)
async def test_when_effective_rules_are_asked_for(
    opted: bool, needed: str, reads: Callable[[ResourceId], Answer], asked: int
) -> None:
    interface = ResourceId.parse(NIC)
    asking: list[ResourceId] = []

    class Asking(Reader):
        async def effective_rules(self, interface: ResourceId) -> ListAnswer | None:
            asking.append(interface)
            return FoundMany((), START)

    reader = Asking(reads, reads_effective_rules=opted)
    stage = Stage(judge=Judge(needed=Needs(fields=frozenset({f"muster.network/{needed}"}))))
    outcome = await stage.check(reader, stage.request())
    assert asking == [interface] * asked
    assert outcome.finding is not None
    assert as_object(outcome.finding["network"]).get("effectiveRules", False) is bool(asked)


@pytest.mark.parametrize(
    ("answer", "warning"),
    [
        (Forbidden("x/action"), "Reading the effective rules of nic needs the permission x/action."),
        (
            NotRead("Azure answered 409 (Conflict)"),
            "Reading the effective rules of nic: Azure answered 409 (Conflict).",
        ),
        (None, None),
        (FoundMany((), START), None),
    ],
)
async def test_effective_rules_that_could_not_be_had_are_a_warning(
    answer: ListAnswer | None, warning: str | None
) -> None:
    reader = Reader(public, effective={ResourceId.parse(NIC): answer}, reads_effective_rules=True)
    stage = Stage(judge=Judge(needed=Needs(fields=frozenset({"muster.network/openports[*]"}))))
    outcome = await stage.check(reader, stage.request())
    assert outcome.finding is not None
    assert outcome.finding.get("warnings", []) == ([warning] if warning else [])


async def test_the_network_is_in_the_finding_where_rules_ask_for_it_and_its_change_is_news() -> None:
    stage = Stage(judge=Judge(needed=EVERYTHING))
    first = await stage.check(Reader(azure), stage.request())
    again = await stage.check(Reader(azure), stage.request(1), 1)
    assert first.finding is not None
    assert first.finding["network"] == {
        "hasPublicIp": False,
        "internetExposed": False,
        "openPorts": [],
        "openManagementPorts": [],
    }
    assert (first.change, again.change) == (Change.RECORDED, Change.CONFIRMED)

    def hidden(resource_id: ResourceId) -> Answer:
        return azure(resource_id) if resource_id == VM else Absent(START)

    assert (await stage.check(Reader(hidden), stage.request(2), 2)).change is Change.RECORDED
    without = await Stage(judge=Judge()).check(Reader(azure), stage.request())
    assert without.finding is not None
    assert "network" not in without.finding
