"""Who muster is to Azure, read off a token that nobody else sees."""

import base64
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from muster.adapters.arm_client import ArmClient
from muster.adapters.arm_cloud import find_cloud
from muster.adapters.arm_probe import ArmProbe, claims_of
from muster.adapters.arm_reader import ArmReader
from muster.jobs.doctor.installation import Identity
from muster.values.errors import TransientFault


def token(claims: Any) -> str:
    middle = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    return f"head.{middle}.signature"


class Credential:
    """Gives a token, or fails as the SDK's do."""

    def __init__(self, text: str) -> None:
        self.text = text

    async def get_token(self, *_scopes: str, **_options: Any) -> AccessToken:
        if not self.text:
            raise ClientAuthenticationError("nobody is signed in\nand more lines")
        return AccessToken(self.text, 2**31)

    async def close(self) -> None:
        return

    async def __aenter__(self) -> "Credential":
        return self

    async def __aexit__(self, *_raised: object) -> None:
        return


async def identity(text: str, cloud: str = "AzurePublic") -> Identity:
    credential: Any = Credential(text)
    client = ArmClient(find_cloud(cloud), credential, lambda: datetime.now(UTC))
    reader = ArmReader(client, lambda: 0.0)
    try:
        return await ArmProbe(client, reader, credential, ()).identity()
    finally:
        await reader.close()


async def test_a_token_says_whose_it_is() -> None:
    claims = {"oid": "o", "appid": "a", "tid": "t", "aud": "https://management.azure.com"}
    assert await identity(token(claims)) == Identity("AzurePublic", "o", "a", "t")
    assert await identity(token({"oid": "o", "azp": "z"})) == Identity("AzurePublic", "o", "z", "")


async def test_a_token_that_says_nothing_is_a_token() -> None:
    assert await identity("opaque") == Identity("AzurePublic")
    assert await identity("x", "http://127.0.0.1:9") == Identity("loopback")


async def test_no_token() -> None:
    with pytest.raises(TransientFault, match=r"no token for AzurePublic: nobody is signed in$"):
        await identity("")


@pytest.mark.parametrize("text", ["", "a.b", "a.%.c", "a.YQ.c", f"a.{'W' * 9}.c", token([1]), token("x"), token(None)])
def test_what_is_no_token_has_no_claims(text: str) -> None:
    assert claims_of(text) == {}


def test_claims_are_short_texts() -> None:
    assert claims_of(token({"oid": "x" * 500, "n": 1})) == {"oid": "x" * 80}
