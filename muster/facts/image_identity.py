"""Who an image is: product, release and cycle, each with what said so, and how sure that is.

The names that a publisher gives are read by its rules; the deployed version, the agent in the running machine and the
type of the system are held against that. What is not known stays unknown: a wrong answer is worse than none.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from muster.facts.image_names import MAX_NAME, Fields, Pattern, Reading, Runs, Vocabulary, Word, cut, fit
from muster.facts.image_reference import ATTACHED_DISK, MARKETPLACE, ImageReference, shown
from muster.facts.image_rules import LIKELY, NONE, SURE, UNNAMED, Guest, ImageRules, Named, Product, Rule

IMAGES_REMEMBERED = 256
"""Machines of a fleet have few images, and what an image is follows from its names alone. 3 KB each."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
"""What Azure allows in the name of a publisher, an offer, a SKU, a gallery, an image definition and a version."""
_LINE = re.compile(r"[ -~]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class ImageIdentity:
    """What an image is. None is unknown; `has_cycles` is False where the product has none.

    `variant` has the words that tell the image from its siblings (fips, cvm, hpc, sap, eus, pro ...), `evidence` a
    sentence for everything that said something, and `conflicts` those of them that contradict another.
    """

    product: str | None = None
    release: str | None = None
    cycle: str | None = None
    has_cycles: bool = True
    variant: tuple[str, ...] = ()
    channel: str | None = None
    image_class: str | None = None
    immutable: bool | None = None
    package_manager: str | None = None
    architecture: str | None = None
    generation: str | None = None
    security_types: tuple[str, ...] = ()
    confidence: str = NONE
    evidence: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()


class _Text(NamedTuple):
    """A name to read: what it is, as it is written, its runs."""

    what: str
    text: str
    runs: Runs

    def __str__(self) -> str:
        return f"{self.what} {self.text}"


class _Match(NamedTuple):
    """A rule that fits, with what it read in which name."""

    rule: Rule
    readings: tuple[tuple[_Text, Reading], ...]


class _Notes:
    """What is said of an image on the way, and the rules that fit it."""

    def __init__(self) -> None:
        self.evidence: list[str] = []
        self.conflicts: list[str] = []
        self.fitting: list[Rule] = []

    def add(self, sentence: str) -> None:
        self.evidence.append(sentence)

    def contradict(self, sentence: str) -> None:
        self.evidence.append(sentence)
        self.conflicts.append(sentence)


@lru_cache(maxsize=IMAGES_REMEMBERED)
def identify(reference: ImageReference, rules: ImageRules) -> ImageIdentity:
    """The identity of an image by the rules. Never raises, whatever the reference holds."""
    notes = _Notes()
    if reference.trouble:
        notes.add(reference.trouble)
    match, most = _match(reference, rules, notes)
    identity = _identity(match, most, reference, notes) if match else ImageIdentity()
    identity = _with_guest(identity, reference, rules, notes)
    if not notes.evidence:
        notes.add("nothing says from what image it was made")
    return replace(
        identity,
        architecture=reference.architecture or identity.architecture,
        generation=reference.generation or identity.generation,
        security_types=tuple(dict.fromkeys((*reference.security_types, *identity.security_types))),
        evidence=tuple(notes.evidence),
        conflicts=tuple(notes.conflicts),
    )


def fitting_rules(reference: ImageReference, rules: ImageRules) -> tuple[Rule, ...]:
    """All rules that fit the names of an image. More than one is a fault of the rules."""
    notes = _Notes()
    _match(reference, rules, notes)
    return tuple(notes.fitting)


def _match(reference: ImageReference, rules: ImageRules, notes: _Notes) -> tuple[_Match | None, str]:
    """The rule that fits the names of an image, and how sure that can be at most: who gave the names decides."""
    if reference.gallery:
        gallery = reference.gallery.lower() if _NAME.fullmatch(reference.gallery) else ""
        found = (*rules.galleries.get(gallery, ()), *rules.communities.get(gallery, ()))
        image = _Text("image", reference.definition, cut(reference.definition.lower()))
        if found and (not reference.definition or _readable("image", reference.definition, notes)):
            match = _agreed([_of_gallery(rule, image) for rule in found], notes)
            if match is not None:
                return match, _at_home(match.rule, reference, notes)
            notes.add(f"image {shown(reference.definition)}: no rule for gallery {gallery} fits it")
    trusted = reference.source in (MARKETPLACE, ATTACHED_DISK)
    if reference.source == MARKETPLACE or reference.publisher or reference.offer or reference.sku:
        names = (reference.publisher, reference.offer, reference.sku)
        match = _of_marketplace(names, ("publisher", "offer", "sku"), rules, notes)
        if match is not None or trusted:
            return match, SURE if trusted else LIKELY
    if reference.plan is not None:
        match = _of_marketplace(reference.plan, ("plan publisher", "plan product", "plan name"), rules, notes)
        if match is not None:
            return match, LIKELY
    if reference.definition and _readable("image", reference.definition, notes):
        image = _Text("image", reference.definition, cut(reference.definition.lower()))
        return _of_anyone((image,), rules, notes), LIKELY
    return None, NONE


def _readable(what: str, text: str, notes: _Notes) -> bool:
    """Whether a name can be read at all. Letters that only look like ASCII make another name."""
    if not text:
        notes.add(f"{what} is missing")
    elif len(text) > MAX_NAME:
        notes.add(f"{what} has {len(text):,} characters, too many for a name")
    elif not _NAME.fullmatch(text):
        notes.add(f"{what} {shown(text)} has characters that no name in Azure has")
    else:
        return True
    return False


def _at_home(rule: Rule, reference: ImageReference, notes: _Notes) -> str:
    """How sure a gallery's name makes: anyone can call a gallery like a well-known one."""
    if not rule.groups or reference.gallery_group.lower() in ("", *rule.groups):
        return SURE
    notes.add(f"gallery {reference.gallery} is not in the resource group of the well-known one of that name")
    return LIKELY


def _of_gallery(rule: Rule, image: _Text) -> _Match | None:
    words = rule.vocabulary.read(image.runs, split=rule.split)
    if any(fit(pattern, words, rule.forms) for pattern in rule.excepted):
        return None
    reading = _first(rule.images, words, rule)
    return None if reading is None else _Match(rule, ((image, reading),))


def _of_marketplace(
    names: tuple[str, str, str], called: tuple[str, str, str], rules: ImageRules, notes: _Notes
) -> _Match | None:
    readable = [_readable(what, text, notes) for what, text in zip(called, names, strict=True)]
    if not all(readable):
        return None
    publisher = names[0].lower()
    texts = tuple(_Text(called[at], names[at], cut(names[at].lower())) for at in (1, 2))
    known = rules.publishers.get(publisher, ())
    runs = {run for text in texts for run in text.runs.texts}
    fitting = _of_names([rule for rule in known if not rule.keys or not rule.keys.isdisjoint(runs)], texts)
    match = _agreed(fitting, notes)
    if match is None and not notes.conflicts:
        match = _of_anyone(texts, rules, notes)
    if match is None and known:
        notes.add(f"{called[0]} {names[0]}: no rule fits {called[1]} {names[1]}, {called[2]} {names[2]}")
    elif match is None:
        notes.add(f"{called[0]} {names[0]}: no rule knows what its images are")
    return match


def _of_anyone(texts: Sequence[_Text], rules: ImageRules, notes: _Notes) -> _Match | None:
    """By the rules for names that anyone can give: those whose word stands in one of the names."""
    runs = dict.fromkeys(run for text in texts for run in text.runs.texts)
    found = dict.fromkeys(rule for run in runs for rule in rules.anyone.get(run, ()))
    return _agreed(_of_names(found, texts), notes)


def _of_names(rules: Iterable[Rule], texts: Sequence[_Text]) -> list[_Match]:
    """The rules that fit names of the Marketplace. Rules of one file read a name once."""
    read: dict[tuple[Vocabulary, bool], list[list[Word]]] = {}
    matches = []
    for rule in rules:
        key = (rule.vocabulary, rule.split)
        if key not in read:
            read[key] = [rule.vocabulary.read(text.runs, split=rule.split) for text in texts]
        match = _of_rule(rule, texts, read[key])
        if match is not None:
            matches.append(match)
    return matches


def _of_rule(rule: Rule, texts: Sequence[_Text], read: Sequence[list[Word]]) -> _Match | None:
    if any(fit(pattern, words, rule.forms) for pattern in rule.excepted for words in read):
        return None
    if rule.names:
        readings = [_first(rule.names, words, rule) for words in read]
        if not any(readings):
            return None
    else:
        readings = [
            _first(patterns, words, rule) for patterns, words in zip((rule.offers, rule.skus), read, strict=True)
        ]
        if not all(readings):
            return None
    return _Match(rule, tuple((text, one) for text, one in zip(texts, readings, strict=True) if one is not None))


def _first(patterns: Iterable[Pattern], words: Sequence[Word], rule: Rule) -> Reading | None:
    for pattern in patterns:
        reading = fit(pattern, words, rule.forms)
        if reading is not None and not (reading.unread and rule.unread == "refuse"):
            return reading
    return None


def _agreed(found: Iterable[_Match | None], notes: _Notes) -> _Match | None:
    """The match, where all that fit speak of the same product."""
    matches = [match for match in found if match is not None]
    notes.fitting += [match.rule for match in matches]
    if len({match.rule.product.name for match in matches}) > 1:
        rivals = ", ".join(f"{match.rule.product.name} (rule {match.rule.id})" for match in matches)
        notes.contradict(f"the names fit more than one product: {rivals}")
        return None
    return matches[0] if matches else None


def _identity(match: _Match, most: str, reference: ImageReference, notes: _Notes) -> ImageIdentity:
    rule, product = match.rule, match.rule.product
    meanings = [meaning for _, reading in match.readings for meaning in reading.meanings]
    silent = {**rule.fields, **{name: value for meaning in meanings for name, value in meaning.fields.items()}}
    fields, named = _release(match, silent, reference, notes)
    release, cycle = product.named(fields) if fields else UNNAMED
    notes.add(f"{' and '.join(str(text) for text, _ in match.readings)}: {product.name} by rule {rule.id}")
    if product.os_type and reference.os_type and product.os_type != reference.os_type:
        notes.contradict(f"osType is {reference.os_type}, which {product.name} is not")
        return ImageIdentity()
    unread = [word for _, reading in match.readings for word in reading.unread]
    confidence = LIKELY if LIKELY in (rule.confidence, most) or notes.conflicts else SURE
    if unread and rule.unread == "lower":
        notes.add(f"not known in these names: {', '.join(unread[:8])}")
        confidence = LIKELY
    if release is None and rule.names_releases:
        confidence = LIKELY
    nature = product.natured(cycle)
    variant = [*rule.variants, *(meaning.variant for meaning in meanings if meaning.variant)]
    if named and rule.locked is not None and release in rule.locked.releases:
        variant.append(rule.locked.variant)
    return ImageIdentity(
        product=product.name,
        release=release,
        cycle=cycle,
        has_cycles=bool(product.cycle_templates),
        variant=tuple(dict.fromkeys(variant)),
        channel=rule.channel,
        image_class=nature.image_class,
        immutable=nature.immutable,
        package_manager=nature.package_manager,
        architecture=next((meaning.architecture for meaning in meanings if meaning.architecture), None),
        generation=next((meaning.generation for meaning in meanings if meaning.generation), None),
        security_types=tuple(dict.fromkeys(meaning.security_type for meaning in meanings if meaning.security_type)),
        confidence=confidence,
    )


def _release(match: _Match, silent: Fields, reference: ImageReference, notes: _Notes) -> tuple[Fields, bool]:
    """The fields of the release and whether a name has it. The SKU counts before the offer, a name before the version;
    each that says otherwise is reported."""
    rule = match.rule
    said: list[tuple[str, Fields]] = [
        (str(text), {**silent, **reading.release})
        for text, reading in reversed(match.readings)
        if reading.release is not None
    ]
    named = bool(said)
    version = reference.exact_version
    if rule.versions and version and _LINE.fullmatch(version) and len(version) <= MAX_NAME:
        words = rule.version_words.read(cut(version.lower()))
        reading = _first(rule.versions, words, rule)
        if reading is not None and reading.release is not None:
            said.append((f"exactVersion {version}", {**silent, **reading.release}))
    if not said:
        return silent, False
    chosen = rule.product.named(said[0][1])
    for what, fields in said:
        told = rule.product.named(fields)
        if told.contradicts(chosen):
            notes.contradict(f"{what}: release {told.release}, not {chosen.release}")
        else:
            notes.add(f"{what}: release {told.release}")
    return said[0][1], named


def _with_guest(identity: ImageIdentity, reference: ImageReference, rules: ImageRules, notes: _Notes) -> ImageIdentity:
    """The identity with what the agent in the running machine says, which counts: systems are upgraded in place and
    converted, disks are swapped, and Azure goes on naming the image of the first day."""
    name, version = reference.os_name, reference.os_version
    if not name or not _LINE.fullmatch(name) or len(name) > MAX_NAME:
        return identity
    runs = cut(name.lower())
    told = f"osName {name}"
    if len(version) <= MAX_NAME and _LINE.fullmatch(version):
        told += f", osVersion {version}"
    else:
        version = ""
    found = {
        guest.product.name: (guest, reading)
        for guest in (rules.guests.get(runs.texts[0], ()) if runs.texts else ())
        if (reading := fit(guest.name, guest.vocabulary.read(runs), guest.forms)) is not None
    }
    if not found:
        notes.add(f"{told}: no rule knows that system")
        return identity
    if len(found) > 1 and identity.product not in found:
        notes.add(f"{told}: {' or '.join(found)}")
        return identity
    guest, reading = found[identity.product] if identity.product in found else next(iter(found.values()))
    release = reading.release or _guest_release(guest, version)
    return _by_guest(identity, guest.product, {**guest.fields, **(release or {})}, told, notes)


def _guest_release(guest: Guest, version: str) -> Fields | None:
    words = guest.version_words.read(cut(version.lower()))
    readings = (fit(pattern, words, guest.forms) for pattern in guest.versions)
    return next((reading.release for reading in readings if reading is not None), None)


def _by_guest(identity: ImageIdentity, product: Product, fields: Fields, told: str, notes: _Notes) -> ImageIdentity:
    release, cycle = said = product.named(fields) if fields else UNNAMED
    sentence = f"{told}: {product.name}{f' {release}' if release else ''}"
    nature = product.natured(cycle)
    if identity.product not in (None, product.name):
        notes.contradict(f"{sentence}, not {identity.product}")
        identity = ImageIdentity()
    elif said.contradicts(Named(identity.release, identity.cycle)):
        notes.contradict(f"{sentence}, not {identity.release}")
    else:
        notes.add(sentence)
        if identity.release or (identity.product and not release):
            return identity
    return replace(
        identity,
        product=product.name,
        release=release,
        cycle=cycle,
        has_cycles=bool(product.cycle_templates),
        channel=identity.channel or "vm",
        image_class=nature.image_class,
        immutable=nature.immutable,
        package_manager=nature.package_manager,
        confidence=LIKELY,
    )
