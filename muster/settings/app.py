"""The app's settings, read from the environment where Azure Functions puts them. Table: docs/reference/settings.md."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from muster.values.errors import MusterError

STORAGE = "MUSTER_STORAGE"
HOST_STORAGE = "AzureWebJobsStorage"
POLICIES = "MUSTER_POLICIES"
RECORDED_RESOURCES = "MUSTER_RECORDED_RESOURCES"
RECORD_CALLER = "MUSTER_RECORD_CALLER"
ARM_ENDPOINT = "MUSTER_ARM_ENDPOINT"
ARM_CLIENT_ID = "MUSTER_ARM_CLIENT_ID"
SUBSCRIPTIONS = "MUSTER_SUBSCRIPTIONS"
TENANT_POLICIES = "MUSTER_TENANT_POLICIES"
EFFECTIVE_RULES = "MUSTER_EFFECTIVE_RULES"

PUBLIC_CLOUD = "AzurePublic"
EVERY_SUBSCRIPTION = "*"
_IN_AZURE = "IDENTITY_ENDPOINT"
"""Where App Service and Functions have a managed identity, they say there how its tokens are got."""

_SUBSCRIPTION = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)

_BLOB = "blob://"
_CONTAINER = re.compile(r"[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,62}", re.ASCII)

_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


class UnusableSettings(MusterError):
    """Settings that no adapter can be made of; the message names the setting."""


@dataclass(frozen=True, slots=True)
class Storage:
    """A storage account: by connection string, or by the URL of one of its services with the app's identity
    (`client_id` of a user-assigned one, "" for the system-assigned)."""

    connection_string: str = ""
    url: str = ""
    client_id: str = ""


@dataclass(frozen=True, slots=True)
class Azure:
    """What is read of Azure. `endpoint` names a cloud or is a loopback server's URL; `client_id` is that of a
    user-assigned identity, "" for the system-assigned; `in_azure`: the app has a managed identity.

    `subscriptions`: the lower-cased ids of those that are watched, None for every one. `recorded` is a folder of
    recorded bodies that is read in place of Azure. `effective_rules`: Azure is asked which security rules count.
    """

    endpoint: str = PUBLIC_CLOUD
    client_id: str = ""
    in_azure: bool = False
    subscriptions: frozenset[str] | None = None
    recorded: Path | None = None
    effective_rules: bool = False


@dataclass(frozen=True, slots=True)
class PolicyContainer:
    """A blob container with policies, in the account of the findings; `prefix` is empty or ends in `/`."""

    container: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings. `storage` holds findings; `queues` is the account of the Functions host, whose triggers read the
    queues; `tenant_policies`: what is assigned in Azure Policy is judged by too."""

    storage: Storage
    queues: Storage
    azure: Azure
    policies: Path | None
    record_caller: bool
    policy_container: PolicyContainer | None = None
    tenant_policies: bool = False

    @classmethod
    def of(cls, environ: Mapping[str, str]) -> "Settings":
        """Read the settings. Raises UnusableSettings."""
        folder, container = policies_of(environ)
        storage = findings_storage(environ)
        return cls(
            storage=storage,
            queues=queue_storage(environ),
            azure=azure_of(environ, storage),
            policies=folder,
            record_caller=record_caller_of(environ),
            policy_container=container,
            tenant_policies=tenant_policies_of(environ),
        )


def findings_storage(environ: Mapping[str, str]) -> Storage:
    """The account of the findings alone, for an app that reads nothing else. Raises UnusableSettings."""
    return _storage(environ, "blob", (STORAGE, HOST_STORAGE))


def queue_storage(environ: Mapping[str, str]) -> Storage:
    """The account of the queues. Raises UnusableSettings."""
    return _storage(environ, "queue", (HOST_STORAGE, STORAGE))


def _storage(environ: Mapping[str, str], service: str, names: tuple[str, str]) -> Storage:
    """The first account that is named: muster's own, or the one of the Functions host."""
    for name in names:
        if text := environ.get(name, "").strip():
            return Storage(connection_string=text)
        url = environ.get(f"{name}__{service}ServiceUri", "").strip() or _beside(environ, name, service)
        account = environ.get(f"{name}__accountName", "").strip()
        if url or account:
            url = url or f"https://{account}.{service}.core.windows.net"
            return Storage(url=url, client_id=environ.get(f"{name}__clientId", "").strip())
    raise UnusableSettings(f"{service}s: neither {STORAGE} nor {HOST_STORAGE} names a storage account")


def _beside(environ: Mapping[str, str], name: str, service: str) -> str:
    """The URL of an account's queues, where only that of its blobs is named."""
    blobs = environ.get(f"{name}__blobServiceUri", "").strip()
    return blobs.replace(".blob.", f".{service}.", 1) if ".blob." in blobs else ""


def azure_of(environ: Mapping[str, str], storage: Storage) -> Azure:
    """What is read of Azure, and by the identity of the storage account where no other is named. Raises
    UnusableSettings."""
    recorded = _folder(environ, RECORDED_RESOURCES)
    endpoint = environ.get(ARM_ENDPOINT, "").strip() or PUBLIC_CLOUD
    local = recorded is not None or endpoint.startswith("http://")
    named = environ.get(SUBSCRIPTIONS, "").strip().lower() or (EVERY_SUBSCRIPTION if local else "")
    return Azure(
        endpoint=endpoint,
        client_id=environ.get(ARM_CLIENT_ID, "").strip() or storage.client_id,
        in_azure=_IN_AZURE in environ,
        subscriptions=_subscriptions(named),
        recorded=recorded,
        effective_rules=_only_of_azure(environ, EFFECTIVE_RULES, "effective rules"),
    )


def _subscriptions(named: str) -> frozenset[str] | None:
    if named == EVERY_SUBSCRIPTION:
        return None
    ids = frozenset(one.strip() for one in named.split(",") if one.strip())
    wrong = sorted(one for one in ids if not _SUBSCRIPTION.fullmatch(one))
    if wrong or not ids:
        why = f"{wrong[0][:80]!r} is not the id of a subscription" if wrong else "no subscription is named"
        raise UnusableSettings(f"{SUBSCRIPTIONS}: {why}; their ids with commas between them, or {EVERY_SUBSCRIPTION}")
    return ids


def policies_of(environ: Mapping[str, str]) -> tuple[Path | None, PolicyContainer | None]:
    """Where policies lie, a folder or a container; neither where they are the app's own. Raises UnusableSettings."""
    container = _container(environ)
    return (None if container else _folder(environ, POLICIES)), container


def record_caller_of(environ: Mapping[str, str]) -> bool:
    """Whether findings say who wrote a resource. Raises UnusableSettings."""
    return _yes(environ, RECORD_CALLER, default=True)


def is_container(text: str) -> bool:
    """Whether MUSTER_POLICIES names a container of blobs, and not a folder."""
    return text.lower().startswith(_BLOB)


def tenant_policies_of(environ: Mapping[str, str]) -> bool:
    """Whether what is assigned in Azure Policy is judged by too. Raises UnusableSettings."""
    return _only_of_azure(environ, TENANT_POLICIES, "policies")


def _only_of_azure(environ: Mapping[str, str], name: str, what: str) -> bool:
    wanted = _yes(environ, name, default=False)
    if wanted and environ.get(RECORDED_RESOURCES, "").strip():
        raise UnusableSettings(f"{name}: {RECORDED_RESOURCES} is read in place of Azure and has no {what}")
    return wanted


def _container(environ: Mapping[str, str]) -> PolicyContainer | None:
    text = environ.get(POLICIES, "").strip()
    if not is_container(text):
        return None
    name, _, prefix = text[len(_BLOB) :].strip("/").partition("/")
    if not _CONTAINER.fullmatch(name):
        raise UnusableSettings(f"{POLICIES}: {text} does not name a container; blob://CONTAINER[/PREFIX] does")
    return PolicyContainer(name, f"{prefix}/" if prefix else "")


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
