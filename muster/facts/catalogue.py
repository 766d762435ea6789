"""The catalogue: which releases there are, how long each is supported, and what they ship with."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from muster.facts.catalogue_reading import read_product
from muster.facts.release import Channel, Product, Programme, Release, Successor, Trait
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json

STALE_AFTER_DAYS = 90
"""After how many days without a look at its sources the catalogue is stale."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All products, with the questions that facts ask. Built once by `read_catalogue`."""

    products: Mapping[str, Product]
    _rows: Mapping[tuple[str, str | None, str | None, Channel], Release] = field(repr=False)
    _cycles: Mapping[tuple[str, Channel], frozenset[str | None]] = field(repr=False)

    @property
    def date(self) -> datetime.date | None:
        """The day since which no part of it was left unrefreshed: that of its oldest file. None where it is empty."""
        return min((product.refreshed for product in self.products.values()), default=None)

    def refreshed(self, product: Json) -> datetime.date | None:
        """The day on which a product's rows were last compared with their sources; the catalogue's own for a product
        that it does not hold."""
        held = self.products.get(product) if isinstance(product, str) else None
        return held.refreshed if held else self.date

    def release(
        self, product: Json, cycle: Json, release: Json = None, channel: Json = None, variant: Json = None
    ) -> Release | None:
        """The row that says how long a release is supported, from an image's members of these names.

        The row of the channel counts, else the one for virtual machines. In a channel: the row of the minor release
        where there is one, then that of the cycle, then that of the product where it has no cycles. Where the cycle is
        not known and the product has only one in that channel, it is that one.
        """
        if not isinstance(product, str):
            return None
        where = Channel(channel) if isinstance(channel, str) and channel in tuple(Channel) else Channel.VM
        wanted_cycle = cycle if isinstance(cycle, str) else None
        wanted = release if isinstance(release, str) else None
        for channel_ in dict.fromkeys((where, Channel.VM)):
            for key in ((wanted_cycle, wanted), (wanted_cycle, None), (None, None)):
                row = self._rows.get((product, *key, channel_))
                if row is not None and row.except_variants.isdisjoint(_words(variant)):
                    return row
            if wanted_cycle is None and len(only := self._cycles.get((product, channel_), frozenset())) == 1:
                return self._rows[product, next(iter(only)), None, channel_]
        return None

    def programme(self, release: Release) -> Programme | None:
        """The programme of a release's extended support."""
        wanted = release.extended.programme if release.extended else ""
        programmes = self.products[release.product].programmes
        return next((programme for programme in programmes if programme.name == wanted), None)

    def traits(self, product: Json, cycle: Json, variant: Json = None, channel: Json = None) -> tuple[Trait, ...]:
        """The traits of a release in a variant and channel, one of each name."""
        held = self.products.get(product) if isinstance(product, str) else None
        if held is None:
            return ()
        words = _words(variant)
        chosen: dict[str, Trait] = {}
        for trait in held.traits:
            applies = (
                (not trait.cycles or (isinstance(cycle, str) and cycle in trait.cycles))
                and (not trait.variants or not trait.variants.isdisjoint(words))
                and (trait.channel is None or trait.channel == channel)
            )
            if applies and (trait.name not in chosen or trait.precedence > chosen[trait.name].precedence):
                chosen[trait.name] = trait
        return tuple(chosen.values())


def read_catalogue(files: Mapping[str, Json]) -> tuple[Catalogue, list[Diagnostic]]:
    """The catalogue from the JSON of its files, by their names, and everything that is wrong with it.

    What is faulty is left out; whoever judges by a catalogue with faults says so, or refuses it.
    """
    products: dict[str, Product] = {}
    rows: dict[tuple[str, str | None, str | None, Channel], Release] = {}
    cycles: dict[tuple[str, Channel], set[str | None]] = {}
    faults: list[Diagnostic] = []
    for file, value in files.items():
        product, found = read_product(file, value)
        faults += found
        if product is None:
            continue
        if product.name in products:
            message = f"The product '{product.name}' stands in {products[product.name].file} too."
            faults.append(Diagnostic("catalogue-duplicate", Level.ERROR, message, file, "/product"))
            continue
        products[product.name] = product
        for row in product.releases:
            key = (row.product, row.cycle, row.release, row.channel)
            if key in rows:
                message = f"{_named(row)} stands at {rows[key].pointer} too; which of the two counts is not defined."
                faults.append(Diagnostic("catalogue-duplicate", Level.ERROR, message, file, row.pointer))
                continue
            rows[key] = row
            if row.release is None:
                cycles.setdefault((row.product, row.channel), set()).add(row.cycle)
    catalogue = Catalogue(products, rows, {key: frozenset(found) for key, found in cycles.items()})
    for product in products.values():
        faults += _unfit_successors(product, rows)
        faults += _rivals(product.traits, product.file)
    return catalogue, faults


def stale_files(
    catalogue: Catalogue, today: datetime.date, after_days: int = STALE_AFTER_DAYS
) -> tuple[Diagnostic, ...]:
    """A warning for every file that was not compared with its sources for more than so many days."""
    return tuple(
        Diagnostic(
            "catalogue-stale",
            Level.WARNING,
            f"Not compared with its sources for {age} days; what changed since then is not known.",
            product.file,
            "/refreshed",
            "Run muster lifecycle refresh, or look at the sources and set the day.",
        )
        for product in catalogue.products.values()
        if (age := (today - product.refreshed).days) > after_days
    )


def _words(variant: Json) -> frozenset[str]:
    """The words of a variant, whether they stand in one text or in a list."""
    texts = variant if isinstance(variant, list) else [variant]
    return frozenset(word for text in texts if isinstance(text, str) for word in text.lower().split())


def _named(row: Release) -> str:
    minor = f" release {row.release}" if row.release else ""
    return f"Cycle {row.cycle or '(none)'}{minor} on {row.channel}"


def _unfit_successors(
    product: Product, rows: Mapping[tuple[str, str | None, str | None, Channel], Release]
) -> list[Diagnostic]:
    faults = []

    def fault(row: Release, member: str, message: str, hint: str = "") -> None:
        pointer = f"{row.pointer}/successor/{member}"
        faults.append(Diagnostic("catalogue-successor", Level.ERROR, message, product.file, pointer, hint))

    for row in product.releases:
        if row.successor is None:
            continue
        if not _named_rightly(row.successor, row.channel):
            message = f"'{row.successor.image[:80]}' is not the name of an image to move to on {row.channel}."
            fault(row, "image", message, "publisher:offer:sku:version on virtual machines, osSKU=NAME on AKS.")
        target = (row.successor.product, row.successor.cycle, None)
        if (*target, row.channel) not in rows and (*target, Channel.VM) not in rows:
            message = f"The catalogue has no release {row.successor.product} {row.successor.cycle or ''}".rstrip() + "."
            fault(row, "product", message)
        elif (row.successor.product, row.successor.cycle) == (row.product, row.cycle) and row.release is None:
            fault(row, "cycle", "A release is not its own successor.")
    return faults


def _named_rightly(successor: Successor, channel: Channel) -> bool:
    if channel is Channel.AKS:
        return successor.image.startswith("osSKU=") and len(successor.image) > len("osSKU=")
    parts = successor.image.split(":")
    return len(parts) == 4 and all(part and part == part.strip() for part in parts)


def _rivals(traits: Iterable[Trait], file: str) -> list[Diagnostic]:
    """Traits of one name and precedence that can apply to the same image."""
    faults = []
    seen: list[Trait] = []
    for trait in traits:
        for other in seen:
            if (
                trait.name == other.name
                and trait.precedence == other.precedence
                and (not trait.cycles or not other.cycles or trait.cycles & other.cycles)
                and (trait.channel is None or other.channel is None or trait.channel == other.channel)
                and (not trait.variants or not other.variants or trait.variants & other.variants)
            ):
                message = f"'{trait.name}' is also said at {other.pointer} of some of these releases."
                faults.append(Diagnostic("catalogue-duplicate", Level.ERROR, message, file, trait.pointer))
                break
        seen.append(trait)
    return faults
