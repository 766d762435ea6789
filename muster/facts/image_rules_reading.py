"""The files of image rules as values, and everything that is wrong with their form.

The form is policies/schemas/image-rules.schema.json. A rule that has a fault is left out; the faults are errors, so
that nobody has to notice that.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from muster.facts.image_names import (
    NO_WORDS,
    Fields,
    Form,
    Meaning,
    Pattern,
    Vocabulary,
    compile_form,
    compile_pattern,
    cut,
    read_release,
)
from muster.facts.image_rules import (
    CHANNELS,
    CLASSES,
    CONFIDENCES,
    LIKELY,
    SURE,
    UNREAD,
    Examples,
    Guest,
    ImageRules,
    Locked,
    Nature,
    Product,
    Rule,
    Template,
)
from muster.facts.image_rules_members import MemberReader
from muster.values.diagnostic import Diagnostic
from muster.values.json import Json, JsonObject

_NATURE = ("class", "immutable", "packageManager")
_SHARED_MEMBERS = {"$schema", "note", "words", "noise"}
_FILE_MEMBERS = {"product", "osType", "release", "cycle", "cycles", "byCycle", "guests", "rules", *_NATURE} | {
    *_SHARED_MEMBERS,
    "forms",
    "codenames",
    "builds",
}
_OWNERS = ("publishers", "galleries", "communityGalleries", "anyone")
_PATTERNS = ("offers", "skus", "names", "images", "except")
_RULE_MEMBERS = {"id", "groups", "confidence", "channel", "unread", "split", "variant", "fields", "forms", "builds"} | {
    *_OWNERS,
    *_PATTERNS,
    "versions",
    "locked",
    "source",
    "seen",
    "note",
    "examples",
}
_MEANING_MEMBERS = {"variant", "generation", "architecture", "securityType", "fields"}
_GUEST_MEMBERS = {"name", "versions", "fields", "forms"}
_LOCKED_MEMBERS = {"variant", "releases"}
_NAMED_MEMBERS = {"release", "cycle"}


def read_image_rules(files: Mapping[str, Json]) -> tuple[ImageRules, list[Diagnostic]]:
    """The rules from the JSON of their files, by their names, and everything that is wrong with their form.

    A file without a product holds words that all files know.
    """
    faults: list[Diagnostic] = []
    shared: dict[str, Meaning] = {}
    readers = []
    for file, value in files.items():
        reader = _FileReader(file, value if isinstance(value, dict) else {}, faults)
        if not isinstance(value, dict):
            reader.fault("shape", "", "A file of image rules is an object.")
        elif value.keys() <= _SHARED_MEMBERS:
            shared.update(reader.words())
        else:
            readers.append(reader)
    built = _Built()
    for reader in readers:
        reader.read(shared, built)
    publishers, galleries, communities, anyone = map(_frozen, built.owners)
    guests = {word: tuple(found) for word, found in built.guests.items()}
    return ImageRules(publishers, galleries, communities, anyone, guests, tuple(built.examples)), faults


def _frozen(index: Mapping[str, list[Rule]]) -> dict[str, tuple[Rule, ...]]:
    return {name: tuple(rules) for name, rules in index.items()}


class _Built:
    """The rules as they come, by what they are looked up by."""

    def __init__(self) -> None:
        self.owners: tuple[dict[str, list[Rule]], ...] = ({}, {}, {}, {})
        self.guests: dict[str, list[Guest]] = {}
        self.examples: list[Examples] = []
        self.ids: dict[str, str] = {}


class _FileReader(MemberReader):
    """One file. What it says of its product is read first, then its rules with that."""

    def __init__(self, file: str, value: JsonObject, faults: list[Diagnostic]) -> None:
        super().__init__(file, faults)
        self.value = value

    def words(self) -> dict[str, Meaning]:
        """What the file's words mean; noise is known and means nothing."""
        found = {}
        for place, word, meaning in self.entries(self.value, "", "words"):
            if self._is_word(word, place) and isinstance(meaning, dict):
                self.known(meaning, place, _MEANING_MEMBERS)
                found[word] = Meaning(
                    variant=self.text(meaning, place, "variant"),
                    generation=self.choice(meaning, place, "generation", ("V1", "V2"), ""),
                    architecture=self.choice(meaning, place, "architecture", ("x64", "arm64"), ""),
                    security_type=self.choice(meaning, place, "securityType", ("TrustedLaunch", "ConfidentialVm"), ""),
                    fields=self.strings(meaning, place, "fields"),
                )
            elif not isinstance(meaning, dict):
                self.fault("shape", place, "What a word means is an object.")
        for place, word in self.texts(self.value, "", "noise"):
            if self._is_word(word, place):
                found[word] = Meaning()
        return found

    def _is_word(self, word: str, pointer: str) -> bool:
        if word.isascii() and word == word.lower() and cut(word).texts:
            return True
        self.fault("pattern", pointer, "A word has lower-case letters and digits.", in_key=True)
        return False

    def read(self, shared: Mapping[str, Meaning], built: _Built) -> None:
        value = self.value
        self.known(value, "", _FILE_MEMBERS)
        product = self._product()
        self.forms: tuple[Form, ...] = self.compiled(value, "", "forms", compile_form)
        codenames = {
            word: Meaning(release=fields)
            for place, word, item in self.entries(value, "", "codenames")
            if self._is_word(word, place) and (fields := self._named(item, place, NO_WORDS)) is not None
        }
        self.vocabulary = Vocabulary({**shared, **self.words(), **codenames})
        self.builds = self._builds(value, "")
        for pointer, row in self.objects(value, "", "guests"):
            self._guest(row, pointer, product, built)
        for pointer, row in self.objects(value, "", "rules"):
            before = len(self.faults)
            rule = self._rule(row, pointer, product, built)
            if len(self.faults) == before:
                self._place(rule, row, pointer, built)

    def _product(self) -> Product:
        value = self.value
        nature = self._nature(value, "", Nature())
        return Product(
            name=self.needed(value, "", "product"),
            os_type=self.choice(value, "", "osType", ("Linux", "Windows"), ""),
            nature=nature,
            by_cycle={
                cycle: self._nature(item, place, nature)
                for place, cycle, item in self.entries(value, "", "byCycle")
                if self._is_nature(item, place)
            },
            release_templates=self.compiled(value, "", "release", Template),
            cycle_templates=self.compiled(value, "", "cycle", Template),
            cycles=self.strings(value, "", "cycles"),
            file=self.file,
        )

    def _is_nature(self, item: Json, pointer: str) -> bool:
        if isinstance(item, dict):
            self.known(item, pointer, set(_NATURE))
            return True
        self.fault("shape", pointer, "What holds of a cycle is an object.")
        return False

    def _nature(self, value: Json, pointer: str, default: Nature) -> Nature:
        assert isinstance(value, dict)
        immutable = self.truth(value, pointer, "immutable")
        return Nature(
            self.choice(value, pointer, "class", CLASSES, "") or default.image_class,
            default.immutable if immutable is None else immutable,
            self.text(value, pointer, "packageManager") or default.package_manager,
        )

    def _named(self, item: Json, pointer: str, vocabulary: Vocabulary) -> Fields | None:
        """The release that a codename or a build stands for: a text that the forms read, or release and cycle."""
        if isinstance(item, dict):
            self.known(item, pointer, _NAMED_MEMBERS)
            return {member: self.needed(item, pointer, member) for member in item.keys() & _NAMED_MEMBERS}
        if isinstance(item, str):
            words = vocabulary.read(cut(item.lower()))
            found = read_release(words, 0, self.forms)
            if found is not None and found[1] == len(words):
                return found[0]
        self.fault("value", pointer, "No form of this file reads this release.", "Or an object: release, cycle.")
        return None

    def _builds(self, value: JsonObject, pointer: str) -> Vocabulary:
        """The numbers in versions that stand for a release."""
        return Vocabulary(
            {
                build: Meaning(release=fields)
                for place, build, item in self.entries(value, pointer, "builds")
                if self._is_word(build, place) and (fields := self._named(item, place, self.vocabulary)) is not None
            }
        )

    def _guest(self, row: JsonObject, pointer: str, product: Product, built: _Built) -> None:
        self.known(row, pointer, _GUEST_MEMBERS)
        names = self._patterns(row, pointer, "name", self.vocabulary)
        versions = self._patterns(row, pointer, "versions", self.builds)
        if "name" not in row:
            self.fault("shape", pointer, "'name' is missing.")
        fields = self.strings(row, pointer, "fields")
        forms = self.compiled(row, pointer, "forms", compile_form) or self.forms
        for name in names:
            if name.parts[0] in ("*", "{release}"):
                self.fault("pattern", f"{pointer}/name", "A guest's name begins with a word.")
                continue
            guest = Guest(product, self.vocabulary, forms, name, versions, self.builds, fields)
            built.guests.setdefault(cut(name.parts[0]).texts[0], []).append(guest)

    def _patterns(
        self, row: JsonObject, pointer: str, member: str, vocabulary: Vocabulary, *, split: bool = False
    ) -> tuple[Pattern, ...]:
        return self.compiled(row, pointer, member, lambda text: compile_pattern(text, vocabulary, split=split))

    def _rule(self, row: JsonObject, pointer: str, product: Product, built: _Built) -> Rule:
        self.known(row, pointer, _RULE_MEMBERS)
        name = self.needed(row, pointer, "id")
        if built.ids.setdefault(name, f"{self.file}#{pointer}") != f"{self.file}#{pointer}":
            self.fault("duplicate", f"{pointer}/id", f"The id '{name}' stands at {built.ids[name]} too.")
        self.needed(row, pointer, "source")
        seen = self.needed(row, pointer, "seen")
        if seen and not _is_day(seen):
            self.fault("value", f"{pointer}/seen", f"'{seen[:40]}' is no day of the calendar.", "Write YYYY-MM-DD.")
        anyone = self.truth(row, pointer, "anyone") is True
        if sum(bool(row.get(owner)) for owner in _OWNERS) != 1:
            self.fault("shape", pointer, "A rule believes one kind of namer.", f"One of {', '.join(_OWNERS)}.")
        split = self.truth(row, pointer, "split") is True
        patterns = {member: self._patterns(row, pointer, member, self.vocabulary, split=split) for member in _PATTERNS}
        builds = self._builds(row, pointer) if "builds" in row else self.builds
        self._check_patterns(row, pointer, patterns)
        confidence = self.choice(row, pointer, "confidence", CONFIDENCES, LIKELY if anyone else SURE)
        if anyone and confidence == SURE:
            self.fault("value", f"{pointer}/confidence", "Of a name that anyone can give, nothing follows for sure.")
        return Rule(
            id=name,
            product=product,
            vocabulary=self.vocabulary,
            forms=self.compiled(row, pointer, "forms", compile_form) or self.forms,
            confidence=confidence,
            channel=self.choice(row, pointer, "channel", CHANNELS, "vm"),
            unread=self.choice(row, pointer, "unread", UNREAD, "ignore" if anyone else "lower"),
            split=split,
            variants=tuple(self.text(row, pointer, "variant").split()),
            fields=self.strings(row, pointer, "fields"),
            groups=frozenset(text.lower() for _, text in self.texts(row, pointer, "groups")),
            offers=patterns["offers"],
            skus=patterns["skus"],
            names=patterns["names"],
            images=patterns["images"],
            excepted=patterns["except"],
            versions=self._patterns(row, pointer, "versions", builds),
            version_words=builds,
            locked=self._locked(row, pointer),
            keys=frozenset() if split else _keys(patterns["names"] or patterns["offers"]),
            pointer=pointer,
        )

    def _check_patterns(self, row: JsonObject, pointer: str, patterns: Mapping[str, tuple[Pattern, ...]]) -> None:
        of_market = bool(row.get("publishers") or row.get("anyone"))
        fitting = bool(patterns["names"]) != bool(patterns["offers"] and patterns["skus"])
        if of_market and (not fitting or patterns["images"]):
            self.fault("shape", pointer, "A rule for the Marketplace has 'offers' and 'skus', or 'names'.")
        if not of_market and (not patterns["images"] or patterns["offers"] or patterns["skus"] or patterns["names"]):
            self.fault("shape", pointer, "A rule for a gallery has 'images' only.")
        if row.get("anyone"):
            for index, pattern in enumerate(patterns["names"]):
                if not pattern.has_release or not _keys([pattern]):
                    message = "A name that anyone can give has a word of two letters and {release}."
                    self.fault("pattern", f"{pointer}/names/{index}", message)

    def _locked(self, row: JsonObject, pointer: str) -> Locked | None:
        found = row.get("locked")
        if found is None:
            return None
        pointer = f"{pointer}/locked"
        if not isinstance(found, dict):
            self.fault("shape", pointer, "'locked' is an object with variant and releases.")
            return None
        self.known(found, pointer, _LOCKED_MEMBERS)
        releases = frozenset(text for _, text in self.texts(found, pointer, "releases"))
        return Locked(self.needed(found, pointer, "variant"), releases)

    def _place(self, rule: Rule, row: JsonObject, pointer: str, built: _Built) -> None:
        for owner, index in zip(_OWNERS[:3], built.owners, strict=False):
            for _, name in self.texts(row, pointer, owner):
                index.setdefault(name.lower(), []).append(rule)
        if row.get("anyone"):
            for key in rule.keys:
                built.owners[3].setdefault(key, []).append(rule)
        built.examples.append(Examples(rule, row.get("examples")))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _keys(patterns: Iterable[Pattern]) -> frozenset[str]:
    """The longest run of letters in each pattern; none at all where a pattern has no letters."""
    keys = set()
    for pattern in patterns:
        runs = [run for word in pattern.words for run in cut(word).texts]
        longest = max((run for run in runs if run.isalpha() and len(run) > 1), key=len, default="")
        if not longest:
            return frozenset()
        keys.add(longest)
    return frozenset(keys)
