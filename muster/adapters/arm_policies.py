"""What Azure Policy assigns in some subscriptions, read from Resource Manager: assignments and exemptions with those
that are inherited, and the definitions and initiatives that they lead to.

Source: learn.microsoft.com/rest/api/policy. Without a filter the lists of a subscription have what applies to it, what
its management groups hand down, and what is below it.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from muster.adapters.aged_cache import AgedCache
from muster.adapters.arm_client import ArmClient
from muster.adapters.arm_paths import policy_path
from muster.adapters.arm_reads import read_list, read_single
from muster.adapters.arm_types import POLICY_TYPES, POLICY_VERSIONS, SUBSCRIPTION
from muster.language.source import MAX_DEPTH
from muster.policy.kinds import Kind, PolicyId, parse_policy_id
from muster.policy.tenant import TenantPolicies
from muster.policy.versions import Version, VersionPattern
from muster.policy.wording import LONGEST_ID, shown
from muster.values.answers import Absent, Answer, Forbidden, Found, FoundMany, ListAnswer, NotRead, Unsettled
from muster.values.errors import TransientFault
from muster.values.json import Json, JsonObject, deeper_than

BUILT_IN_SECONDS = 6 * 3600.0
"""How old built-in definitions may be: Azure changes them a few times a month. Others are read each time."""

MAX_POLICIES = 20_000
"""Azure allows some thousands. More are not read."""

_SUBSCRIPTIONS = "/subscriptions"
_CUSTOM = "policyType eq 'Custom'"
_OF_GROUP = "/providers/microsoft.management/"


@dataclass
class _Gathered:
    """Bodies by lower-cased id, and what could not be read. `handed_down`: the custom definitions and initiatives that
    the subscriptions have, where they had to be asked for."""

    subscriptions: tuple[str, ...]
    bodies: dict[str, JsonObject] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    unread_exemptions: dict[str, str] = field(default_factory=dict)
    handed_down: dict[Kind, asyncio.Task[dict[str, JsonObject]]] = field(default_factory=dict)

    def add(self, body: JsonObject) -> bool:
        """Take a body; whether it is a new one."""
        identity = body.get("id")
        if not isinstance(identity, str) or identity.lower() in self.bodies or deeper_than(body, MAX_DEPTH):
            return False
        self.bodies[identity.lower()] = body
        return True


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A reference to a definition or an initiative, and the versions of it that are followed ("" for the newest)."""

    id: PolicyId
    version: str = ""


class ArmPolicies:
    """Reads policies through a client. Keeps what is built in."""

    def __init__(self, client: ArmClient, monotonic: Callable[[], float]) -> None:
        self._client = client
        self._kept: AgedCache[str, Answer | ListAnswer] = AgedCache(
            BUILT_IN_SECONDS, monotonic, keeps=lambda answer: isinstance(answer, Found | FoundMany)
        )

    async def read(self, subscriptions: Iterable[str] | None) -> TenantPolicies:
        """What is assigned in subscriptions, by their lower-cased ids; None for every one that the identity may read.

        Raises TransientFault where a read failed that may work later.
        """
        named = await self._every() if subscriptions is None else subscriptions
        gathered = _Gathered(tuple(sorted(named)))
        await asyncio.gather(*(self._of_subscription(one, gathered) for one in gathered.subscriptions))
        wanted = set(_wanted(gathered.bodies.values()))
        asked: set[_Wanted] = set()
        while wanted and len(gathered.bodies) <= MAX_POLICIES:
            asked |= wanted
            found = await asyncio.gather(*(self._referred(one, gathered) for one in sorted(wanted, key=str)))
            wanted = {one for bodies in found for one in _wanted(bodies)} - asked
        if wanted:
            gathered.problems.append(f"There are more than {MAX_POLICIES:,} policies; what is beyond is not read.")
        problems = tuple(sorted(set(gathered.problems)))
        return TenantPolicies(tuple(gathered.bodies.values()), problems, gathered.unread_exemptions)

    async def _every(self) -> list[str]:
        answer = await read_list(self._client, _SUBSCRIPTIONS, SUBSCRIPTION)
        if not isinstance(answer, FoundMany):
            raise TransientFault(f"the subscriptions could not be listed: {_why(answer)}")
        return [one.lower() for body in answer.bodies if isinstance(one := body.get("subscriptionId"), str)]

    async def _of_subscription(self, subscription: str, gathered: _Gathered) -> None:
        own = f"/subscriptions/{subscription}"
        assignments, exemptions = await asyncio.gather(
            *(
                read_list(self._client, f"{own}/providers/{POLICY_TYPES[kind].name}", POLICY_TYPES[kind])
                for kind in (Kind.ASSIGNMENT, Kind.EXEMPTION)
            )
        )
        for kind, answer in ((Kind.ASSIGNMENT, assignments), (Kind.EXEMPTION, exemptions)):
            if isinstance(answer, NotRead):
                raise TransientFault(f"the {kind.folder} of {own} could not be read: {answer.why}")
            if isinstance(answer, FoundMany):
                for body in answer.bodies:
                    gathered.add(body)
            else:
                gathered.problems.append(f"The {kind.folder} of {own} can't be read: {_why(answer)}.")
        if isinstance(exemptions, Forbidden):
            gathered.unread_exemptions[subscription] = _why(exemptions)

    async def _referred(self, wanted: _Wanted, gathered: _Gathered) -> list[JsonObject]:
        """What a reference leads to: what was not read before of it."""
        path = policy_path(wanted.id)
        label = shown(str(wanted.id), LONGEST_ID)
        if path is None:
            gathered.problems.append(f"{label} is not the id of a definition that can be read.")
            return []
        answer = await self._answer(wanted.id, path)
        if isinstance(answer, Forbidden) and wanted.id.scope.startswith(_OF_GROUP):
            listed = (await self._handed_down(wanted.id.kind, gathered)).get(wanted.id.key)
            if listed is not None:
                return [listed] if gathered.add(listed) else []
        if not isinstance(answer, Found | Unsettled):
            gathered.problems.append(f"{label} can't be read: {_why(answer)}.")
            return []
        new = [answer.body] if gathered.add(answer.body) else []
        if not _follows(wanted, answer.body):
            new += [body for body in await self._versions(wanted, path, gathered) if gathered.add(body)]
        return new

    async def _handed_down(self, kind: Kind, gathered: _Gathered) -> dict[str, JsonObject]:
        """The custom ones that subscriptions have, by lower-cased id. A subscription lists those of the management
        groups above it to whoever may read the subscription, although they may not be read where they are."""
        if kind not in gathered.handed_down:
            gathered.handed_down[kind] = asyncio.ensure_future(self._custom(kind, gathered.subscriptions))
        return await gathered.handed_down[kind]

    async def _custom(self, kind: Kind, subscriptions: Iterable[str]) -> dict[str, JsonObject]:
        arm_type = POLICY_TYPES[kind]
        paths = (f"/subscriptions/{one}/providers/{arm_type.name}" for one in subscriptions)
        answers = await asyncio.gather(*(read_list(self._client, path, arm_type, only=_CUSTOM) for path in paths))
        bodies = (body for answer in answers if isinstance(answer, FoundMany) for body in answer.bodies)
        return {identity.lower(): body for body in bodies if isinstance(identity := body.get("id"), str)}

    async def _versions(self, wanted: _Wanted, path: str, gathered: _Gathered) -> list[JsonObject]:
        """The older versions that a reference follows."""
        arm_type = POLICY_VERSIONS[wanted.id.kind]
        below = f"{path}/versions"
        answer: Answer | ListAnswer
        if wanted.id.scope:
            answer = await read_list(self._client, below, arm_type)
        else:
            answer = await self._kept.get(below, lambda: read_list(self._client, below, arm_type))
        if isinstance(answer, FoundMany):
            return [body for body in answer.bodies if _follows(wanted, body)]
        gathered.problems.append(f"The versions of {shown(str(wanted.id), LONGEST_ID)} can't be read: {_why(answer)}.")
        return []

    async def _answer(self, policy_id: PolicyId, path: str) -> Answer | ListAnswer:
        arm_type = POLICY_TYPES[policy_id.kind]
        if policy_id.scope:
            return await read_single(self._client, path, arm_type)
        return await self._kept.get(path, lambda: read_single(self._client, path, arm_type))


def _wanted(bodies: Iterable[JsonObject]) -> Iterator[_Wanted]:
    """What assignments and initiatives refer to. Exemptions refer to assignments, which are read already."""
    for body in bodies:
        properties = body.get("properties")
        if not isinstance(properties, dict):
            continue
        yield from _reference(properties, properties.get("overrides"))
        references = properties.get("policyDefinitions")
        for reference in references if isinstance(references, list) else ():
            if isinstance(reference, dict):
                yield from _reference(reference, None)


def _reference(owner: JsonObject, overrides: Json) -> Iterator[_Wanted]:
    target = owner.get("policyDefinitionId")
    policy_id = parse_policy_id(target) if isinstance(target, str) else None
    if policy_id is None or policy_id.kind not in (Kind.DEFINITION, Kind.INITIATIVE):
        return
    plain = PolicyId(policy_id.scope.lower(), policy_id.kind, policy_id.name.lower(), "")
    followed = owner.get("definitionVersion")
    yield _Wanted(plain, policy_id.version or (followed if isinstance(followed, str) else ""))
    for override in overrides if isinstance(overrides, list) else ():
        if isinstance(override, dict) and override.get("kind") in ("policyVersion", "definitionVersion"):
            value = override.get("value")
            if isinstance(value, str):
                yield _Wanted(plain, value)


def _follows(wanted: _Wanted, body: JsonObject) -> bool:
    """Whether a body is of a version that a reference follows. What has no version is followed by all."""
    properties = body.get("properties")
    written = properties.get("version") if isinstance(properties, dict) else None
    version = Version.parse(written) if isinstance(written, str) else None
    if version is None or not wanted.version:
        return True
    pattern = VersionPattern.parse(wanted.version)
    return pattern.fits(version) if pattern else Version.parse(wanted.version) in (None, version)


def _why(answer: Answer | ListAnswer) -> str:
    match answer:
        case Forbidden(permission):
            return f"needs the permission {permission}"
        case Absent():
            return "Azure has no such thing"
        case NotRead(why):
            return why
    return "Azure still changes it"
