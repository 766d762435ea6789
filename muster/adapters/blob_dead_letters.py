"""Dead letters in Blob Storage: events that could not be delivered, one blob a delivery, as Event Grid writes them."""

import contextlib
import json
from hashlib import sha256

from azure.core.exceptions import ResourceExistsError

from muster.adapters.blob_findings import blob_service
from muster.adapters.storage_faults import storage_faults
from muster.report.redaction import without_claims
from muster.values.json import Json

DEAD_LETTERS = "deadletters"


async def put_dead_letters(connection_string: str, events: list[Json]) -> None:
    """Keep events, without claims, with why they were not delivered. Raises TransientFault where storage does not
    answer."""
    data = json.dumps(without_claims(events), indent=2).encode()
    name = f"{sha256(data).hexdigest()[:32]}.json"
    async with blob_service(connection_string) as service:
        container = service.get_container_client(DEAD_LETTERS)
        with storage_faults(f"writing {DEAD_LETTERS}/{name}"):
            with contextlib.suppress(ResourceExistsError):
                await container.create_container()
            await container.upload_blob(name, data, overwrite=True)
