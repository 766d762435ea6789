"""What a proposed policy set would change: values, and the sums over all resources."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from muster.values.states import ROLL_UP_ORDER, State

WORSE = (State.NON_COMPLIANT, State.UNKNOWN, State.ERROR)
"""States that somebody has to look at."""

MOST_NEEDS = 50
"""Of how many different facts that are missing a report tells."""

NOT_ASSIGNED = "not assigned"

_QUIET = (None, State.COMPLIANT, State.NOT_APPLICABLE)


@dataclass(frozen=True, slots=True)
class ResultChange:
    """What becomes of the result of one definition for one resource.

    `before` and `after` are states, None where the definition is not assigned there. Severities and effects are "" on
    that side. `reasons` are those of the new verdict, or of the old one where that is what got better. `needs` names
    what could not be had, where the new state is Unknown. `about_image`: it is the image that decides.
    """

    definition: str
    title: str
    assignment: str
    before: State | None
    after: State | None
    severities: tuple[str, str]
    effects: tuple[str, str]
    reasons: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    about_image: bool = False

    @property
    def told(self) -> str:
        """`Compliant -> NonCompliant`, `not assigned -> Unknown`, `severity low -> high`."""
        if self.before is not self.after:
            return f"{self.before or NOT_ASSIGNED} -> {self.after or NOT_ASSIGNED}"
        pairs = (("severity", self.severities), ("effect", self.effects))
        return ", ".join(f"{what} {old} -> {new}" for what, (old, new) in pairs if old != new)

    @property
    def listed(self) -> bool:
        """Whether it is a change of this resource. A definition that comes or goes and has nothing to say of it is
        none, and neither is another severity or effect of what is met anyway."""
        if self.before is not self.after:
            return not (None in (self.before, self.after) and self.before in _QUIET and self.after in _QUIET)
        return self.after is State.NON_COMPLIANT

    @property
    def newly(self) -> State | None:
        """The state that is new and has to be looked at; None where there is none."""
        return self.after if self.after in WORSE and self.before is not self.after else None


@dataclass(frozen=True, slots=True)
class ResourceImpact:
    """One resource, its state before and after, and the results that are not as before. `image` names its image,
    `last_day` the last day of all support (ISO 8601) and `successor` what to move to; "" where not known."""

    id: str
    name: str
    type: str
    before: State
    after: State
    results: tuple[ResultChange, ...] = ()
    image: str = ""
    last_day: str = ""
    successor: str = ""

    @property
    def image_told(self) -> str:
        """The image, until when it is supported and what to move to, as far as that is known."""
        parts = [self.image, f"support ends {self.last_day}" if self.last_day else ""]
        parts.append(f"move to {self.successor}" if self.successor else "")
        return "; ".join(filter(None, parts))

    @property
    def changes(self) -> tuple[ResultChange, ...]:
        """What changes for this resource."""
        return tuple(one for one in self.results if one.listed)


@dataclass(slots=True)
class DefinitionImpact:
    """What becomes of one definition over all resources: how often a state is new, how often it goes.

    `added` and `removed`: it is assigned, or not assigned any more, where it was otherwise. `severities` and `effects`
    are the pairs that differ.
    """

    definition: str
    title: str
    gained: Counter[State] = field(default_factory=Counter)
    lost: Counter[State] = field(default_factory=Counter)
    added: bool = False
    removed: bool = False
    severities: set[tuple[str, str]] = field(default_factory=set)
    effects: set[tuple[str, str]] = field(default_factory=set)

    def add(self, change: ResultChange) -> None:
        """Take another result into account."""
        if change.before is not change.after:
            if change.after is not None:
                self.gained[change.after] += 1
            if change.before is not None:
                self.lost[change.before] += 1
        self.added |= change.before is None
        self.removed |= change.after is None
        if change.before is not None and change.after is not None:
            self.severities |= {change.severities} if len(set(change.severities)) > 1 else set()
            self.effects |= {change.effects} if len(set(change.effects)) > 1 else set()

    def told(self) -> tuple[str, ...]:
        """What is another about the definition itself, in words."""
        said = ["newly assigned"] if self.added and not self.removed else []
        said += ["no longer assigned"] if self.removed and not self.added else []
        said += ["assigned to others"] if self.removed and self.added else []
        said += [f"severity {before} -> {after}" for before, after in sorted(self.severities)]
        said += [f"effect {before} -> {after}" for before, after in sorted(self.effects)]
        return tuple(said)


@dataclass(slots=True)
class Impact:
    """The sums, with the changes of the first resources (`kept`, at most `most`). Its size does not grow with the
    number of resources."""

    most: int
    from_store: bool = False
    looked_at: int = 0
    changed: int = 0
    before: Counter[State] = field(default_factory=Counter)
    after: Counter[State] = field(default_factory=Counter)
    newly: Counter[State] = field(default_factory=Counter)
    definitions: dict[str, DefinitionImpact] = field(default_factory=dict)
    needs: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept: list[ResourceImpact] = field(default_factory=list)
    warnings: dict[str, None] = field(default_factory=dict)

    def add(self, one: ResourceImpact) -> None:
        """Take another resource into account."""
        self.looked_at += 1
        self.before[one.before] += 1
        self.after[one.after] += 1
        for result in one.results:
            key = result.definition.lower()
            if key not in self.definitions:
                self.definitions[key] = DefinitionImpact(result.definition, result.title)
            self.definitions[key].add(result)
            if result.newly is not None:
                self.newly[result.newly] += 1
            for need in result.needs:
                if (result.title, need) in self.needs or len(self.needs) < MOST_NEEDS:
                    self.needs[result.title, need] += 1
        if one.changes:
            self.changed += 1
            if len(self.kept) < self.most:
                self.kept.append(one)

    def warn(self, sentence: str) -> None:
        """Note what the report has to say beside its numbers; the same once."""
        if len(self.warnings) < MOST_NEEDS:
            self.warnings[sentence] = None

    def rows(self) -> tuple[DefinitionImpact, ...]:
        """The definitions that change something, those with the most new NonCompliant results first."""
        changed = [one for one in self.definitions.values() if one.gained or one.lost or one.told()]
        return tuple(
            sorted(changed, key=lambda one: (*(-one.gained[state] for state in WORSE), one.title, one.definition))
        )

    def moved(self) -> Iterator[tuple[State, int, int]]:
        """Each state that a resource has, worst first: how many have it before and after."""
        return (
            (state, self.before[state], self.after[state])
            for state in ROLL_UP_ORDER
            if self.before[state] or self.after[state]
        )
