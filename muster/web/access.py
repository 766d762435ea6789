"""Who may see what.

In App Service the platform authenticates before a request comes here, takes away what a caller sends under the names
below, and says who it is in X-MS-CLIENT-PRINCIPAL (learn.microsoft.com/azure/app-service/configure-authentication-user-
identities). So that header counts only where the platform says that it does this; without it nobody sees anything.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from muster.values.errors import BadInput

if TYPE_CHECKING:
    from muster.values.json import Json

PRINCIPAL = "x-ms-client-principal"
MAX_PRINCIPAL = 64 * 1024
EVERYTHING = "*"

_GROUP_CLAIMS = ("groups", "http://schemas.microsoft.com/ws/2008/06/identity/claims/groups")
_NAME_CLAIMS = (
    "preferred_username",
    "name",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
)
_LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})


class Refused(BadInput):
    """Nobody whom the page answers. `status` is 401 or 403."""

    reason = "refused"

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Access:
    """How the page is guarded. `platform`: App Service authentication stands before it; `loopback`: it runs on this
    machine, for whoever uses it. `groups`: the id of a group -> lower-cased subscriptions its members may see, `*` for
    all; None lets everybody who is authenticated see everything."""

    platform: bool = False
    loopback: bool = False
    groups: Mapping[str, frozenset[str]] | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and at which subscriptions; None is all."""

    name: str
    subscriptions: frozenset[str] | None


def viewer(access: Access, headers: Mapping[str, str]) -> Viewer:
    """Who asks, from headers with lower-cased names. Raises Refused."""
    if not access.platform:
        host = headers.get("host", "").lower()
        if access.loopback and _bare(host) in _LOOPBACK_HOSTS:
            return Viewer("", None)
        raise Refused(401, "The page needs App Service authentication before it, and it is not enabled here.")
    claims = _claims(headers.get(PRINCIPAL, ""))
    name = next((value for wanted in _NAME_CLAIMS for kind, value in claims if kind == wanted), "")
    if access.groups is None:
        return Viewer(name, None)
    member = {value.lower() for kind, value in claims if kind in _GROUP_CLAIMS}
    seen = frozenset().union(*(access.groups[group] for group in access.groups.keys() & member))
    if not seen:
        raise Refused(403, "None of your groups may see a subscription here.")
    return Viewer(name, None if EVERYTHING in seen else seen)


def _bare(host: str) -> str:
    """A host without its port."""
    name, colon, port = host.rpartition(":")
    return name if colon and port.isdecimal() else host


def _claims(text: str) -> list[tuple[str, str]]:
    """Type and value of each claim of a principal. Raises Refused where it is none."""
    refused = Refused(401, "Nobody is signed in.")
    if not text or len(text) > MAX_PRINCIPAL:
        raise refused
    try:
        principal: Json = json.loads(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        raise refused from None
    if not isinstance(principal, dict) or not principal.get("auth_typ"):
        raise refused
    claims = principal.get("claims")
    if not isinstance(claims, list) or not claims:
        raise refused
    return [
        (kind, value)
        for claim in claims
        if isinstance(claim, dict)
        and isinstance(kind := claim.get("typ"), str)
        and isinstance(value := claim.get("val"), str)
    ]
