"""What one would write without thinking of cost: azure-mgmt-compute to read the machine, azure-storage-blob to keep the
result, clients and models as the samples of the SDKs have them. The write protocol is the same: a create-only record,
read the latest, replace it under its etag."""

import hashlib
import json
from typing import Any

from azure.core import MatchConditions
from azure.core.exceptions import ResourceExistsError, ResourceNotFoundError
from azure.mgmt.compute.aio import ComputeManagementClient
from azure.storage.blob.aio import BlobServiceClient

from muster.adapters.arm_credential import LoopbackCredential
from muster.values.resource_id import ResourceId

API_VERSION = "2025-11-05"


class PlainHandler:
    """One client of each kind for all events."""

    def __init__(self, connection_string: str, arm_url: str) -> None:
        self._blobs = BlobServiceClient.from_connection_string(connection_string, api_version=API_VERSION)
        self._arm_url = arm_url
        self._compute: dict[str, Any] = {}

    async def prepare(self) -> None:
        """Make the containers."""
        for name in ("history", "findings"):
            await self._blobs.create_container(name)

    async def handle(self, text: str) -> None:
        """Read what the event names, judge one thing, keep it."""
        resource = ResourceId.parse(json.loads(text)["data"]["resourceUri"])
        client = self._compute.get(resource.subscription)
        if client is None:
            client = self._compute[resource.subscription] = ComputeManagementClient(
                LoopbackCredential(),
                resource.subscription,
                base_url=self._arm_url,
                credential_scopes=["loopback/.default"],
            )
        machine = (
            await client.virtual_machines.get(
                resource.resource_group, resource.name, expand="instanceView", enforce_https=False
            )
        ).as_dict()
        security = (machine.get("properties") or machine).get("securityProfile") or {}
        finding = {"resource": machine, "encryptionAtHost": bool(security.get("encryptionAtHost"))}
        data = json.dumps(finding, default=str).encode()
        digest = hashlib.sha256(data).hexdigest()[:32]
        history = self._blobs.get_blob_client("history", f"{str(resource)[1:]}/{digest}.json")
        try:
            await history.upload_blob(data, overwrite=False)
        except ResourceExistsError:
            return
        latest = self._blobs.get_blob_client("findings", f"latest{resource}.json")
        try:
            stream = await latest.download_blob()
            await stream.readall()
            condition: dict[str, Any] = {
                "etag": stream.properties.etag,
                "match_condition": MatchConditions.IfNotModified,
            }
        except ResourceNotFoundError:
            condition = {"overwrite": False}
        if "etag" in condition:
            condition["overwrite"] = True
        await latest.upload_blob(data, **condition)

    async def close(self) -> None:
        """Close the connections."""
        await self._blobs.close()
        for client in self._compute.values():
            await client.close()
