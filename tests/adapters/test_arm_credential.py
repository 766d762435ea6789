"""Who muster is to Azure: the app's identity there, a developer's here, nobody to a loopback server."""

from datetime import UTC, datetime
from typing import Any

import pytest

from muster.adapters.arm_client import ArmClient
from muster.adapters.arm_cloud import CLOUDS, find_cloud
from muster.adapters.arm_credential import LOOPBACK_TOKEN, LoopbackCredential, arm_credential
from muster.adapters.arm_reader import ArmReader
from muster.values.answers import Found
from tests.adapters.arm_stage import IMPATIENT, VM, arm


def test_a_loopback_server_is_shown_no_token_of_azures() -> None:
    credential = arm_credential(find_cloud("http://127.0.0.1:80"), client_id="id", in_azure=True)
    assert isinstance(credential, LoopbackCredential)


async def test_the_loopback_token_is_no_secret() -> None:
    async with LoopbackCredential() as credential:
        assert (await credential.get_token("scope")).token == LOOPBACK_TOKEN


@pytest.mark.parametrize(("in_azure", "name"), [(True, "ManagedIdentityCredential"), (False, "DefaultAzureCredential")])
@pytest.mark.parametrize("client_id", ["", "11111111-2222-3333-4444-555555555555"])
@pytest.mark.parametrize("cloud", CLOUDS.values(), ids=lambda cloud: cloud.name)
async def test_in_azure_the_identity_of_the_app(in_azure: bool, name: str, client_id: str, cloud: Any) -> None:
    credential = arm_credential(cloud, client_id=client_id, in_azure=in_azure)
    assert type(credential).__name__ == name
    await credential.close()


async def test_a_managed_identity_gets_its_token_and_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    async with arm() as here:
        monkeypatch.setenv("IDENTITY_ENDPOINT", f"{here.state.url}/msi/token")
        monkeypatch.setenv("IDENTITY_HEADER", "x")
        credential = arm_credential(CLOUDS["azurepublic"], in_azure=True)
        client = ArmClient(find_cloud(here.state.url), credential, lambda: datetime.now(UTC), IMPATIENT)
        reader = ArmReader(client, lambda: 0.0)
        assert isinstance(await reader.get(VM), Found)
        await reader.close()
