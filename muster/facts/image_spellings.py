"""How publishers spell what a rule for images reads: releases, and what stands before them in a name.

A rule reads words and leaves out what separates them. Azure Policy's operators compare characters, so whoever writes a
rule for images there needs the spellings: `16.04`, `16_04`, `16-04`, `1604`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from itertools import product as every
from typing import NamedTuple

from muster.facts.image_names import Fields, Form, Pattern, Vocabulary

RELEASE = "{release}"
_BETWEEN_NUMBERS = (".", "_", "-")
_BESIDE_WORDS = (("", ""), ("-", ""), ("_", ""))
"""What stands before a word and behind it: 12sp5, 12-sp5, 12_sp5."""
_BESIDE_FIRST_WORD = (("", ""), ("", "-"))
"""The same where a release begins with a word: lts2024, lts-2024."""


class Spelling(NamedTuple):
    """A release as it stands in a name. `cuts` are its beginnings that end with a whole number, and itself, the
    shortest first."""

    text: str
    fields: Fields
    cuts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """What stands before a release in a name; it need not be the beginning of the name where `inside` is True. `tail`
    has to stand behind the release."""

    text: str
    inside: bool = False
    tail: str = ""


@lru_cache(maxsize=64)
def spellings(forms: tuple[Form, ...], vocabulary: Vocabulary) -> tuple[Spelling, ...]:
    """Every spelling of every release that forms can read in a name, and the codenames that have a number in them
    (2012-r2). Of others only those of products without numbers count: publishers write the number where there is one.
    """
    found: dict[str, Spelling] = {}
    for form in forms:
        for spelling in _of_form(form):
            found.setdefault(spelling.text, spelling)
    for word, meaning in vocabulary.words.items():
        if meaning.release is not None and not (forms and word.replace("-", "").isalpha()):
            for separator in ("-", "_", ""):
                text = word.replace("-", separator)
                found.setdefault(text, Spelling(text, meaning.release, (text,)))
    return tuple(found.values())


def _of_form(form: Form) -> Iterator[Spelling]:
    names = [one.name for part in form if not isinstance(part, str) for one in part]
    choices = [[(part,)] if isinstance(part, str) else [*every(*(one.allowed for one in part))] for part in form]
    for chosen in every(*choices):
        parts = ["".join(one) for one in chosen]
        numbers = [n for one, part in zip(chosen, form, strict=True) if not isinstance(part, str) for n in one]
        fields = dict(zip(names, numbers, strict=True))
        numeric = any(a.isdigit() and b.isdigit() for a, b in pairwise(parts))
        besides = _BESIDE_WORDS if parts[0].isdigit() else _BESIDE_FIRST_WORD
        worded = any(_separable(a, b) for a, b in pairwise(parts))
        for between in _BETWEEN_NUMBERS if numeric else ("",):
            for beside in besides if worded else besides[:1]:
                yield _spelt(parts, fields, between, beside)


def _separable(before: str, part: str) -> bool:
    """Whether a separator may stand between a word and a number: there is none beside a single letter (`20h2`)."""
    return before.isdigit() != part.isdigit() and not {before, part} & {"h"}


def _spelt(parts: list[str], fields: Fields, between: str, beside: tuple[str, str]) -> Spelling:
    text = parts[0]
    cuts = [text] if text.isdigit() else []
    for before, part in pairwise(parts):
        numeric = before.isdigit() and part.isdigit()
        text += (between if numeric else beside[before.isalpha()] if _separable(before, part) else "") + part
        if part.isdigit():
            cuts.append(text)
    return Spelling(text, fields, tuple(dict.fromkeys((*cuts, text))))


def heads(pattern: Pattern, *, underscores: bool) -> tuple[Head, ...]:
    """What may stand before the release of a pattern. A pattern that begins with `*` may have it anywhere; of others
    the literal beginning is meant, with and without a separator before the release. `underscores`: this publisher
    writes them."""
    left, _, right = pattern.text.partition(RELEASE)
    tail = right.partition("*")[0].rstrip("-_. ")
    literal = left.rpartition("*")[2].strip("-_. ")
    texts = [literal, f"{literal}-"] if literal else [""]
    if underscores and literal:
        texts.append(f"{literal.replace('-', '_')}_")
    if "*" not in left:
        return tuple(Head(text, tail=tail) for text in texts)
    begins = (Head(text, tail=tail) for text in texts) if left.startswith("*") else ()
    marks = ((text, "_" if text.endswith("_") else "-") for text in texts if literal)
    return (*begins, *(Head(f"{mark}{text}", inside=True, tail=tail) for text, mark in marks))
