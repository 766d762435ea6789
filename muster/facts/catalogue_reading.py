"""A file of the catalogue as values, and everything that is wrong with it.

The form is policies/schemas/releases.schema.json. A row that has a fault is left out, so that nothing is judged by
half of it; the faults are errors, so that nobody has to notice that.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from muster.facts.published import VERSION_DATES
from muster.facts.release import Channel, Extension, Feed, Product, Programme, Release, Status, Successor, Trait
from muster.facts.traits import TRAITS
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject

_SOURCED = {"source", "seen"}
_FILE_MEMBERS = {"$schema", "product", "title", "refreshed", "note", "endoflifeDate", "distroInfo", "versionDates"} | {
    "programmes",
    "releases",
    "traits",
}
_PROGRAMME_MEMBERS = _SOURCED | {"name", "title", "included", "words", "licenseTypes"}
_SUCCESSOR_MEMBERS = {"image", "product", "cycle"}
_TRAIT_MEMBERS = _SOURCED | {"trait", "value", "cycles", "variants", "channel"}
_FEED_MEMBERS = {"name", "members"}

DATE_MEMBERS = ("releaseDate", "activeSupportEnd", "endOfSupport", "extendedSupportEnd")
"""The members of a row that are days, in the order in which they come."""

_RELEASE_MEMBERS = {*_SOURCED, *DATE_MEMBERS, "cycle", "release", "channel", "codename", "label", "status"} | {
    "programme",
    "expectation",
    "successor",
    "exceptVariants",
    "byHand",
    "note",
}


def read_product(file: str, value: Json) -> tuple[Product | None, list[Diagnostic]]:
    """A product from a file's JSON. None where not even the product's name and its date of refresh can be read."""
    reader = _Reader(file)
    if not isinstance(value, dict):
        reader.fault("catalogue-shape", "", "A file of the catalogue is an object.")
        return None, reader.faults
    reader.known(value, "", _FILE_MEMBERS)
    name, refreshed = reader.text(value, "", "product"), reader.day(value, "", "refreshed")
    title = reader.text(value, "", "title")
    programmes = tuple(reader.programmes(value))
    product = None
    if name and refreshed:
        product = Product(
            name,
            title or name,
            refreshed,
            file,
            releases=tuple(reader.releases(value, name, {programme.name for programme in programmes})),
            programmes=programmes,
            traits=tuple(reader.traits(value)),
            version_dates=reader.words(value, "", "versionDates", VERSION_DATES),
            endoflife_date=reader.feed(value, "endoflifeDate"),
            distro_info=reader.feed(value, "distroInfo"),
        )
    return product, reader.faults


class _Reader:
    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Diagnostic] = []

    def fault(self, rule: str, pointer: str, message: str, hint: str = "", *, in_key: bool = False) -> None:
        self.faults.append(Diagnostic(rule, Level.ERROR, message, self.file, pointer, hint, in_key=in_key))

    def known(self, value: JsonObject, pointer: str, members: set[str]) -> None:
        for member in value.keys() - members:
            hint = f"Known here: {', '.join(sorted(members))}."
            self.fault("catalogue-member", f"{pointer}/{member}", f"Nothing reads '{member}'.", hint, in_key=True)

    def text(self, value: JsonObject, pointer: str, member: str, *, required: bool = True) -> str:
        found = value.get(member)
        if isinstance(found, str) and found.strip():
            return found
        if member not in value and not required:
            return ""
        rule = f"catalogue-without-{member}" if member in ("source", "seen") else "catalogue-shape"
        self.fault(rule, pointer if member not in value else f"{pointer}/{member}", f"'{member}' is to be a text.")
        return ""

    def day(self, value: JsonObject, pointer: str, member: str) -> date | None:
        text = self.text(value, pointer, member)
        return self._as_day(text, f"{pointer}/{member}") if text else None

    def day_or_unknown(self, value: JsonObject, pointer: str, member: str) -> date | None:
        found = value.get(member)
        if found is None:
            return None
        if isinstance(found, str):
            return self._as_day(found, f"{pointer}/{member}")
        self.fault("catalogue-date", f"{pointer}/{member}", f"'{member}' is a day or null.", _DAY)
        return None

    def _as_day(self, text: str, pointer: str) -> date | None:
        try:
            if (found := date.fromisoformat(text)).isoformat() == text:
                return found
        except ValueError:
            pass
        self.fault("catalogue-date", pointer, f"'{text[:40]}' is no day of the calendar.", _DAY)
        return None

    def words(self, value: JsonObject, pointer: str, member: str, allowed: Sequence[str] = ()) -> tuple[str, ...]:
        found = value.get(member, [])
        if isinstance(found, list) and all(isinstance(word, str) and word.strip() for word in found):
            words = tuple(word for word in found if isinstance(word, str))
            for word in words:
                if allowed and word not in allowed:
                    hint = f"One of {', '.join(allowed)}."
                    self.fault("catalogue-value", f"{pointer}/{member}", f"'{word[:40]}' can't stand here.", hint)
            return tuple(word for word in words if not allowed or word in allowed)
        self.fault("catalogue-shape", f"{pointer}/{member}", f"'{member}' is a list of texts.")
        return ()

    def choice(self, value: JsonObject, pointer: str, member: str, allowed: Sequence[str]) -> str:
        found = value.get(member)
        if isinstance(found, str) and found in allowed:
            return found
        if member in value:
            hint = f"One of {', '.join(allowed)}."
            self.fault("catalogue-value", f"{pointer}/{member}", f"'{member}' has a value that is not known.", hint)
        return ""

    def rows(self, value: JsonObject, member: str) -> Iterator[tuple[str, JsonObject]]:
        found = value.get(member, [])
        if not isinstance(found, list):
            self.fault("catalogue-shape", f"/{member}", f"'{member}' is a list of objects.")
            return
        for index, row in enumerate(found):
            if isinstance(row, dict):
                yield f"/{member}/{index}", row
            else:
                self.fault("catalogue-shape", f"/{member}/{index}", f"A member of '{member}' is an object.")

    def feed(self, value: JsonObject, member: str) -> Feed | None:
        found = value.get(member)
        if found is None:
            return None
        pointer = f"/{member}"
        members = found.get("members") if isinstance(found, dict) else None
        if not isinstance(found, dict) or not isinstance(members, dict):
            self.fault("catalogue-shape", pointer, f"'{member}' is an object with a name and members.")
            return None
        self.known(found, pointer, _FEED_MEMBERS)
        for ours in members.keys() - set(DATE_MEMBERS):
            self.fault("catalogue-member", f"{pointer}/members/{ours}", f"'{ours}' is no date of a row.", in_key=True)
        name = self.text(found, pointer, "name")
        return Feed(name, tuple((ours, str(theirs)) for ours, theirs in members.items() if ours in DATE_MEMBERS))

    def programmes(self, value: JsonObject) -> Iterator[Programme]:
        for pointer, row in self.rows(value, "programmes"):
            self.known(row, pointer, _PROGRAMME_MEMBERS)
            before = len(self.faults)
            name, title = self.text(row, pointer, "name"), self.text(row, pointer, "title")
            source, seen = self.text(row, pointer, "source"), self.day(row, pointer, "seen")
            words = frozenset(word.lower() for word in self.words(row, pointer, "words"))
            licenses = frozenset(word.lower() for word in self.words(row, pointer, "licenseTypes"))
            included = row.get("included", False)
            if not isinstance(included, bool):
                self.fault("catalogue-shape", f"{pointer}/included", "'included' is true or false.")
            if seen and len(self.faults) == before:
                yield Programme(name, title, source, seen, included is True, words, licenses)

    def releases(self, value: JsonObject, product: str, programmes: set[str]) -> Iterator[Release]:
        for pointer, row in self.rows(value, "releases"):
            before = len(self.faults)
            self.known(row, pointer, _RELEASE_MEMBERS)
            release = self._release(row, pointer, product, programmes)
            if release is not None and len(self.faults) == before:
                yield release

    def _release(self, row: JsonObject, pointer: str, product: str, programmes: set[str]) -> Release | None:
        for member in ("cycle", "endOfSupport"):
            if member not in row:
                message = f"A row says '{member}', null where there is none or it is not known."
                self.fault("catalogue-shape", pointer, message)
        cycle = None if row.get("cycle") is None else self.text(row, pointer, "cycle")
        source, seen = self.text(row, pointer, "source"), self.day(row, pointer, "seen")
        days = {member: self.day_or_unknown(row, pointer, member) for member in DATE_MEMBERS}
        self._in_order(pointer, days)
        status = self.choice(row, pointer, "status", [status.value for status in Status])
        by_hand = frozenset(self.words(row, pointer, "byHand", DATE_MEMBERS))
        channel = self.choice(row, pointer, "channel", [channel.value for channel in Channel])
        programme = self.choice(row, pointer, "programme", sorted(programmes))
        if programme and "extendedSupportEnd" not in row:
            self.fault("catalogue-programme", f"{pointer}/programme", "A programme without 'extendedSupportEnd'.", _EXT)
        if seen is None:
            return None
        return Release(
            product,
            cycle,
            self.text(row, pointer, "release", required=False) or None,
            Channel(channel or Channel.VM),
            source,
            seen,
            status=Status(status) if status else None,
            codename=self.text(row, pointer, "codename", required=False),
            label=self.text(row, pointer, "label", required=False),
            release_date=days["releaseDate"],
            active_support_end=days["activeSupportEnd"],
            active_end_exists="activeSupportEnd" in row,
            end_of_support=days["endOfSupport"],
            extended=Extension(programme, days["extendedSupportEnd"]) if "extendedSupportEnd" in row else None,
            expectation=self.text(row, pointer, "expectation", required=False),
            successor=self._successor(row, pointer),
            except_variants=frozenset(word.lower() for word in self.words(row, pointer, "exceptVariants")),
            by_hand=by_hand,
            note=self.text(row, pointer, "note", required=False),
            pointer=pointer,
        )

    def _in_order(self, pointer: str, days: dict[str, date | None]) -> None:
        """Each known day of a row is not before the known day that comes before it."""
        earlier, earlier_member = None, ""
        for member, day in days.items():
            if day is not None and earlier is not None and day < earlier:
                message = f"'{member}' {day} is before '{earlier_member}' {earlier}."
                self.fault("catalogue-order", f"{pointer}/{member}", message)
            if day is not None:
                earlier, earlier_member = day, member

    def _successor(self, row: JsonObject, pointer: str) -> Successor | None:
        found = row.get("successor")
        if found is None:
            return None
        pointer = f"{pointer}/successor"
        if not isinstance(found, dict):
            self.fault("catalogue-shape", pointer, "'successor' is an object with image, product and cycle.")
            return None
        self.known(found, pointer, _SUCCESSOR_MEMBERS)
        image, product = self.text(found, pointer, "image"), self.text(found, pointer, "product")
        cycle = None if found.get("cycle") is None else self.text(found, pointer, "cycle")
        return Successor(image, product, cycle)

    def traits(self, value: JsonObject) -> Iterator[Trait]:
        for pointer, row in self.rows(value, "traits"):
            before = len(self.faults)
            self.known(row, pointer, _TRAIT_MEMBERS)
            name = self.choice(row, pointer, "trait", list(TRAITS))
            if "trait" not in row:
                self.fault("catalogue-shape", pointer, "A row of traits names its 'trait'.")
            found = row.get("value")
            if name:
                self._trait_value(name, found, pointer)
            source, seen = self.text(row, pointer, "source"), self.day(row, pointer, "seen")
            channel = self.choice(row, pointer, "channel", [channel.value for channel in Channel])
            cycles = frozenset(self.words(row, pointer, "cycles"))
            variants = frozenset(word.lower() for word in self.words(row, pointer, "variants"))
            if seen and isinstance(found, bool | str) and len(self.faults) == before:
                where = Channel(channel) if channel else None
                yield Trait(name, found, source, seen, cycles, variants, where, pointer)

    def _trait_value(self, name: str, value: Json, pointer: str) -> None:
        kind = TRAITS[name]
        if kind.boolean:
            if not isinstance(value, bool):
                self.fault("catalogue-value", f"{pointer}/value", f"'{name}' is true or false.")
        elif not isinstance(value, str) or not value.strip():
            self.fault("catalogue-value", f"{pointer}/value", f"'{name}' is a text.", _UNKNOWN)
        elif kind.values and value not in kind.values:
            hint = f"One of {', '.join(kind.values)}."
            self.fault("catalogue-value", f"{pointer}/value", f"'{name}' has a value that is not known.", hint)


_DAY = "Write YYYY-MM-DD."
_EXT = "Write its last day, or null where that is not known."
_UNKNOWN = "Leave the row out where the value is not known."
