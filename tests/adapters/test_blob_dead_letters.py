"""Dead letters lie in a container of their own, one blob a delivery."""

import json
import uuid
from typing import TYPE_CHECKING

import pytest

from muster.adapters.blob_dead_letters import DEAD_LETTERS, put_dead_letters
from muster.adapters.blob_findings import blob_service
from muster.values.errors import TransientFault

if TYPE_CHECKING:
    from muster.values.json import JsonObject

pytestmark = [pytest.mark.azurite, pytest.mark.xdist_group("azurite")]


async def test_what_was_not_delivered_is_kept_once(storage: str) -> None:
    event: JsonObject = {"id": str(uuid.uuid4()), "deadLetterReason": "MaxDeliveryAttemptsExceeded"}
    for _ in range(2):
        await put_dead_letters(storage, [event])
    async with blob_service(storage) as service:
        container = service.get_container_client(DEAD_LETTERS)
        names = [name async for name in container.list_blob_names()]
        kept = [json.loads(await (await container.download_blob(name)).readall()) for name in names]
    assert kept.count([event]) == 1


async def test_storage_that_refuses_is_a_transient_fault(storage: str) -> None:
    with pytest.raises(TransientFault, match="403"):
        await put_dead_letters(storage.replace("AccountKey=Eby8", "AccountKey=AAAA"), [])
