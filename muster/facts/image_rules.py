"""The rules that say which product and release an image is, compiled from the data in policies/lifecycle/images.

A rule belongs to whoever names the images: Marketplace publishers, galleries by name, community galleries by their
public name, or anybody (`anyone`), who is believed less. What a rule says is true of that naming, not of one image.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from muster.facts.image_names import NO_WORDS, Fields, Form, Pattern, Vocabulary
from muster.values.json import Json

SURE, LIKELY, NONE = "sure", "likely", "none"
"""How sure product and cycle are."""
CONFIDENCES = (SURE, LIKELY)
CHANNELS = ("vm", "aks", "batch")
CLASSES = ("generalPurpose", "containerHost")
UNREAD = ("lower", "ignore", "refuse")
"""What a word that is not known does: makes the identity likely at most, nothing, or keeps the rule from fitting."""

_PART = re.compile(r"\{([a-z][A-Za-z]*)\}|\[([^\[\]]*)\]|([^\[\]{}]+)")


class Template:
    """A text with fields in braces; what stands in brackets is left out where its fields are not known.

    Raises ValueError where braces or brackets do not close or are nested the wrong way.
    """

    def __init__(self, text: str) -> None:
        self._parts: list[tuple[str, str, Template | None]] = []
        at = 0
        while at < len(text):
            part = _PART.match(text, at)
            if part is None:
                raise ValueError(f"'{text[at : at + 20]}' is neither text, {{field}} nor [an optional part].")
            name, optional, literal = part.groups()
            self._parts.append((name or "", literal or "", None if optional is None else Template(optional)))
            at = part.end()

    def fill(self, fields: Fields) -> str | None:
        """The text with its fields, or None where a field outside brackets is not known."""
        filled = ""
        for name, literal, optional in self._parts:
            if name:
                if name not in fields:
                    return None
                filled += fields[name]
            elif optional is not None:
                filled += optional.fill(fields) or ""
            else:
                filled += literal
        return filled


@dataclass(frozen=True, slots=True)
class Nature:
    """What holds of all images of a product, or of one of its cycles. None is unknown."""

    image_class: str | None = None
    immutable: bool | None = None
    package_manager: str | None = None


class Named(NamedTuple):
    """A release and its cycle; None is unknown."""

    release: str | None
    cycle: str | None

    def contradicts(self, other: "Named") -> bool:
        """Whether the two can't both be true. A major release does not contradict its minor ones."""
        if self.cycle and other.cycle and self.cycle != other.cycle:
            return True
        if not self.release or not other.release or self.release == other.release:
            return False
        first, second = f"{self.release.lower()}.", f"{other.release.lower()}."
        return not first.startswith(second) and not second.startswith(first)


UNNAMED = Named(None, None)


@dataclass(frozen=True, slots=True)
class Product:
    """What a file says of its product apart from rules. `cycle_templates` is empty where it has no cycles."""

    name: str
    os_type: str
    nature: Nature
    by_cycle: Mapping[str, Nature]
    release_templates: tuple[Template, ...]
    cycle_templates: tuple[Template, ...]
    cycles: Mapping[str, str]
    file: str = ""

    def named(self, fields: Fields) -> "Named":
        """The release as its publisher numbers it, and the cycle whose dates count."""
        release = fields.get("release") or _first(self.release_templates, fields)
        if release is None:
            return UNNAMED
        return Named(release, fields.get("cycle") or self.cycles.get(release) or _first(self.cycle_templates, fields))

    def natured(self, cycle: str | None) -> Nature:
        """What holds of a cycle."""
        return self.by_cycle.get(cycle, self.nature) if cycle else self.nature


def _first(templates: Iterable[Template], fields: Fields) -> str | None:
    return next((text for template in templates if (text := template.fill(fields)) is not None), None)


@dataclass(frozen=True, slots=True)
class Locked:
    """Releases to which an image is tied when its name has them, and the variant that it then is."""

    variant: str
    releases: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule. Of Marketplace names either `offers` and `skus` have to fit both, or `names` has to fit one of the
    two; of a gallery's image `images` has to. `excepted` must fit none of them.

    `groups` are the resource groups that a gallery of that name is really in. `fields` holds where the name is silent.
    `keys` are runs of letters of which the names must have one, empty where none is needed.
    `versions` are patterns of image versions; `version_words` knows the numbers in them that stand for a release
    (builds). `pointer` is the rule's place in its product's file.
    """

    id: str
    product: Product
    vocabulary: Vocabulary
    forms: tuple[Form, ...]
    confidence: str = SURE
    channel: str = "vm"
    unread: str = "lower"
    split: bool = False
    variants: tuple[str, ...] = ()
    fields: Fields = field(default_factory=dict)
    groups: frozenset[str] = frozenset()
    offers: tuple[Pattern, ...] = ()
    skus: tuple[Pattern, ...] = ()
    names: tuple[Pattern, ...] = ()
    images: tuple[Pattern, ...] = ()
    excepted: tuple[Pattern, ...] = ()
    versions: tuple[Pattern, ...] = ()
    version_words: Vocabulary = NO_WORDS
    locked: Locked | None = None
    keys: frozenset[str] = frozenset()
    pointer: str = ""

    @property
    def names_releases(self) -> bool:
        """Whether the names are known to have a release in them, so that its absence is odd."""
        return any(pattern.has_release for pattern in (*self.offers, *self.skus, *self.names, *self.images))


@dataclass(frozen=True, slots=True)
class Guest:
    """What the agent in a running machine calls a product: patterns of osName and, perhaps, of osVersion."""

    product: Product
    vocabulary: Vocabulary
    forms: tuple[Form, ...]
    name: Pattern
    versions: tuple[Pattern, ...] = ()
    version_words: Vocabulary = NO_WORDS
    fields: Fields = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examples:
    """The images of which a rule's author says what must come out, as they stand in the file. Only lint reads them."""

    rule: Rule
    value: Json


@dataclass(frozen=True, slots=True, eq=False)
class ImageRules:
    """All rules, by the lower-cased name of whom they believe; `anyone` by a word that a name must have, `guests` by
    the first word of osName. `examples` are for lint."""

    publishers: Mapping[str, tuple[Rule, ...]]
    galleries: Mapping[str, tuple[Rule, ...]]
    communities: Mapping[str, tuple[Rule, ...]]
    anyone: Mapping[str, tuple[Rule, ...]]
    guests: Mapping[str, tuple[Guest, ...]]
    examples: tuple[Examples, ...] = field(default=(), repr=False)
