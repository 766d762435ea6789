"""Who muster is to Azure Resource Manager."""

import time
from typing import TYPE_CHECKING, Any

from azure.core.credentials import AccessToken

from muster.adapters.arm_cloud import Cloud

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential

LOOPBACK_TOKEN = "loopback"
"""What is shown to a loopback server: it is no secret, and of no use elsewhere."""


class LoopbackCredential:
    """The credential for a server of this machine."""

    async def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        """A token that no cloud accepts."""
        return AccessToken(LOOPBACK_TOKEN, int(time.time()) + 3600)

    async def close(self) -> None:
        """Nothing is held."""

    async def __aenter__(self) -> "LoopbackCredential":
        return self

    async def __aexit__(self, *_raised: object) -> None:
        await self.close()


def arm_credential(cloud: Cloud, *, client_id: str = "", in_azure: bool = False) -> "AsyncTokenCredential":
    """The credential for a cloud: in Azure the app's managed identity (`client_id` of a user-assigned one, "" for the
    system-assigned), elsewhere the developer's own."""
    if cloud.loopback:
        return LoopbackCredential()
    if in_azure:
        from azure.identity.aio import ManagedIdentityCredential  # noqa: PLC0415 # import time is cold start

        return ManagedIdentityCredential(client_id=client_id) if client_id else ManagedIdentityCredential()
    from azure.identity.aio import DefaultAzureCredential  # noqa: PLC0415

    return DefaultAzureCredential(authority=cloud.authority, managed_identity_client_id=client_id or None)
