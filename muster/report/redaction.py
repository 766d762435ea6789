"""What must not be kept: secrets in resources, and what an event says of the person behind it.

What is kept is JSON that any reader takes, so NaN and infinities, which are none, become texts on the way.
"""

import json
import math
import re
from collections.abc import Callable
from functools import lru_cache

from muster.language.source import Source, read_json
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

_ADDRESS = re.compile(r"[^\s@\"'<>(),;]{1,64}@[^\s@\"'<>(),;]+|\b\d{1,3}(?:\.\d{1,3}){3}\b", re.ASCII)
"""What looks like a mail address or sign-in name, or an IPv4 address. The part before the @ has at most 64 characters,
so that a long word is looked at once."""

_MAX_DEPTH = 128


def _spelled(name: str) -> str:
    """A pattern of a lower-cased name in any case, its letters as they are or as JSON's escapes."""
    return "".join(rf"(?:{one}|\\{{1,15}}u00(?:{ord(one):02x}|{ord(one.upper()):02x}))" for one in name)


_HIDDEN = sorted(SECRET_MEMBERS | _PERSONAL_MEMBERS)
_NAMES = rf"(?=[{''.join(sorted({name[0] for name in _HIDDEN}))}\\])(?:{'|'.join(map(_spelled, _HIDDEN))})"
_CUT_AT = (
    rf"""(?:(?<=["'])|(?<=u002[27])){_NAMES}(?=\\{{0,15}}["']|\\{{1,15}}u002[27]|\Z)"""
    rf"""|(?<![-\w./\\]){_NAMES}(?=\s*[:=])"""
)
"""Where a member begins that is not kept. The word alone is none: an insurance's resources are named for its claims.
Compiled when it is first needed, which takes 10 ms."""


def without_secrets(body: JsonObject) -> JsonObject:
    """A resource's JSON with the values of SECRET_MEMBERS replaced. Where nothing is to be replaced, the same."""
    return {name: _kept(name, value, _secret) for name, value in body.items()}


def without_claims(event: Json) -> Json:
    """What came as an event, without claims, client addresses and secrets; of what is no JSON, what stands before."""
    return _kept("", event, lambda name: _secret(name) or name.lower() in _PERSONAL_MEMBERS, cut=True)


def without_people(sentence: str) -> str:
    """A sentence about what came in, without what looks like an address of somebody, up to where claims begin."""
    return _ADDRESS.sub(REDACTED, _cut(sentence, _hidden_at(sentence)))


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
            return _text_kept(value, hidden, depth)
        case float() if not math.isfinite(value):
            return str(value)
        case _:
            return value


def _text_kept(text: str, hidden: Callable[[str], bool], depth: int) -> str:
    """A text may be JSON inside of JSON, as the data of some CloudEvents is: it stays JSON that can be read again. From
    what is no JSON, or not quite, claims can't be taken out, so it ends before them."""
    place = _hidden_at(text)
    if place is not None and text.startswith(("{", "[")):
        value, faults = read_json(Source("text", text))
        if not faults:
            return json.dumps(_kept("", value, hidden, cut=True, depth=depth + 1))
    return _cut(text, place)


def _cut(text: str, place: int | None) -> str:
    return text if place is None else f"{text[:place]}{REDACTED}"


def _hidden_at(text: str) -> int | None:
    """Where a text has the first member that is not kept."""
    lowered = text.lower()
    if "u00" not in lowered and not any(name in lowered for name in _HIDDEN):
        return None
    found = re.search(_CUT_AT, text, re.IGNORECASE | re.ASCII)
    return None if found is None else found.start()
