"""What a policy set needs to know of a resource beyond its own body, told before anything is read for it."""

from collections.abc import Iterable
from dataclasses import dataclass

from muster.values.surroundings import Surrounding


@dataclass(frozen=True, slots=True)
class Needs:
    """`fields` are the lower-cased names of muster's own fields that rules read (`muster.image/versionsbehind`);
    `computed_fields` says that some rule computes the name of the field it reads, which may be any of them;
    `surroundings` what is read of what stands above the resource."""

    fields: frozenset[str] = frozenset()
    computed_fields: bool = False
    surroundings: frozenset[Surrounding] = frozenset()

    def __or__(self, other: "Needs") -> "Needs":
        return Needs(
            self.fields | other.fields,
            self.computed_fields or other.computed_fields,
            self.surroundings | other.surroundings,
        )

    def any_of(self, names: Iterable[str]) -> bool:
        """Whether one of these fields (lower-cased), or one below, is read."""
        wanted = tuple(names)
        return self.computed_fields or any(
            field == name or field.startswith((f"{name}.", f"{name}[")) for field in self.fields for name in wanted
        )

    def any_room(self, room: str) -> bool:
        """Whether any field of `image`, `lifecycle` or `network` is read."""
        return self.computed_fields or any(field.startswith(f"muster.{room}/") for field in self.fields)


NOTHING = Needs()
EVERYTHING = Needs(computed_fields=True, surroundings=frozenset(Surrounding))
"""What one needs who does not know the rules beforehand."""
