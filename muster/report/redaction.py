"""What must not be kept: secrets in resources, and what an event says of the person behind it.

What is kept is JSON that any reader takes, so NaN and infinities, which are none, become texts on the way.
"""

import math
from collections.abc import Callable
from functools import lru_cache

from muster.values.json import Json, JsonObject

REDACTED = "(redacted)"

SECRET_MEMBERS = frozenset(
    {
        "adminpassword",
        "commandtoexecute",
        "customdata",
        "protectedsettings",
        "protectedsettingsfromkeyvault",
        "storageaccountkey",
        "unattendcontent",
        "userdata",
    }
)
"""Members of resources, lower-cased, that hold secrets or may: passwords, scripts and boot data with keys in them.

`unattendContent` stands for the content of windowsConfiguration.additionalUnattendContent.
"""

_PERSONAL_MEMBERS = frozenset({"claims", "evidence", "clientipaddress"})
"""Members of events that describe a caller: claims; authorization.evidence; httpRequest.clientIpAddress."""

_CUT_AT = ("claims", "clientipaddress")

_MAX_DEPTH = 128


def without_secrets(body: JsonObject) -> JsonObject:
    """A resource's JSON with the values of SECRET_MEMBERS replaced. Where nothing is to be replaced, the same."""
    return {name: _kept(name, value, _secret) for name, value in body.items()}


def without_claims(event: Json) -> Json:
    """What came as an event, without claims, client addresses and secrets; of a text, what stands before `claims`."""
    return _kept("", event, lambda name: _secret(name) or name.lower() in _PERSONAL_MEMBERS, cut=True)


@lru_cache(maxsize=4096)
def reads_a_secret(path: str) -> bool:
    """Whether a dotted path leads to a secret or below it."""
    return any(_secret(segment.partition("[")[0]) for segment in path.split("."))


def _secret(name: str) -> bool:
    return name.lower() in SECRET_MEMBERS


def _kept(name: str, value: Json, hidden: Callable[[str], bool], *, cut: bool = False, depth: int = 0) -> Json:
    if hidden(name) and value is not None:
        return REDACTED
    match value:
        case dict() | list() if depth == _MAX_DEPTH:
            return "(nested too deeply)"
        case dict():
            return {key: _kept(key, child, hidden, cut=cut, depth=depth + 1) for key, child in value.items()}
        case list():
            return [_kept("", child, hidden, cut=cut, depth=depth + 1) for child in value]
        case str() if cut:
            return _before_claims(value)
        case float() if not math.isfinite(value):
            return str(value)
        case _:
            return value


def _before_claims(text: str) -> str:
    """A text may be JSON inside of JSON, or broken JSON: claims can't be taken out there, so it ends before them."""
    lowered = text.lower()
    places = [place for word in _CUT_AT if (place := lowered.find(word)) >= 0]
    return f"{text[: min(places)]}{REDACTED}" if places else text
