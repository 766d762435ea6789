"""The app's settings, read from the environment where Azure Functions puts them. Table: docs/reference/settings.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from muster.values.errors import MusterError

STORAGE = "MUSTER_STORAGE"
HOST_STORAGE = "AzureWebJobsStorage"
POLICIES = "MUSTER_POLICIES"
RECORDED_RESOURCES = "MUSTER_RECORDED_RESOURCES"
RECORD_CALLER = "MUSTER_RECORD_CALLER"

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class UnusableSettings(MusterError):
    """Settings that no adapter can be made of; the message names the setting."""


@dataclass(frozen=True, slots=True)
class Storage:
    """A storage account: by connection string, or by URL with the app's identity (`client_id` of a user-assigned one,
    "" for the system-assigned)."""

    connection_string: str = ""
    blob_url: str = ""
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `recorded_resources` is a folder of recorded bodies that is read in place of Azure."""

    storage: Storage
    policies: Path | None
    recorded_resources: Path | None
    record_caller: bool

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings. Raises UnusableSettings."""
        return cls(
            storage=_storage(environ),
            policies=_folder(environ, POLICIES),
            recorded_resources=_folder(environ, RECORDED_RESOURCES),
            record_caller=_yes(environ, RECORD_CALLER, default=True),
        )


def _storage(environ: Mapping[str, str]) -> Storage:
    """The findings' account, or where none is named the one of the Functions host."""
    for name in (STORAGE, HOST_STORAGE):
        if text := environ.get(name, "").strip():
            return Storage(connection_string=text)
        url = environ.get(f"{name}__blobServiceUri", "").strip()
        account = environ.get(f"{name}__accountName", "").strip()
        if url or account:
            url = url or f"https://{account}.blob.core.windows.net"
            return Storage(blob_url=url, client_id=environ.get(f"{name}__clientId", "").strip())
    raise UnusableSettings(f"neither {STORAGE} nor {HOST_STORAGE} names a storage account")


def _folder(environ: Mapping[str, str], name: str) -> Path | None:
    text = environ.get(name, "").strip()
    if not text:
        return None
    folder = Path(text)
    if not folder.is_dir():
        raise UnusableSettings(f"{name}: {text} is not a folder")
    return folder


def _yes(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environ.get(name, "").strip().lower()
    if not text:
        return default
    if text not in _BOOLEANS:
        raise UnusableSettings(f"{name}: {text!r} is neither true nor false")
    return _BOOLEANS[text]
