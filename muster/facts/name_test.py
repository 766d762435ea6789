"""A test of one name of an image, such as Azure Policy's operators can make it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from muster.facts.image_names import Pattern
from muster.facts.image_spellings import RELEASE


@dataclass(frozen=True, slots=True)
class NameTest:
    """What an offer or a SKU has to be, lower-cased: one of `values`, or begin with one of `prefixes`, or contain one
    of `parts`; and contain none of `without`. Without any of the first three every name will do."""

    values: tuple[str, ...] = ()
    prefixes: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def any_name(self) -> bool:
        """Whether the name does not matter."""
        return not (self.values or self.prefixes or self.parts or self.without)

    def fits(self, name: str) -> bool:
        """Whether a name, in any case, passes."""
        name = name.lower()
        if any(part in name for part in self.without):
            return False
        if not (self.values or self.prefixes or self.parts):
            return True
        return name in self.values or name.startswith(self.prefixes) or any(part in name for part in self.parts)

    def but(self, without: Iterable[str]) -> "NameTest":
        """The same without names that contain certain texts."""
        return replace(self, without=tuple(sorted({*self.without, *without})))


ANY_NAME = NameTest()


def name_test(patterns: Iterable[Pattern]) -> NameTest:
    """The narrowest test that every name passes which fits one of some patterns as far as they have no release in
    them, spelt as they are."""
    values: list[str] = []
    prefixes: list[str] = []
    parts: list[str] = []
    for pattern in patterns:
        literal, has_release, _ = pattern.text.partition(RELEASE)
        if literal.startswith("*"):
            part = literal.strip("*")
            if has_release or "*" in part or not part.strip("-"):
                return ANY_NAME
            parts.append(part)
            continue
        literal, has_star, _ = literal.partition("*")
        if not literal:
            return ANY_NAME
        if has_release:
            stem = literal.rstrip("-")
            prefixes += [stem, stem.replace("-", "_")]
        else:
            values.append(literal.rstrip("-"))
            prefixes += [literal] if has_star else []
    return NameTest(*(tuple(dict.fromkeys(texts)) for texts in (values, prefixes, parts)))
