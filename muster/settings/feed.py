"""The settings of the feed and of notifications. Table: docs/reference/settings.md."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from muster.settings.app import Storage, UnusableSettings, findings_storage
from muster.values.states import Severity

TOPIC = "MUSTER_TOPIC_ENDPOINT"
TOPIC_CLIENT_ID = "MUSTER_TOPIC_CLIENT_ID"
TOPIC_SEVERITY = "MUSTER_TOPIC_SEVERITY"


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic. `loopback`: a server of this machine, which is shown no token of Azure's. `client_id` is that of a
    user-assigned identity, "" for the system-assigned. Nobody is told of what is less severe than `threshold`."""

    endpoint: str
    loopback: bool
    client_id: str
    threshold: Severity


@dataclass(frozen=True, slots=True)
class FeedSettings:
    """Where the feed lies, and the topic that is told, if one is."""

    storage: Storage
    topic: Topic | None

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "FeedSettings":
        """Read the settings. Raises UnusableSettings."""
        storage = findings_storage(environ)
        endpoint = environ.get(TOPIC, "").strip()
        threshold = _severity(environ.get(TOPIC_SEVERITY, "").strip().lower() or Severity.HIGH)
        if not endpoint:
            return cls(storage, None)
        loopback = _is_loopback(endpoint)
        if not loopback and urlsplit(endpoint).scheme != "https":
            raise UnusableSettings(f"{TOPIC}: {endpoint[:200]!r} is not an https:// URL")
        client_id = environ.get(TOPIC_CLIENT_ID, "").strip() or storage.client_id
        return cls(storage, Topic(endpoint, loopback, client_id, threshold))


def _severity(text: str) -> Severity:
    if text not in tuple(Severity):
        raise UnusableSettings(f"{TOPIC_SEVERITY}: {text[:80]!r} is none of {', '.join(Severity)}")
    return Severity(text)


def _is_loopback(endpoint: str) -> bool:
    try:
        parts = urlsplit(endpoint)
        return parts.scheme == "http" and ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False
