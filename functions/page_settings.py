"""The settings of the page and of its index. Table: docs/reference/settings.md."""

import re
from collections.abc import Mapping
from pathlib import Path

from functions.settings import BLOB, POLICIES, UnusableSettings
from muster.web.access import EVERYTHING, Access

OWNER_TAG = "MUSTER_OWNER_TAG"
GROUPS = "MUSTER_PAGE_GROUPS"
LOOPBACK = "MUSTER_PAGE_LOOPBACK"

_SITE, _AUTHENTICATED = "WEBSITE_SITE_NAME", "WEBSITE_AUTH_ENABLED"
"""What App Service sets: the app's name, and whether its authentication stands before the app."""

_GUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.ASCII)


def access_of(environ: Mapping[str, str]) -> Access:
    """How the page is guarded. Raises UnusableSettings."""
    hosted = bool(environ.get(_SITE))
    return Access(
        platform=hosted and environ.get(_AUTHENTICATED, "").strip().lower() == "true",
        loopback=not hosted and environ.get(LOOPBACK, "").strip().lower() == "true",
        groups=_groups(environ.get(GROUPS, "").strip().lower()),
    )


def owner_tag_of(environ: Mapping[str, str]) -> str:
    """The tag that says whose a machine is."""
    return environ.get(OWNER_TAG, "").strip() or "owner"


def policies_of(environ: Mapping[str, str]) -> Path | None:
    """The folder of policies, whose catalogue says how long releases are supported; None for the app's own, which also
    stands where policies are in a container."""
    text = environ.get(POLICIES, "").strip()
    return Path(text) if text and not text.lower().startswith(BLOB) else None


def _groups(text: str) -> dict[str, frozenset[str]] | None:
    """`GROUP=SUBSCRIPTION,SUBSCRIPTION;GROUP=*`. A group that is named twice sees both."""
    if not text:
        return None
    found: dict[str, frozenset[str]] = {}
    for entry in filter(None, (part.strip() for part in text.split(";"))):
        group, equals, named = entry.partition("=")
        seen = frozenset(filter(None, (one.strip() for one in named.split(","))))
        wrong = [one for one in (group.strip(), *seen - {EVERYTHING}) if not _GUID.fullmatch(one)]
        if not equals or not seen or wrong:
            raise UnusableSettings(
                f"{GROUPS}: {entry[:80]!r} is not GROUP=SUBSCRIPTION,SUBSCRIPTION or GROUP=*, by ids"
            )
        found[group.strip()] = found.get(group.strip(), frozenset()) | seen
    return found
