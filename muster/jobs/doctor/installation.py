"""What the checks look at, as values and ports."""

from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from muster.policy.files import PolicyFiles
from muster.ports import AzureReader, DocumentStore, InventoryReader
from muster.values.answers import Answer, ListAnswer
from muster.values.diagnostic import Diagnostic
from muster.values.json import JsonObject


class Came(StrEnum):
    """What became of a call that was tried."""

    DONE = "done"
    MISSING = "missing"
    """It is allowed, and the container or queue is not there yet."""
    REFUSED = "refused"
    SILENT = "silent"
    """No answer, or none that could be used."""


@dataclass(frozen=True, slots=True)
class Tried:
    """One call. `action`: list, read or write; `code` is storage's own where it refused, a sentence where it is
    silent."""

    action: str
    came: Came
    code: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """What a queue holds: about how many messages, and since when the first that can be taken waits (UTC)."""

    messages: int
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest of the findings: when one was last checked, and how many there are. `whole` is False where there are
    more than were looked at."""

    checked_at: datetime | None
    count: int
    whole: bool


class StorageProbe(Protocol):
    """Tries what the app does with its storage, and leaves nothing there. Only `waiting`, `names`, `newest` and
    `index_current` raise TransientFault; what was tried answers with how it came."""

    @property
    def blob_key(self) -> bool:
        """Whether blobs are reached with the account's key, not with an identity."""
        ...

    @property
    def queue_key(self) -> bool:
        """Whether queues are."""
        ...

    async def container(self, name: str, actions: Sequence[str]) -> tuple[Tried, ...]:
        """These actions on a container."""
        ...

    async def queue(self, name: str, actions: Sequence[str]) -> tuple[Tried, ...]:
        """These actions on a queue."""
        ...

    async def waiting(self, queue: str) -> Waiting | None:
        """What a queue holds; None where there is no such queue."""
        ...

    def names(self, container: str, prefix: str) -> AsyncIterator[str]:
        """The names of a container's blobs; none where it is missing."""
        ...

    async def newest(self) -> Newest:
        """The newest of the findings."""
        ...

    async def index_current(self) -> datetime | None:
        """When the index of findings was last as they are."""
        ...

    def documents(self, container: str) -> DocumentStore:
        """The documents of a container."""
        ...


@dataclass(frozen=True, slots=True)
class Identity:
    """Who muster is to Azure, from its token: ids of the principal, of its application and of the tenant, "" where the
    token does not say. `cloud` is the name of the cloud, `loopback` for a server of this machine."""

    cloud: str
    object_id: str = ""
    application_id: str = ""
    tenant_id: str = ""


class AzureProbe(Protocol):
    """Azure as muster reads it, and a few reads more. Raises TransientFault where Azure does not answer."""

    @property
    def reader(self) -> AzureReader:
        """What judging reads with."""
        ...

    @property
    def loopback(self) -> bool:
        """Whether a server of this machine stands for Azure."""
        ...

    @property
    def inventory(self) -> InventoryReader:
        """What the sweep lists with."""
        ...

    async def identity(self) -> Identity:
        """Who muster is. Raises TransientFault where no token can be had."""
        ...

    async def subscription(self, subscription: str) -> Answer:
        """A subscription."""
        ...

    async def subscriptions(self) -> ListAnswer:
        """Those that the identity can read."""
        ...

    async def resource_group(self, subscription: str, name: str) -> Answer:
        """A resource group."""
        ...

    async def assigned(self, subscription: str, name: str) -> Sequence[Answer]:
        """What Azure answers when something of each kind that Azure Policy is made of is asked for by a name."""
        ...

    async def topics(self, subscription: str) -> ListAnswer:
        """The system topics of a subscription."""
        ...

    async def event_subscriptions(self, source: str) -> ListAnswer:
        """The event subscriptions of a system topic, by its id, or of a subscription itself."""
        ...


@dataclass(frozen=True, slots=True)
class PolicyState:
    """What is judged by. `place` says where it lies; `files` is None where it can't be used, `faults` say why;
    `refused` counts uploads that were refused. `stale` are files of the catalogue that nobody compared with their
    sources for long."""

    place: str
    files: PolicyFiles | None
    faults: tuple[Diagnostic, ...] = ()
    refused: int = 0
    catalogue: date | None = None
    stale: tuple[str, ...] = ()


class PolicyProbe(Protocol):
    """Reads what is judged by."""

    async def look(self) -> PolicyState:
        """What there is. Raises BadInput where it is missing, TransientFault where storage does not answer."""
        ...


@dataclass(frozen=True, slots=True)
class Dependency:
    """A library: what requirements.txt asks for, which version is there ("" for none), and whether it fits."""

    name: str
    wanted: str
    installed: str
    fits: bool


@dataclass(frozen=True, slots=True)
class Software:
    """`python` is the version's three numbers. `host` is host.json, None where this is no function app, a sentence
    where it can't be read. `programs` are those of the local host that are missing, None where nothing is local."""

    python: tuple[int, int, int]
    muster: str
    dependencies: tuple[Dependency, ...]
    host: JsonObject | str | None
    programs: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Installation:
    """Everything that is looked at. `known` are the names of settings; `unusable` says which can't be used, and what
    needs them is then None. `hosted`: the settings are those of an app in Azure. `subscriptions` are the watched ones,
    None for every one; `recorded`: bodies are read in place of Azure; `tenant_policies`: what is assigned in Azure
    Policy is judged by too."""

    environ: Mapping[str, str]
    known: AbstractSet[str]
    unusable: tuple[str, ...]
    role: str
    hosted: bool
    now: datetime
    policies: PolicyProbe
    software: Software
    storage: StorageProbe | None = None
    azure: AzureProbe | None = None
    subscriptions: frozenset[str] | None = None
    recorded: bool = False
    tenant_policies: bool = False

    @property
    def checks_resources(self) -> bool:
        """Whether the app judges, and not only shows."""
        return self.role != "page"
