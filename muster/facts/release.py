"""What the catalogue holds of a release: its dates, where they are from, and what is paid for beyond them."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Status(StrEnum):
    """What the publisher says of a release beside its dates."""

    PREVIEW = "preview"
    SUPPORTED = "supported"
    ROLLING = "rolling"
    ENDED = "ended"


class Channel(StrEnum):
    """Where a release is run, where that changes how long it is supported."""

    VM = "vm"
    AKS = "aks"
    BATCH = "batch"


@dataclass(frozen=True, slots=True)
class Programme:
    """Support beyond the end of support. `included`: every Azure VM has it without asking. Otherwise a VM shows that
    it is entitled by a word in SKU, offer, plan or variant, or by its licenseType (both lower-cased here)."""

    name: str
    title: str
    source: str
    seen: date
    included: bool = False
    words: frozenset[str] = frozenset()
    license_types: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Extension:
    """The extended support of one release: under which programme ("" is unknown), until when (None is unknown)."""

    programme: str
    end: date | None


@dataclass(frozen=True, slots=True)
class Successor:
    """What to move to. `image` is the Marketplace URN (publisher:offer:sku:version); on AKS, whose node images are
    chosen by name, `osSKU=NAME`. `product` and `cycle` say which release that is."""

    image: str
    product: str
    cycle: str | None


@dataclass(frozen=True, slots=True)
class Release:
    """One row of the catalogue, named by product, cycle, channel and, for a minor release that an image can be locked
    to, `release`.

    `cycle` is endoflife.date's name of it, None where the product has no cycles. All dates are days in UTC that are
    still covered. A date that is None is not known; `active_end_exists` is False where active support is no phase
    of its own; `extended` is None where it is known that there is none. `expectation` is what was announced without
    being a date. `except_variants`: images with one of these words in their variant are not locked to the minor
    release. `by_hand` names the members (as in the file) that a refresh leaves alone. `pointer` is the row's place in
    its file.
    """

    product: str
    cycle: str | None
    release: str | None
    channel: Channel
    source: str
    seen: date
    status: Status | None = None
    codename: str = ""
    label: str = ""
    release_date: date | None = None
    active_support_end: date | None = None
    active_end_exists: bool = False
    end_of_support: date | None = None
    extended: Extension | None = None
    expectation: str = ""
    successor: Successor | None = None
    except_variants: frozenset[str] = frozenset()
    by_hand: frozenset[str] = frozenset()
    note: str = ""
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Trait:
    """One hardening trait of a product's releases: of all, or of those that `cycles`, `variants` and `channel` name
    (a variant by one of its words). Of several that apply, one that names the variant counts before one that names
    the channel, and that before one that names cycles."""

    name: str
    value: bool | str
    source: str
    seen: date
    cycles: frozenset[str] = frozenset()
    variants: frozenset[str] = frozenset()
    channel: Channel | None = None
    pointer: str = ""

    @property
    def precedence(self) -> tuple[bool, bool, bool]:
        """What it names; of two that apply the greater counts."""
        return bool(self.variants), self.channel is not None, bool(self.cycles)


@dataclass(frozen=True, slots=True)
class Feed:
    """Which product of a public data set has a product's dates, and which of its members hold which of ours."""

    name: str
    members: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Product:
    """A file of the catalogue. `refreshed` is the day on which its rows were last compared with their sources;
    `version_dates` the forms in which its image versions carry their day (see published)."""

    name: str
    title: str
    refreshed: date
    file: str
    releases: tuple[Release, ...]
    programmes: tuple[Programme, ...] = ()
    traits: tuple[Trait, ...] = ()
    version_dates: tuple[str, ...] = ()
    endoflife_date: Feed | None = None
    distro_info: Feed | None = None
