"""What a sweep works with: pages of resources, batches of a page, exemptions that end."""

from dataclasses import dataclass
from datetime import datetime

from muster.values.json import JsonObject


@dataclass(frozen=True, slots=True)
class InventoryPage:
    """Some of the resources there are, as REST JSON. `following` asks for the next page, "" after the last; `total`
    counts the resources of all pages."""

    bodies: tuple[JsonObject, ...]
    following: str
    total: int
    observed_at: datetime


@dataclass(frozen=True, slots=True, order=True)
class BatchName:
    """One batch of a sweep: `sweep` is its id, `number` counts from 0."""

    sweep: str
    number: int


@dataclass(frozen=True, slots=True)
class ExemptionEnd:
    """An exemption and when it ends (UTC)."""

    id: str
    display_name: str
    assignment: str
    ends: datetime
