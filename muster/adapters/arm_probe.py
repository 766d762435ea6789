"""Azure as muster reads it, and what `muster doctor` reads beside: an AzureProbe (muster/jobs/doctor)."""

import asyncio
import base64
import binascii
import json
from typing import TYPE_CHECKING

from azure.core.exceptions import AzureError

from muster.adapters.arm_client import ArmClient
from muster.adapters.arm_graph import ArmGraph
from muster.adapters.arm_inventory import ArmInventory
from muster.adapters.arm_paths import encoded, group_path, parse_scope
from muster.adapters.arm_reader import ArmReader
from muster.adapters.arm_reads import read_list, read_single
from muster.adapters.arm_types import (
    EVENT_SUBSCRIPTION,
    POLICY_TYPES,
    POLICY_VERSIONS,
    RESOURCE_GROUP,
    SUBSCRIPTION,
    SYSTEM_TOPIC,
    TOPIC_SUBSCRIPTION,
)
from muster.jobs.doctor.installation import Identity
from muster.values.answers import Answer, ListAnswer, NotRead
from muster.values.errors import TransientFault

if TYPE_CHECKING:
    from collections.abc import Iterable

    from azure.core.credentials_async import AsyncTokenCredential


class ArmProbe:
    """Asks through a reader of `client`. `credential` is the client's own."""

    def __init__(
        self, client: ArmClient, reader: ArmReader, credential: "AsyncTokenCredential", subscriptions: "Iterable[str]"
    ) -> None:
        self._client = client
        self._reader = reader
        self._credential = credential
        self._inventory = ArmInventory(ArmGraph(client), subscriptions=sorted(subscriptions))

    @property
    def reader(self) -> ArmReader:
        """See AzureProbe.reader."""
        return self._reader

    @property
    def loopback(self) -> bool:
        """See AzureProbe.loopback."""
        return self._client.cloud.loopback

    @property
    def inventory(self) -> ArmInventory:
        """See AzureProbe.inventory."""
        return self._inventory

    async def identity(self) -> Identity:
        """See AzureProbe.identity. The token itself goes nowhere but to Azure."""
        cloud = self._client.cloud
        try:
            token = await self._credential.get_token(cloud.token_scope)
        except (AzureError, ValueError) as error:
            first = (str(error).splitlines() or [type(error).__name__])[0][:300]
            raise TransientFault(f"no token for {cloud.name}: {first.rstrip('.')}") from error
        if cloud.loopback:
            return Identity(cloud.name)
        claims = claims_of(token.token)
        return Identity(
            cloud.name, claims.get("oid", ""), claims.get("appid", "") or claims.get("azp", ""), claims.get("tid", "")
        )

    async def subscription(self, subscription: str) -> Answer:
        """See AzureProbe.subscription."""
        return await read_single(self._client, f"/subscriptions/{encoded(subscription)}", SUBSCRIPTION)

    async def subscriptions(self) -> ListAnswer:
        """See AzureProbe.subscriptions."""
        return await read_list(self._client, "/subscriptions", SUBSCRIPTION)

    async def resource_group(self, subscription: str, name: str) -> Answer:
        """See AzureProbe.resource_group."""
        return await read_single(self._client, group_path(subscription, name), RESOURCE_GROUP)

    async def assigned(self, subscription: str, name: str) -> list[Answer]:
        """See AzureProbe.assigned."""
        below = f"/subscriptions/{encoded(subscription)}/providers"
        asked = [(f"{below}/{kind.name}/{encoded(name)}", kind) for kind in POLICY_TYPES.values()]
        asked += [
            (f"{below}/{POLICY_TYPES[kind].name}/{encoded(name)}/versions/1.0.0", version)
            for kind, version in POLICY_VERSIONS.items()
        ]
        return [*await asyncio.gather(*(read_single(self._client, path, arm_type) for path, arm_type in asked))]

    async def topics(self, subscription: str) -> ListAnswer:
        """See AzureProbe.topics."""
        path = f"/subscriptions/{encoded(subscription)}/providers/{SYSTEM_TOPIC.name}"
        return await read_list(self._client, path, SYSTEM_TOPIC)

    async def event_subscriptions(self, source: str) -> ListAnswer:
        """See AzureProbe.event_subscriptions."""
        topic = parse_scope(source)
        if topic is None:
            subscription = encoded(source.removeprefix("/subscriptions/"))
            path = f"/subscriptions/{subscription}/providers/{EVENT_SUBSCRIPTION.name}"
            return await read_list(self._client, path, EVENT_SUBSCRIPTION)
        if topic.type != SYSTEM_TOPIC.name.lower():
            return NotRead(f"{source[:200]} is no system topic")
        path = f"{group_path(topic.subscription, topic.resource_group)}/providers/{SYSTEM_TOPIC.name}"
        return await read_list(self._client, f"{path}/{encoded(topic.name)}/eventSubscriptions", TOPIC_SUBSCRIPTION)


def claims_of(token: str) -> dict[str, str]:
    """The texts among the claims of a token, unverified: who it is for is for people to read, nothing is decided by it.
    Empty where it is no JSON web token."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        return {}
    if not isinstance(claims, dict):
        return {}
    return {name: value[:80] for name, value in claims.items() if isinstance(value, str)}
