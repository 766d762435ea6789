"""The effective security rules of a network interface.

Source: learn.microsoft.com/rest/api/virtualnetwork/network-interfaces/list-effective-network-security-groups. Azure
works them out when it is asked, which takes it some seconds, and only for a machine that runs.
"""

from muster.adapters.arm_client import ArmClient
from muster.adapters.arm_operation import run_to_end
from muster.adapters.arm_paths import resource_path
from muster.adapters.arm_types import EFFECTIVE_RULES, EFFECTIVE_RULES_ACTION, TYPES
from muster.facts.network_reads import INTERFACE
from muster.values.answers import Forbidden, FoundMany, ListAnswer, NotRead
from muster.values.errors import BadInput
from muster.values.resource_id import ResourceId

NOT_RUNNING = "nicmustbeattachedtorunningvmtogeteffectivesecuritygroups"
"""The code, lower-cased, of the 400 for an interface whose machine does not run."""


async def effective_groups(client: ArmClient, interface: ResourceId) -> ListAnswer | None:
    """The groups that count for an interface, each with its effective rules; None where its machine does not run.
    Raises TransientFault."""
    arm_type = TYPES[INTERFACE]
    path = f"{resource_path(interface, arm_type)}/{EFFECTIVE_RULES}"
    try:
        reply = await run_to_end(client, path, {"api-version": arm_type.api_version}, interface.subscription)
    except BadInput as fault:
        return NotRead(str(fault))
    failure = reply.failure
    if reply.status == 403:
        return Forbidden(failure.permission(EFFECTIVE_RULES_ACTION))
    if failure.code.lower() == NOT_RUNNING:
        return None
    if not reply.ok:
        return NotRead(f"Azure answered {reply.status} ({failure})")
    members = reply.body.get("value") if isinstance(reply.body, dict) else None
    if not isinstance(members, list) or not all(isinstance(member, dict) for member in members):
        return NotRead("Azure's answer has no list of groups")
    if isinstance(reply.body, dict) and reply.body.get("nextLink"):
        return NotRead("Azure's answer is only the first page of the groups")
    return FoundMany(tuple(member for member in members if isinstance(member, dict)), reply.observed_at)
