"""The tests of names that follow from one rule for images: what has ended on a day, as its publisher spells it.

Candidates are the beginnings of names as publishers spell them; each is then put to the rules themselves, with names
around it that could mean something else, and is narrowed or given up where one of them is an image that is known not to
have ended.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from muster.facts.image_names import Fields, Pattern
from muster.facts.image_rules import UNNAMED, Named, Rule
from muster.facts.image_spellings import Head, Spelling, heads, spellings
from muster.facts.known_images import ENDED, KnownImages, image_examples
from muster.facts.lifecycle import phase
from muster.facts.name_test import ANY_NAME, NameTest, name_test
from muster.facts.release import Release

_RUN = re.compile(r"([a-z]+|[0-9]+)[-_.]?")

_MOST_EXCLUDED = 4
"""A candidate that more words would have to be excluded from is given up for longer ones."""


@dataclass(frozen=True, slots=True)
class ImagePattern:
    """Images by their names: publisher (lower-cased, any of these) and tests of offer and SKU, and which rows of the
    catalogue they are."""

    publishers: tuple[str, ...]
    offer: NameTest
    sku: NameTest
    releases: tuple[Release, ...]

    def fits(self, publisher: str, offer: str, sku: str) -> bool:
        """Whether an image's names, in any case, pass."""
        return publisher.lower() in self.publishers and self.offer.fits(offer) and self.sku.fits(sku)


@dataclass(frozen=True, slots=True)
class _Beginning:
    """How names begin that have ended: a text, `whole` where that is all of the name, and which rows they are.
    `probes` are names that begin so, one for each release; `release` is one of these as it is spelt.
    `complete`: the text says all that words may say of a release.
    """

    text: str
    whole: bool
    probes: tuple[str, ...]
    rows: tuple[Release, ...]
    release: str = ""
    complete: bool = False

    def within(self, head: Head) -> "_Beginning":
        """The same with what stands around the release."""
        probes = tuple(f"{head.text}{probe}{head.tail}" for probe in self.probes)
        return replace(self, text=head.text + self.text, probes=probes)


class RulePatterns:
    """The tests that follow from one rule for one of its publishers."""

    def __init__(self, images: KnownImages, rule: Rule, publisher: str) -> None:
        self._images = images
        self._rule = rule
        self._publisher = publisher
        self._rules = images.sources.rules.publishers[publisher]
        self._named = _named_parts(self._rules)
        held = images.sources.catalogue.products.get(rule.product.name)
        self._words = _telling_words(rule, self._rules, held.releases if held else ())
        meanings = rule.vocabulary.words.values()
        self._said: list[Fields] = [{}, *(one.fields for one in meanings if one.fields)]
        self._read = tuple(self._spelt())
        self._beginnings = self._shortest()

    def find(self) -> list[ImagePattern]:
        rule = self._rule
        if rule.names:
            return [one for at in (0, 1) for one in self._placed(rule.names, at, ANY_NAME)]
        if any(pattern.has_release for pattern in rule.skus):
            return self._placed(rule.skus, 1, name_test(rule.offers))
        if any(pattern.has_release for pattern in rule.offers):
            return self._placed(rule.offers, 0, name_test(rule.skus))
        return self._constant()

    def _constant(self) -> list[ImagePattern]:
        """Of a rule whose names have no release: all of its images."""
        rows = self._rows(self._rule.fields)
        if not rows or any(phase(row, self._images.day) != ENDED for row in rows):
            return []
        offer, sku = name_test(self._rule.offers), name_test(self._rule.skus)
        names = (*offer.values, *offer.prefixes)
        return [
            one
            for name in names
            for test in [NameTest(values=(name,)) if name in offer.values else NameTest(prefixes=(name,))]
            for one in self._narrowed(0, test, sku, _Beginning(name, name in offer.values, (name.rstrip("-"),), rows))
        ]

    def _placed(self, patterns: Sequence[Pattern], at: int, other: NameTest) -> list[ImagePattern]:
        """With the release in the offer (`at` is 0) or in the SKU (1)."""
        every: dict[Head, None] = {}
        for pattern in patterns:
            if pattern.has_release:
                every |= dict.fromkeys(heads(pattern, underscores=any("_" in name for name in self._examples(at))))
        every |= dict.fromkeys(self._seen_heads(at))
        found: list[ImagePattern] = []
        for head in every:
            found += self._of_head(head, at, other)
        return found

    def _examples(self, at: int) -> Iterator[str]:
        """The offers (`at` is 0) or SKUs (1), lower-cased, that the rule's author gives as examples."""
        for text in image_examples(one for one in self._images.sources.rules.examples if one.rule is self._rule):
            parts = text.lower().split(":")
            if len(parts) in (3, 4) and "/" not in text:
                yield parts[1 + at]

    def _seen_heads(self, at: int) -> Iterator[Head]:
        """What stands before the release in these."""
        read = tuple(spelling.text for spelling, _ in self._read)
        for name in self._examples(at):
            start = next((start for start in range(len(name)) if name.startswith(read, start)), 0)
            ends = {end for run in _RUN.finditer(name[:start]) for end in (run.end(1), run.end())}
            yield from (Head(name[:end]) for end in sorted(ends))

    def _spelt(self) -> Iterator[tuple[Spelling, tuple[Release, ...]]]:
        """The spellings of releases that have a row, with their rows."""
        known: dict[Named, tuple[Release, ...]] = {}
        for spelling in spellings(self._rule.forms, self._rule.vocabulary):
            named = self._named_by(spelling)
            if named not in known:
                known[named] = self._rows(spelling.fields)
            if known[named]:
                yield spelling, known[named]

    def _named_by(self, spelling: Spelling) -> Named:
        return self._rule.product.named({**self._rule.fields, **spelling.fields})

    def _rows(self, fields: Fields) -> tuple[Release, ...]:
        """The rows that a release may have, with what other words of a name may say."""
        rule, catalogue = self._rule, self._images.sources.catalogue
        found: dict[str, Release] = {}
        for said in self._said:
            named = rule.product.named({**rule.fields, **said, **fields})
            if named == UNNAMED:
                continue
            row = catalogue.release(
                rule.product.name, named.cycle, named.release, rule.channel, " ".join(rule.variants)
            )
            if row is not None:
                found[row.pointer] = row
        return tuple(found.values())

    def _of_head(self, head: Head, at: int, other: NameTest) -> list[ImagePattern]:
        found: list[ImagePattern] = []
        for beginning in self._beginnings:
            of = beginning.within(head)
            texts = of.probes if head.tail else (of.text,)
            if head.inside:
                tests = [] if of.whole else [NameTest(parts=(text,)) for text in texts]
            else:
                tests = [NameTest(values=(text,)) if of.whole else NameTest(prefixes=(text,)) for text in texts]
            for test in tests:
                found += self._narrowed(at, test, other, of)
        return found

    def _shortest(self) -> tuple[_Beginning, ...]:
        """The shortest beginnings of the spellings of what has ended that are none of what has not. A spelling that
        is itself such a beginning (15, of 15-sp7) counts as a whole name, and before a generation (15-gen2)."""
        ended: list[tuple[Spelling, list[Release]]] = []
        live: list[str] = []
        for spelling, rows in self._read:
            over = [row for row in rows if phase(row, self._images.day) == ENDED]
            if over:
                ended.append((spelling, over))
            else:
                live.append(spelling.text)
        live.sort()
        chosen: dict[tuple[str, bool], tuple[dict[Named, str], dict[str, Release]]] = {}
        for spelling, over in ended:
            cut = next((cut for cut in spelling.cuts if not _any_begins(live, cut)), "")
            keys = [(cut, False)] if cut else [(spelling.text, True), (f"{spelling.text}-gen", False)]
            for key in keys:
                probes, ends = chosen.setdefault(key, ({}, {}))
                probes.setdefault(self._named_by(spelling), spelling.text if cut else key[0])
                ends.update((row.pointer, row) for row in over)
        return tuple(
            _Beginning(text, whole, tuple(probes.values()), tuple(ends.values()), next(iter(probes.values())))
            for (text, whole), (probes, ends) in chosen.items()
            if not any((text[:end], False) in chosen for end in range(1, len(text)))
        )

    def _narrowed(self, at: int, test: NameTest, other: NameTest, of: _Beginning) -> list[ImagePattern]:
        """The test, narrowed so that no image passes that is known not to have ended; none where that can't be."""
        if not self._says_ended(at, test, other, of):
            return []
        bad = self._bad_words(at, test, other, of)
        if len(bad) > _MOST_EXCLUDED:
            return self._longer(at, test, other, of)
        narrowed = test.but(bad)
        spoilt = [name for name in self._others(at, other, of) if self._spoils(at, narrowed, name, of)]
        other = other.but(self._excepted(spoilt))
        if any(other.fits(name) for name in spoilt) or not self._says_ended(at, narrowed, other, of):
            return []
        offer, sku = (narrowed, other) if at == 0 else (other, narrowed)
        return [ImagePattern((self._publisher,), offer, sku, of.rows)]

    def _longer(self, at: int, test: NameTest, other: NameTest, of: _Beginning) -> list[ImagePattern]:
        """Where too many words make something else of a name: with the words behind it that make it what has ended."""
        found: list[ImagePattern] = []
        words = [word for word, meaning in self._rule.vocabulary.words.items() if meaning.fields]
        for name in (f"{probe}-{word}" for probe in of.probes for word in words if test.prefixes):
            longer = replace(of, text=name, probes=(name,), complete=True)
            tried = NameTest(prefixes=(name,))
            if len(self._bad_words(at, tried, other, longer)) <= _MOST_EXCLUDED:
                found += self._narrowed(at, tried, other, longer)
        return found

    def _names(self, test: NameTest, of: _Beginning) -> Iterator[str]:
        """Names that pass a test, with what beside may mean something. Other numbers don't: `_shortest` saw to it."""
        for probe in of.probes:
            begin = f"x{probe}" if test.parts else probe
            yield begin
            if not test.values and not of.complete:
                yield from (f"{begin}-{word}" for word in self._words)

    def _bad_words(self, at: int, test: NameTest, other: NameTest, of: _Beginning) -> list[str]:
        """Which telling words make an image out of a name that passes which has not ended; more than can be excluded
        where the name itself is one."""
        other_name = next(self._others(at, other, of))
        bad = [name for name in self._names(test, of) if test.fits(name) and self._live(at, name, other_name)]
        words = dict.fromkeys(next((word for word in self._words if name.endswith(f"-{word}")), "") for name in bad)
        return list(words) if "" not in words else [""] * (_MOST_EXCLUDED + 1)

    def _others(self, at: int, other: NameTest, of: _Beginning) -> Iterator[str]:
        """Names of the other kind that pass its test: its own, with the release where they have one, those that the
        rule excepts, and, where not every name will do, all that the publisher's rules speak of."""
        seen: dict[str, None] = dict.fromkeys(text.strip("-_") for text in other.values)
        seen |= dict.fromkeys(f"x{text}x" for text in other.parts)
        for text in other.prefixes:
            seen |= dict.fromkeys((f"{text.rstrip('-_')}-{of.release}", text.strip("-_")))
        seen |= dict.fromkeys(text.strip("-_") for text in name_test(self._rule.excepted).prefixes)
        if other.any_name:
            seen |= {"x": None}
        else:
            seen |= dict.fromkeys(self._named[1 - at])
        return (name for name in seen if name and other.fits(name))

    def _spoils(self, at: int, test: NameTest, other_name: str, of: _Beginning) -> bool:
        return any(self._live(at, name, other_name) for name in self._names(test, of) if test.fits(name))

    def _live(self, at: int, name: str, other_name: str) -> bool:
        offer, sku = (name, other_name) if at == 0 else (other_name, name)
        return self._images.ask(self._publisher, offer, sku)[1]

    def _says_ended(self, at: int, test: NameTest, other: NameTest, of: _Beginning) -> bool:
        """Whether some image that passes has ended at all."""
        for other_name in self._others(at, other, of):
            for name in self._names(test, of):
                offer, sku = (name, other_name) if at == 0 else (other_name, name)
                if test.fits(name) and self._images.ask(self._publisher, offer, sku)[0] is not None:
                    return True
        return False

    def _excepted(self, spoilt: Sequence[str]) -> Iterator[str]:
        """Texts that the spoilt names contain and that tell them apart: those that the rule excepts."""
        for name in spoilt:
            excepted = (pattern.text.strip("*-") for pattern in self._rule.excepted)
            yield next((text for text in excepted if text in name), name)


def _any_begins(ordered: Sequence[str], beginning: str) -> bool:
    at = bisect_left(ordered, beginning)
    return at < len(ordered) and ordered[at].startswith(beginning)


def _telling_words(rule: Rule, rules: Iterable[Rule], rows: Iterable[Release]) -> tuple[str, ...]:
    """Words that may make another image of a name that the rule fits: those that say something of the release, those
    that keep an image from a row, those that the rule excepts, and what rules of the same product look for."""
    kept = frozenset(word for row in rows for word in row.except_variants)
    found = {
        word: None
        for word, meaning in rule.vocabulary.words.items()
        if meaning.fields or not kept.isdisjoint(meaning.variant.split())
    }
    for pattern in rule.excepted:
        found |= dict.fromkeys(word for word in pattern.words if not word.isdigit())
    for one in rules:
        if one.product is rule.product and one is not rule:
            for pattern in (*one.offers, *one.skus, *one.names):
                found |= dict.fromkeys(word for word in pattern.words if not word.isdigit())
    return tuple(sorted(found, key=len, reverse=True))


def _named_parts(rules: Iterable[Rule]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Offers and SKUs that a publisher's rules speak of: literals of their patterns, and their examples."""
    found: tuple[dict[str, None], dict[str, None]] = ({}, {})
    for rule in rules:
        for at, patterns in enumerate(((*rule.offers, *rule.names, *rule.excepted), (*rule.skus, *rule.names))):
            test = name_test(patterns)
            found[at].update(dict.fromkeys(text.strip("-_") for text in (*test.values, *test.prefixes, *test.parts)))
    return tuple(found[0]), tuple(found[1])
