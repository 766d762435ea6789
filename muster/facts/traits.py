"""The hardening traits that the catalogue can hold of a release, and the traits of an image."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from muster.values.json import Json

if TYPE_CHECKING:
    from muster.facts.catalogue import Catalogue


@dataclass(frozen=True, slots=True)
class TraitKind:
    """A trait that exists: its name below `Muster.Image/traits.`, what it says, and its values; `values` empty means
    any text, `boolean` true or false."""

    name: str
    meaning: str
    values: tuple[str, ...] = ()
    boolean: bool = False


_KINDS = (
    TraitKind(
        "selinux",
        "SELinux as the image ships it",
        values=("enforcing", "permissive", "disabled", "none"),
    ),
    TraitKind("apparmor", "AppArmor as the image ships it", values=("enabled", "available", "none")),
    TraitKind("verifiedUsr", "How /usr is verified while it is read", values=("dm-verity", "none")),
    TraitKind("immutable", "The system cannot be changed in place; updates replace its image", boolean=True),
    TraitKind(
        "packageManager",
        "What installs packages on the running system",
        values=("apt", "dnf", "dnf5", "tdnf", "yum", "zypper", "pkg", "rpm-ostree", "none"),
    ),
    TraitKind("secureBoot", "Starts with Secure Boot on", boolean=True),
    TraitKind("trustedLaunch", "Supported as a Trusted Launch virtual machine", boolean=True),
    TraitKind("fips", "FIPS 140 mode", values=("enabled", "available", "none")),
    TraitKind(
        "fipsCertificate",
        "The state of the cryptographic module's FIPS 140 certificate",
        values=("active", "inProcess", "historical", "none"),
    ),
    TraitKind("kernel", "The kernel line that the release started with"),
    TraitKind("automaticUpdates", "Security updates are installed without being asked for", boolean=True),
    TraitKind("minimal", "Only what its purpose needs is installed", boolean=True),
    TraitKind("guestAgent", "The agent through which Azure manages the guest", values=("waagent", "windows", "none")),
    TraitKind("guestConfiguration", "Supported by Azure machine configuration", boolean=True),
    TraitKind("init", "The init system", values=("systemd", "upstart", "sysvinit", "rc", "windows")),
    TraitKind("cryptoLibrary", "The system's cryptographic library with its line"),
)

TRAITS = {kind.name: kind for kind in _KINDS}
"""Name -> trait, in the order of the reference."""


def trait_facts(catalogue: "Catalogue", image: Mapping[str, Json]) -> dict[str, Json]:
    """The members below `Muster.Image/traits` of an identified image. A trait that is not there is unknown."""
    return {
        trait.name: trait.value
        for trait in catalogue.traits(
            image.get("product"), image.get("cycle"), image.get("variant"), image.get("channel")
        )
    }
