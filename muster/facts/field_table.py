"""The fields that muster adds to Azure's: every member that the builders of `Muster.Image`, `Muster.Lifecycle` and
`Muster.Network` give.

The language takes from here which of them exist, the reference is generated from here, and whoever keeps facts apart
from the clock finds here which follow from it.
"""

from dataclasses import dataclass

from muster.facts.traits import TRAITS


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `name` as a rule writes it; `type` string, boolean, integer, date (YYYY-MM-DD), string[], integer[] or
    object; `values` where they are a closed list; `absent`: when it is known not to exist, "" where it always does
    (known or not); `always_known`: never unknown; `from_clock`: follows from the day on which it is asked."""

    name: str
    type: str
    meaning: str
    values: tuple[str, ...] = ()
    absent: str = ""
    always_known: bool = False
    from_clock: bool = False


_NO_ROW = "the release has none"
_NOT_MARKETPLACE = "the image is not from the Marketplace"
_NO_VERSION = "it is a managed image or an attached disk"
_NOT_GALLERY = "the image is not from a gallery"
_ROLLING = "the release is rolling"

_IMAGE = (
    Field(
        "source",
        "string",
        "Where the image is from",
        (
            "marketplace",
            "gallery",
            "sharedGallery",
            "communityGallery",
            "managedImage",
            "attachedDisk",
            "unknown",
        ),
        always_known=True,
    ),
    Field("publisher", "string", "The Marketplace publisher, as Azure says", absent=_NOT_MARKETPLACE),
    Field("offer", "string", "The Marketplace offer, as Azure says", absent=_NOT_MARKETPLACE),
    Field("sku", "string", "The Marketplace SKU, as Azure says", absent=_NOT_MARKETPLACE),
    Field("version", "string", "The version that was asked for, perhaps `latest`", absent=_NO_VERSION),
    Field("exactVersion", "string", "The version that was deployed", absent=_NO_VERSION),
    Field("plan", "string", "The purchase plan's name", absent="there is no purchase plan"),
    Field(
        "id",
        "string",
        "The image's resource id",
        absent="the image is named by publisher, offer and SKU, or it is an attached disk",
    ),
    Field("galleryId", "string", "The gallery image definition's id", absent=_NOT_GALLERY),
    Field("product", "string", "The product, by endoflife.date's name where it has one"),
    Field("release", "string", "The release as its publisher numbers it: 22.04, 8.6"),
    Field("cycle", "string", "The release cycle whose dates count: 22.04, 8", absent="the product has no cycles"),
    Field(
        "variant",
        "string",
        "What is special about the image, in words: fips, cvm, hpc, sap, eus, pro, core, arm64",
        absent="nothing is",
    ),
    Field("channel", "string", "Where the release is run", ("vm", "aks", "batch")),
    Field("class", "string", "What the release is for", ("generalPurpose", "containerHost")),
    Field("immutable", "boolean", "The system can't be changed in place; updates replace its image"),
    Field("packageManager", "string", "What installs packages on the running system"),
    Field("architecture", "string", "The processor architecture", ("x64", "arm64")),
    Field("generation", "string", "The virtual machine generation", ("V1", "V2")),
    Field("securityTypes[*]", "string[]", "The security types that the image supports"),
    Field("confidence", "string", "How sure product and cycle are", ("sure", "likely", "none"), always_known=True),
    Field("evidence[*]", "string[]", "What said so, and what said otherwise", always_known=True),
    Field("publishedDate", "date", "The day on which the image version was published"),
    Field("ageInDays", "integer", "Days since then", from_clock=True),
    Field("latestVersion", "string", "The newest version of the image", absent="no version is offered any more"),
    Field("versionsBehind", "integer", "How many versions are newer than the deployed one"),
    Field(
        "deprecation.state",
        "string",
        "Whether the Marketplace still offers the image version",
        ("Active", "ScheduledForDeprecation", "Deprecated"),
        absent=_NOT_MARKETPLACE,
    ),
    Field("deprecation.date", "date", "The day of deprecation", absent="no deprecation is scheduled"),
    Field("deprecation.alternative", "string", "What its publisher names instead", absent="nothing is named"),
    Field(
        "galleryEndOfLifeDate",
        "date",
        "The earlier end of life of gallery image and version",
        absent=f"{_NOT_GALLERY}, or neither names one",
    ),
    Field("excludedFromLatest", "boolean", "The gallery version is kept out of `latest`", absent=_NOT_GALLERY),
)

_LIFECYCLE = (
    Field(
        "phase",
        "string",
        "The phase of the release on the day",
        ("preview", "supported", "security", "extended", "ended", "rolling"),
        from_clock=True,
    ),
    Field(
        "basis",
        "string",
        "What is known of the end of support: a published day, only an announcement, none because the release is "
        "rolling, or nothing",
        ("published", "announced", "rolling", "none"),
        always_known=True,
    ),
    Field("endOfSupportDate", "date", "The last day of support without extra charge", absent=_ROLLING),
    Field("daysToEndOfSupport", "integer", "Days until then, negative after it", absent=_ROLLING, from_clock=True),
    Field(
        "activeSupportEndDate",
        "date",
        "The last day on which more than security is repaired",
        absent="the publisher makes no such difference",
    ),
    Field("extendedProgramme", "string", "The name of the extended support", absent=_NO_ROW),
    Field("extendedEndDate", "date", "The last day of extended support", absent=_NO_ROW),
    Field("daysToExtendedEnd", "integer", "Days until then, negative after it", absent=_NO_ROW, from_clock=True),
    Field(
        "entitled",
        "boolean",
        "The virtual machine has a right to extended support; false where there is no extended support",
    ),
    Field(
        "entitlementShown",
        "boolean",
        "The same of what Azure shows alone: false where a right may have been attached inside the guest",
    ),
    Field("successor", "string", "The image to move to: a URN, or `osSKU=NAME` on AKS", absent="none is named"),
    Field("expectation", "string", "What was announced of the end without a day", absent="nothing was announced"),
    Field("source", "string", "Where the dates are from"),
    Field("catalogueDate", "date", "The day on which they were last compared with their sources", always_known=True),
    Field("catalogueAgeInDays", "integer", "Days since then", always_known=True, from_clock=True),
)

_NETWORK = (
    Field("hasPublicIp", "boolean", "A public address is attached to an interface of the virtual machine"),
    Field("internetExposed", "boolean", "At least one port is open to the Internet"),
    Field(
        "openPorts[*]",
        "string[]",
        "The ports that the Internet reaches through a public address of the virtual machine, by protocol: `tcp/22`, "
        "`udp/1000-2000`, `tcp/*`",
    ),
    Field(
        "openManagementPorts[*]",
        "integer[]",
        "Those of them that serve administration: 22, 23, 135, 139, 445, 3389, 5985 and 5986 over TCP",
    ),
)

FIELDS: tuple[Field, ...] = (
    *(
        Field(f"Muster.Image/{f.name}", f.type, f.meaning, f.values, f.absent, f.always_known, f.from_clock)
        for f in _IMAGE
    ),
    *(
        Field(
            f"Muster.Image/traits.{kind.name}",
            "boolean" if kind.boolean else "string",
            kind.meaning,
            kind.values,
        )
        for kind in TRAITS.values()
    ),
    *(
        Field(f"Muster.Lifecycle/{f.name}", f.type, f.meaning, f.values, f.absent, f.always_known, f.from_clock)
        for f in _LIFECYCLE
    ),
    *(Field(f"Muster.Network/{f.name}", f.type, f.meaning) for f in _NETWORK),
)
"""All fields, in the order of the reference."""

BY_NAME = {field.name.lower(): field for field in FIELDS}
"""Lower-cased name -> field."""
