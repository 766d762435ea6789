"""What the language needs to know of aliases, as a protocol; the tables themselves are facts."""

from typing import Protocol


class AliasTable(Protocol):
    """What the language needs to know of aliases. Names and types in any case."""

    def path(self, alias: str, resource_type: str) -> str | None:
        """Where the alias is in the REST JSON of a resource of that (lower-cased) type, in the properties' own case
        (`properties.storageProfile.dataDisks[*].lun`); None where it is an alias of other types only."""
        ...

    def known(self, alias: str) -> bool:
        """Whether it is an alias of any type."""
        ...

    def modifiable(self, alias: str) -> bool | None:
        """Whether the modify effect may set it; None where the table does not say."""
        ...

    def suggestions(self, alias: str) -> tuple[str, ...]:
        """Close names, for messages."""
        ...
