"""Azure: who muster is, which subscriptions it reads, and every permission that the assigned policies take, tried.

A read of what is not there tells whether it is allowed: Azure answers 403 before it looks. Source:
learn.microsoft.com/azure/role-based-access-control/troubleshooting.
"""

from collections.abc import Awaitable, Sequence
from contextlib import suppress

from muster.facts.event import WATCHED_TYPES
from muster.facts.image_reads import DISK, GALLERY_IMAGE, GALLERY_VERSION, MANAGED_IMAGE, image_parts
from muster.facts.network_reads import INTERFACE, PORT_FIELDS, PUBLIC_ADDRESS, SECURITY_GROUP, SUBNET
from muster.facts.scale_sets import INSTANCE
from muster.jobs.doctor.installation import AzureProbe, Installation
from muster.jobs.gather import together
from muster.policy.asked import Asked, asked_by
from muster.values.answers import Absent, Answer, Forbidden, Found, FoundMany, ListAnswer, NotRead, Unsettled
from muster.values.checkup import Checked, Outcome
from muster.values.document import RelatedQuery
from muster.values.errors import InvalidResourceId, TransientFault
from muster.values.image_query import ImageHome, ImagePart, ImageQuery
from muster.values.resource_id import ResourceId
from muster.values.surroundings import Surrounding
from muster.values.sweep import InventoryPage

IDENTITY, SUBSCRIPTIONS, PERMISSIONS, INVENTORY = (
    "azure-identity",
    "azure-subscriptions",
    "azure-permissions",
    "azure-inventory",
)

ROLE = "muster reader"
EFFECTIVE_ROLE = "muster effective rules"
NOWHERE = "muster-doctor"
"""The name of what is asked for and is not there."""
MOST_SUBSCRIPTIONS = 50

_ALWAYS = (*sorted(WATCHED_TYPES), INSTANCE, GALLERY_IMAGE, GALLERY_VERSION, MANAGED_IMAGE, DISK)
_NETWORK = (INTERFACE, PUBLIC_ADDRESS, SUBNET, SECURITY_GROUP)
_BACKUP_ITEMS = "microsoft.recoveryservices/backupprotecteditems"
_LOCATION = "westeurope"


async def identity(installation: Installation) -> list[Checked]:
    """Whether a token can be had, and whose."""
    azure = installation.azure
    if azure is None:
        return [_not_looked_at(IDENTITY)]
    try:
        who = await azure.identity()
    except TransientFault as fault:
        remedy = (
            "Give the app a managed identity (MUSTER_ARM_CLIENT_ID names a user-assigned one); on your own machine"
            " sign in with az login."
        )
        return [Checked(IDENTITY, Outcome.FAULT, f"{fault}.", remedy)]
    if who.cloud == "loopback":
        return [
            Checked(IDENTITY, Outcome.OK, "A server of this machine stands for Azure; it takes no token of Azure's.")
        ]
    named = [f"object id {who.object_id}"] if who.object_id else []
    named += [f"application id {who.application_id}"] if who.application_id else []
    named += [f"tenant {who.tenant_id}"] if who.tenant_id else []
    return [
        Checked(IDENTITY, Outcome.OK, f"A token for {who.cloud} can be had: {', '.join(named) or 'of nobody named'}.")
    ]


async def subscriptions(installation: Installation) -> list[Checked]:
    """Whether each watched subscription can be read and is in use."""
    azure = installation.azure
    if azure is None:
        return [_not_looked_at(SUBSCRIPTIONS)]
    if installation.subscriptions is None:
        readable = await azure.subscriptions()
        if isinstance(readable, FoundMany) and readable.bodies:
            said = f"Every subscription is watched; {len(readable.bodies)} can be read."
            return [Checked(SUBSCRIPTIONS, Outcome.OK, said)]
        remedy = f"Assign the role {ROLE} (infra/roles/muster-reader.json) on what is to be watched."
        return [Checked(SUBSCRIPTIONS, Outcome.FAULT, "No subscription can be read.", remedy)]
    names = sorted(installation.subscriptions)
    answers = await together(map(azure.subscription, names))
    return [_subscription(name, answer) for name, answer in zip(names, answers, strict=True)]


def _subscription(name: str, answer: Answer) -> Checked:
    match answer:
        case Found(body, _) | Unsettled(_, body, _):
            state = body.get("state")
            if state == "Enabled" or state is None:
                return Checked(SUBSCRIPTIONS, Outcome.OK, "It can be read.", "", name)
            said = f"It can be read, and its state is {str(state)[:40]}."
            return Checked(SUBSCRIPTIONS, Outcome.WARNING, said, "Enable it, or watch it no longer.", name)
        case Forbidden(permission):
            said = f"The permission {permission} is missing."
            return Checked(SUBSCRIPTIONS, Outcome.FAULT, said, _assign(name), name)
        case Absent():
            said = "Azure has no such subscription."
        case NotRead(why):
            said = f"It can't be read: {why}."
    remedy = f"See that MUSTER_SUBSCRIPTIONS has its id, that it is of this tenant; then: {_assign(name)}"
    return Checked(SUBSCRIPTIONS, Outcome.FAULT, said, remedy, name)


async def permissions(installation: Installation) -> list[Checked]:
    """Whether everything may be read that the assigned policies need, in each watched subscription."""
    azure = installation.azure
    if azure is None:
        return [_not_looked_at(PERMISSIONS)]
    files = (await installation.policies.look()).files
    if files is None:
        said = "Which permissions are needed can't be told while the policies can't be used."
        return [Checked(PERMISSIONS, Outcome.UNKNOWN, said, "Mend the policies first.")]
    asked = asked_by(files)
    names = await watched(installation, azure)
    found: list[Checked] = []
    for name in names[:MOST_SUBSCRIPTIONS]:
        beside = await azure.assigned(name, NOWHERE) if installation.tenant_policies else ()
        found += await _permissions(name, asked, azure, beside)
    if len(names) > MOST_SUBSCRIPTIONS:
        said = f"Of {len(names)} subscriptions {MOST_SUBSCRIPTIONS} were looked at."
        found.append(
            Checked(PERMISSIONS, Outcome.UNKNOWN, said, "Name fewer in MUSTER_SUBSCRIPTIONS to look at others.")
        )
    return found or [Checked(PERMISSIONS, Outcome.UNKNOWN, "No subscription is there to try it in.")]


async def inventory(installation: Installation) -> list[Checked]:
    """Whether Resource Graph lists machines, as the sweep asks it to."""
    azure = installation.azure
    if azure is None:
        return [_not_looked_at(INVENTORY)]
    page = await azure.inventory.page(sorted(WATCHED_TYPES), "")
    match page:
        case InventoryPage():
            said = f"Resource Graph lists {page.total:,} virtual machines and scale sets."
            return [Checked(INVENTORY, Outcome.OK, said)]
        case Forbidden(permission):
            remedy = f"Assign the role {ROLE} (infra/roles/muster-reader.json) on the watched subscriptions."
            return [Checked(INVENTORY, Outcome.FAULT, f"The permission {permission} is missing.", remedy)]
        case NotRead(why):
            return [Checked(INVENTORY, Outcome.UNKNOWN, f"{why}.", "Try again; if it stays, report it.")]


async def watched(installation: Installation, azure: AzureProbe) -> list[str]:
    """The ids of the watched subscriptions; where that is every one, of those that can be read."""
    if installation.subscriptions is not None:
        return sorted(installation.subscriptions)
    answer = await azure.subscriptions()
    bodies = answer.bodies if isinstance(answer, FoundMany) else ()
    return sorted(str(body.get("subscriptionId")).lower() for body in bodies if body.get("subscriptionId"))


async def _permissions(subscription: str, asked: Asked, azure: AzureProbe, beside: Sequence[Answer]) -> list[Checked]:
    answers = [*await together(_reads(subscription, asked, azure)), *beside]
    missing = sorted({answer.permission for answer in answers if isinstance(answer, Forbidden)}, key=str.lower)
    # What is answered otherwise than with a 403 was not refused: a type may have no such resource, and says so.
    gone = [answer.why for answer in answers if isinstance(answer, NotRead) and "Subscription" in answer.why]
    if gone:
        return [Checked(PERMISSIONS, Outcome.UNKNOWN, f"{gone[0]}.", "Mend azure-subscriptions first.", subscription)]
    if not missing:
        return [
            Checked(PERMISSIONS, Outcome.OK, f"{len(answers)} reads were tried, none was refused.", "", subscription)
        ]
    return [
        Checked(
            PERMISSIONS, Outcome.FAULT, f"The permission {one} is missing.", _remedy(one, subscription), subscription
        )
        for one in missing
    ]


def _reads(subscription: str, asked: Asked, azure: AzureProbe) -> list[Awaitable[Answer | ListAnswer | None]]:
    """Every kind of read that judging by these policies may make."""
    group = f"/subscriptions/{subscription}/resourcegroups/{NOWHERE}"
    types = dict.fromkeys((*_ALWAYS, *(_NETWORK if asked.needs.any_room("network") else ()), *sorted(asked.types)))
    machine = ResourceId.parse(f"{group}/providers/microsoft.compute/virtualmachines/{NOWHERE}")
    reads: list[Awaitable[Answer | ListAnswer | None]] = []
    for name in types:
        if name == _BACKUP_ITEMS:
            reads.append(azure.reader.related(RelatedQuery(name, str(machine))))
            continue
        namespace, *kinds = name.split("/")
        pairs = "/".join(f"{kind}/{NOWHERE}" for kind in kinds)
        with suppress(InvalidResourceId):  # a rule may look up what no resource group has
            reads.append(azure.reader.get(ResourceId.parse(f"{group}/providers/{namespace}/{pairs}")))
    if azure.reader.reads_effective_rules and asked.needs.any_of(PORT_FIELDS):
        interface = f"{group}/providers/microsoft.network/networkinterfaces/{NOWHERE}"
        reads.append(azure.reader.effective_rules(ResourceId.parse(interface)))
    if Surrounding.RESOURCE_GROUP in asked.needs.surroundings:
        reads.append(azure.resource_group(subscription, NOWHERE))
    at = (subscription, _LOCATION)
    for query in (
        ImageQuery(ImageHome.MARKETPLACE, *at, (NOWHERE, NOWHERE, NOWHERE), "1.0.0"),
        ImageQuery(ImageHome.COMMUNITY_GALLERY, *at, (NOWHERE, NOWHERE), "1.0.0"),
        ImageQuery(ImageHome.SHARED_GALLERY, *at, (NOWHERE, NOWHERE), "1.0.0"),
    ):
        reads += _image_reads(query, asked, azure)
    return reads


def _image_reads(query: ImageQuery, asked: Asked, azure: AzureProbe) -> list[Awaitable[Answer | ListAnswer | None]]:
    async def one(part: ImagePart) -> Answer | ListAnswer | None:
        found = await azure.reader.image(query, frozenset({part}))
        return found.version or found.definition or found.versions

    return [one(part) for part in sorted(image_parts(query, asked.needs))]


def _remedy(permission: str, subscription: str) -> str:
    if not permission.lower().endswith("/action"):
        return _assign(subscription)
    return (
        f"Assign the role {EFFECTIVE_ROLE} (infra/roles/muster-effective-rules.json) on /subscriptions/{subscription}"
        " to the app's identity too, or set MUSTER_EFFECTIVE_RULES to false."
    )


def _assign(subscription: str) -> str:
    return (
        f"Assign the role {ROLE} (infra/roles/muster-reader.json), or Reader, on /subscriptions/{subscription} to the"
        " app's identity; it takes some minutes to count."
    )


def _not_looked_at(check: str) -> Checked:
    return Checked(check, Outcome.UNKNOWN, "What is read of Azure can't be told.", "Set the settings right first.")
