"""A difference between the catalogue and newer data."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """One date. `before` is None where it was not known or not there; `kept`: it was set by hand and stays."""

    product: str
    cycle: str
    member: str
    before: str | None
    after: str
    source: str
    kept: bool = False
    added: bool = False
    """The whole release is new."""
