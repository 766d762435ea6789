"""Reading the names that publishers give to images: their words, what these mean, and where a release stands.

A name (offer, SKU, image definition, version) is cut into runs of letters and runs of digits; what is between them
only separates. Words that belong together and mean something are taken as one (`gen2`, `arm64`). Authors describe names
with two small notations, both matched in time linear in the name for each `*`, so that no pattern can hang:

- a form says how a release is written: `{year:10-99}.{month:04,10}` is two numbers, `{major:5-9}{minor:0-19}` one
  number cut after its first digit, `{major:10-15}-sp{minor:0-9}` has a word in it;
- a pattern says where it stands in a name: words, `*` for any number of words, `{release}` for a release.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple, TypeAlias

MAX_NAME = 256
"""Longer texts are not read. Azure's publishers, offers and SKUs have at most 100 characters or so."""
_MAX_NUMBERS = 10_000
"""How many numbers a placeholder may allow."""

Fields: TypeAlias = Mapping[str, str]
"""What is read of a release: the placeholders' names -> their digits."""

_RUN = re.compile(r"[a-z]+|[0-9]+")
_FORM_PART = re.compile(r"\{([a-z][A-Za-z]*):([0-9,-]+)\}|([a-z]+)|([0-9]+)|([-_. ]+)")
_PATTERN_PART = re.compile(r"(\*)|(\{release\})|([a-z0-9_.-]*[a-z0-9][a-z0-9_.]*)")
_RANGE = re.compile(r"([0-9]+)(?:-([0-9]+))?")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a known word says of an image; `release` where the word names a release (a codename)."""

    variant: str = ""
    generation: str = ""
    architecture: str = ""
    security_type: str = ""
    fields: Fields = field(default_factory=dict)
    release: Fields | None = None


class Word(NamedTuple):
    """A word of a name. `glued`: nothing separates it from the word before. `meaning` is None where it is not known."""

    text: str
    glued: bool
    meaning: Meaning | None


class Runs(NamedTuple):
    """The runs of letters and of digits in a name; `glued` says of each that nothing separates it from the one before.
    Their meaning is not looked up yet."""

    texts: tuple[str, ...]
    glued: tuple[bool, ...]


@lru_cache(maxsize=8192)
def cut(name: str) -> Runs:
    """The runs of a lower-cased name."""
    texts = []
    glued = []
    end = 0
    for run in _RUN.finditer(name):
        texts.append(run.group())
        glued.append(run.start() == end > 0)
        end = run.end()
    return Runs(tuple(texts), tuple(glued))


class Vocabulary:
    """Known words and what they mean, also as `words`. Of several that begin alike the longest counts."""

    def __init__(self, words: Mapping[str, Meaning]) -> None:
        self.words = words
        self._phrases: dict[str, list[tuple[tuple[str, ...], Meaning]]] = {}
        for word, meaning in words.items():
            texts = cut(word).texts
            self._phrases.setdefault(texts[0], []).append((texts, meaning))
        for phrases in self._phrases.values():
            phrases.sort(key=lambda phrase: -len(phrase[0]))
        self._stems = {
            text for phrases in self._phrases.values() for texts, _ in phrases for text in texts if len(text) > 1
        }

    def read(self, runs: Runs, *, split: bool = False) -> list[Word]:
        """The words of a name. With `split`, a run of letters that consists of known words is taken apart."""
        texts, glued = self._split(runs) if split else runs
        words = []
        at = 0
        while at < len(texts):
            for phrase, meaning in self._phrases.get(texts[at], ()):
                length = len(phrase)
                if texts[at : at + length] == phrase:
                    words.append(Word("-".join(phrase) if length > 1 else phrase[0], glued[at], meaning))
                    at += length
                    break
            else:
                words.append(Word(texts[at], glued[at], None))
                at += 1
        return words

    def _split(self, runs: Runs) -> Runs:
        texts: list[str] = []
        glued: list[bool] = []
        for text, is_glued in zip(*runs, strict=True):
            pieces = self._pieces(text)
            texts += pieces
            glued += [is_glued] + [True] * (len(pieces) - 1)
        return Runs(tuple(texts), tuple(glued))

    def _pieces(self, run: str) -> list[str]:
        """The known words that a run consists of, the longest first where there is a choice; the run itself where it
        does not consist of them."""
        if run in self._stems or not run.isalpha():
            return [run]
        ends = [0] * len(run) + [len(run)]
        for start in range(len(run) - 1, -1, -1):
            longest = (end for end in range(len(run), start + 1, -1) if ends[end] and run[start:end] in self._stems)
            ends[start] = next(longest, 0)
        if not ends[0]:
            return [run]
        pieces = []
        start = 0
        while start < len(run):
            pieces.append(run[start : ends[start]])
            start = ends[start]
        return pieces


NO_WORDS = Vocabulary({})


class _Placeholder(NamedTuple):
    name: str
    allowed: frozenset[str]
    width: int
    """How many digits it has; 0 where that differs."""


Form: TypeAlias = tuple[str | tuple[_Placeholder, ...], ...]
"""How a release is written: words as they are, numbers as the placeholders that share their digits."""


@lru_cache(maxsize=512)
def compile_form(text: str) -> Form:
    """A form from its notation. Raises ValueError, saying in a sentence what is wrong with it."""
    parts: list[str | tuple[_Placeholder, ...]] = []
    at = 0
    adjacent = False
    while at < len(text):
        part = _FORM_PART.match(text, at)
        if part is None:
            raise ValueError(f"'{text[at : at + 20]}' is neither a lower-case word, a separator nor {{name:numbers}}.")
        name, numbers, letters, digits, _ = part.groups()
        last = parts[-1] if parts else ""
        if name:
            if adjacent and isinstance(last, tuple):
                if not last[-1].width:
                    raise ValueError(f"'{last[-1].name}' has no fixed number of digits, so '{name}' begins nowhere.")
                parts[-1] = (*last, _placeholder(name, numbers))
            else:
                parts.append((_placeholder(name, numbers),))
        elif letters or digits:
            parts.append(letters or digits)
        adjacent = bool(name)
        at = part.end()
    if not parts:
        raise ValueError("A form is not empty.")
    return tuple(parts)


def _placeholder(name: str, numbers: str) -> _Placeholder:
    allowed: set[str] = set()
    for item in numbers.split(","):
        found = _RANGE.fullmatch(item)
        if found is None:
            raise ValueError(f"'{item}' is neither a number nor a range of numbers (0-9).")
        first, last = found.groups()
        if last is None:
            allowed.add(first)
        elif 0 <= int(last) - int(first) < _MAX_NUMBERS and len(last) < 10:
            allowed.update(map(str, range(int(first), int(last) + 1)))
        else:
            raise ValueError(f"The range {item} runs backwards or is too long.")
    widths = {len(number) for number in allowed}
    return _Placeholder(name, frozenset(allowed), widths.pop() if len(widths) == 1 else 0)


@dataclass(frozen=True, slots=True)
class Pattern:
    """What a name looks like. `text` is its notation; `words` are the words that a name must have to fit."""

    text: str
    parts: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(part for part in self.parts if part not in (_ANY, _RELEASE))

    @property
    def has_release(self) -> bool:
        return _RELEASE in self.parts


_ANY = "*"
_RELEASE = "{release}"


def compile_pattern(text: str, vocabulary: Vocabulary, *, split: bool = False) -> Pattern:
    """A pattern from its notation. Raises ValueError, saying in a sentence what is wrong with it."""
    parts: list[str] = []
    at = 0
    while at < len(text):
        if text[at] in "-_. ":
            at += 1
            continue
        part = _PATTERN_PART.match(text, at)
        if part is None:
            raise ValueError(f"'{text[at : at + 20]}' is neither a lower-case word, * nor {{release}}.")
        if part.group(3):
            parts += [word.text for word in vocabulary.read(cut(part.group(3)), split=split)]
        else:
            parts.append(part.group())
        at = part.end()
    if not parts:
        raise ValueError("A pattern is not empty; * fits every name.")
    if parts.count(_RELEASE) > 1:
        raise ValueError("A pattern has one {release} at most.")
    if any(one == other == _ANY for one, other in pairwise(parts)):
        raise ValueError("Two * beside each other say no more than one.")
    return Pattern(text, tuple(parts))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a pattern read in a name: the release in the pattern's place, else that of a codename; what known words
    mean; the words that are not known."""

    release: Fields | None
    meanings: tuple[Meaning, ...]
    unread: tuple[str, ...]


def read_release(words: Sequence[Word], at: int, forms: Iterable[Form]) -> tuple[Fields, int] | None:
    """The release that stands at a place in a name, and where it ends.

    A number that an unknown word is glued to is no release: `2019azpolicy`, `v10u`.
    """
    if at == len(words):
        return None
    meaning = words[at].meaning
    if meaning is not None and meaning.release is not None:
        return meaning.release, at + 1
    for form in forms:
        end = at + len(form)
        if end > len(words):
            continue
        fields: dict[str, str] = {}
        if all(_is(part, word.text, fields) for part, word in zip(form, words[at:end], strict=True)) and not (
            end < len(words) and words[end].glued and words[end].meaning is None
        ):
            return fields, end
    return None


def _is(part: str | tuple[_Placeholder, ...], text: str, fields: dict[str, str]) -> bool:
    if isinstance(part, str):
        return part == text
    start = 0
    for placeholder in part:
        end = start + placeholder.width if placeholder is not part[-1] else len(text)
        number = text[start:end]
        if number not in placeholder.allowed:
            return False
        fields[placeholder.name] = number
        start = end
    return True


def fit(pattern: Pattern, words: Sequence[Word], forms: Iterable[Form]) -> Reading | None:
    """What a pattern reads in a name, or None where the name does not fit. Each `*` takes as few words as it can."""
    parts = pattern.parts
    release: Fields | None = None
    loose: list[int] = []
    at = part = 0
    star, star_at, star_end = -1, 0, 0
    while True:
        if part == len(parts):
            if at == len(words):
                break
        elif parts[part] == _ANY:
            loose += range(star_at, star_end)
            star, star_at, star_end = part, at, at
            part += 1
            continue
        elif parts[part] == _RELEASE:
            found = read_release(words, at, forms)
            if found is not None:
                release, at = found
                part += 1
                continue
        elif at < len(words) and words[at].text == parts[part]:
            at += 1
            part += 1
            continue
        if star < 0 or star_end == len(words):
            return None
        star_end += 1
        at, part = star_end, star + 1
    loose += range(star_at, star_end)
    meanings = tuple(word.meaning for word in words if word.meaning is not None)
    if release is None:
        release = next((meaning.release for meaning in meanings if meaning.release is not None), None)
    return Reading(release, meanings, tuple(words[index].text for index in loose if words[index].meaning is None))
