"""Definitions held against machines: which are for them, and which silently skip the images that they run."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from muster.language.aliases import AliasTable
from muster.language.compile import Compiler
from muster.language.definition import Definition
from muster.language.lint.vocabulary import Vocabulary
from muster.policy.standing import Standing, candidate, standing
from muster.values.document import Document, RelatedQuery


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine or scale set, and the image that it runs, in words."""

    document: Document
    image: str


@dataclass(frozen=True, slots=True)
class SkippedImage:
    """An image that a definition does not cover, and how many machines run it."""

    image: str
    machines: int


@dataclass(frozen=True, slots=True)
class Surveyed:
    """A definition's standing, the images that it skips (most machines first), and the names that it looks for."""

    standing: Standing
    skipped: tuple[SkippedImage, ...] = ()
    looks_for: tuple[str, ...] = ()


def survey(
    definitions: Sequence[Definition],
    machines: Iterable[Machine],
    aliases: AliasTable,
    vocabulary: Vocabulary,
    hindrance: Callable[[RelatedQuery], str],
) -> tuple[Surveyed, ...]:
    """Each definition, in the order given. See standing() for `hindrance`."""
    compiler = Compiler(aliases)
    candidates = [candidate(definition, compiler) for definition in definitions]
    standings = [standing(one, compiler, aliases, vocabulary, hindrance) for one in candidates]
    skipped: list[dict[str, int]] = [{} for _ in definitions]
    looked_for: list[dict[str, None]] = [{} for _ in definitions]
    rules = [(at, one.rule) for at, one in enumerate(candidates) if one.rule is not None and standings[at].types]
    for machine in machines:
        frame = compiler.frame(machine.document)
        for at, rule in rules:
            names = rule.not_covered(frame)
            if names:
                skipped[at][machine.image] = skipped[at].get(machine.image, 0) + 1
                looked_for[at] |= dict.fromkeys(names)
    return tuple(
        Surveyed(found, _most_first(images), tuple(names))
        for found, images, names in zip(standings, skipped, looked_for, strict=True)
    )


def _most_first(images: dict[str, int]) -> tuple[SkippedImage, ...]:
    ordered = sorted(images.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(SkippedImage(image, machines) for image, machines in ordered)
