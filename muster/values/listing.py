"""What the index of findings answers. All texts may hold what strangers wrote: whoever shows them escapes them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from muster.values.json import JsonObject
from muster.values.selection import Facet
from muster.values.states import Severity, State

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class FacetValue:
    """A value of a facet, what people call it, and how many rows have it among those that the other facets leave."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Listing(Generic[Row]):
    """One page of a list. `total` counts all pages, `resources` those that the rows of all pages are of."""

    rows: tuple[Row, ...]
    total: int
    facets: Mapping[Facet, tuple[FacetValue, ...]]
    resources: int


@dataclass(frozen=True, slots=True)
class Selected:
    """The resources that have a selected finding, `ids` only where they are not too many, and how many findings."""

    ids: tuple[str, ...]
    resources: int
    findings: int


@dataclass(frozen=True, slots=True)
class Lifetime:
    """How long what a resource runs is supported, on a day. `phase` is one of PHASES; `entitled` None is unknown."""

    product: str
    title: str
    release: str
    phase: str
    support_end: date | None = None
    extended_end: date | None = None
    programme: str = ""
    entitled: bool | None = None
    successor: str = ""
    source: str = ""

    @property
    def system(self) -> str:
        """`Ubuntu 22.04`."""
        return f"{self.title} {self.release}".strip()

    @property
    def last_day(self) -> date | None:
        """The last day of support that the machine shows a right to."""
        return self.extended_end if self.entitled and self.extended_end else self.support_end


@dataclass(frozen=True, slots=True)
class ResourceRow:
    """A resource in a list. `counts` are its NonCompliant results by severity, those that are not 0."""

    id: str
    name: str
    type: str
    subscription: str
    resource_group: str
    location: str
    owner: str
    state: State
    counts: Mapping[Severity, int]
    lifetime: Lifetime
    observed_at: str
    checked_at: str


@dataclass(frozen=True, slots=True)
class Rule:
    """What all findings of one assigned definition have in common. `policy` names it in addresses; `controls` are the
    groups of its initiative (policyDefinitionGroups) that it is in."""

    policy: str
    assignment: str
    definition: str
    reference: str
    display_name: str
    severity: Severity
    effect: str
    controls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FindingRow:
    """A result of a resource. `skips_image`: NotApplicable, because the rule silently skips the image."""

    id: str
    resource: ResourceRow
    rule: Rule
    state: State
    skips_image: bool
    message: str
    exemption: str = ""
    expires: str = ""


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A result that is another since the evaluation before. `before` None: it was not there; `after` None: it went."""

    at: str
    resource_id: str
    resource: str
    rule: Rule
    before: State | None
    after: State | None


@dataclass(frozen=True, slots=True)
class SystemCount:
    """How many machines of the same release end on the same day."""

    lifetime: Lifetime
    machines: int


@dataclass(frozen=True, slots=True)
class PolicyCount:
    """How many results of a policy have the states that were asked for, and what one of them says."""

    rule: Rule
    count: int
    example: str


@dataclass(frozen=True, slots=True)
class Damaged:
    """A blob that is no finding, or a damaged one."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class UnprocessedRow:
    """An event or a message that could not be handled, kept in the container `unprocessed` under `name` since `at`
    (UTC). `subscription` and `resource` are what it is about, "" where that can't be told; `message` says why."""

    name: str
    reason: str
    at: str
    subscription: str = ""
    resource: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class UnprocessedReason:
    """How many could not be handled for one reason, the first and the newest of them (UTC)."""

    reason: str
    count: int
    since: str
    newest: str


@dataclass(frozen=True, slots=True)
class Unprocessed:
    """What could not be handled. `rows` are the newest of those that the viewer may see, which `reasons` count;
    `others` is how many more there are; `more` that there are even more than are counted."""

    reasons: tuple[UnprocessedReason, ...]
    rows: tuple[UnprocessedRow, ...]
    others: int
    more: bool

    @property
    def count(self) -> int:
        """How many the viewer may see."""
        return sum(one.count for one in self.reasons)


@dataclass(frozen=True, slots=True)
class Overview:
    """Counts of everything that a viewer may see."""

    states: Mapping[State, int]
    severities: Mapping[Severity, int]
    results: int
    unknown_results: int
    error_results: int
    skipped_images: int
    exempt_results: int
    changed_resources: int


@dataclass(frozen=True, slots=True)
class IndexAge:
    """When the index was last found to be as the findings are (UTC), and what it holds."""

    current_at: datetime
    resources: int
    damaged: int
    complete: bool


@dataclass(frozen=True, slots=True)
class StoredEvaluation:
    """A record of a resource's history, without its bodies."""

    id: str
    document: JsonObject
