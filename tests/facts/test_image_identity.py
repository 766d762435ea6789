"""Who an image is by the rules that ship: known images, images to come, contradictions, and anything at all."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.facts.image_identity import ImageIdentity, identify
from muster.facts.image_reference import ImageReference, Plan, read_image_text
from muster.facts.image_rules import ImageRules
from muster.facts.image_rules_reading import read_image_rules
from muster.facts.image_source import read_image

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "azure"
TABLE = json.loads((Path(__file__).parent / "cases" / "images.json").read_text("utf-8"))
CASES = [case for case in TABLE if isinstance(case, list)]


def _shipped() -> ImageRules:
    files = sorted((ROOT / "policies" / "lifecycle" / "images").glob("*.json"))
    rules, faults = read_image_rules({path.name: json.loads(path.read_text("utf-8")) for path in files})
    assert not faults
    return rules


RULES = _shipped()


def who(text: str, **members: Any) -> ImageIdentity:
    return identify(replace(read_image_text(text), **members), RULES)


@pytest.mark.parametrize(("image", "product", "release", "cycle", "variant", "confidence"), CASES)
def test_images(
    image: str, product: str | None, release: str | None, cycle: str | None, variant: str | None, confidence: str
) -> None:
    found = who(image)
    assert (found.product, found.release, found.cycle) == (product, release, cycle)
    assert (" ".join(found.variant) or None, found.confidence) == (variant, confidence)
    assert found.evidence
    assert not found.conflicts


ROWS = (
    [json.loads(line) for line in (SHARED / "image-identities.jsonl").read_text("utf-8").splitlines()]
    if SHARED.is_dir()
    else []
)


def _of_row(row: dict[str, Any]) -> ImageIdentity:
    if row["kind"] == "imageId":
        return who(row["imageId"])
    return who(":".join((row["publisher"], row["offer"], row["sku"], row.get("version", "latest"))))


def _wanted(row: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    return None if row["product"] == "unknown" else row["product"], row["cycle"], row["release"]


def test_known_images(shared: Path) -> None:
    wrong = {}
    right = []
    for row in ROWS:
        found = _of_row(row)
        answer = (found.product, found.cycle, found.release)
        name = f"{row['confidence']}: {row.get('imageId') or (row['publisher'], row['offer'], row['sku'])}"
        if row["confidence"] == "likely":
            right.append(answer == _wanted(row))
        confident = found.confidence == "sure" if row["confidence"] == "uncertain" else row["confidence"] == "sure"
        invented = row["product"] == "unknown" and found.product is not None
        if invented or (confident and answer != _wanted(row)):
            wrong[name] = answer
    assert wrong == {}
    assert len(ROWS) > 300
    assert sum(right) / len(right) >= 0.95


RESOURCES = sorted((SHARED / "resources").glob("*.json")) if SHARED.is_dir() else []


def test_recorded_bodies_agree_with_themselves(shared: Path) -> None:
    versions = 0
    for path in RESOURCES:
        reference = read_image(json.loads(path.read_text("utf-8")))
        found = identify(reference, RULES)
        assert found.evidence
        assert found.conflicts == ()
        if reference.exact_version and found.product == "ubuntu":
            assert found.release
            assert reference.exact_version.startswith(found.release)
            versions += 1
        elif reference.exact_version.startswith("9600."):
            assert found.release == "2012-R2"
            versions += 1
    assert versions > 90


def test_case_and_outer_spaces_make_no_difference() -> None:
    wanted = who("Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2")
    found = who("  CANONICAL : 0001-COM-UBUNTU-Server-Jammy : 22_04-LTS-Gen2 ")
    assert wanted.product == "ubuntu"
    for name in ("product", "release", "cycle", "variant", "generation", "confidence"):
        assert getattr(found, name) == getattr(wanted, name)


@pytest.mark.parametrize(
    ("image", "told"),
    [
        ("Сanonical:ubuntu-24_04-lts:server", "characters that no name"),
        ("Canonical:ubuntu-２４_04-lts:server", "characters that no name"),
        ("Canonical:ubuntu-24_04-lts:ſerver", "characters that no name"),
        ("\u212aali-linux:kali:kali-2024-3", "characters that no name"),
        ("Canonical:ubuntu-24\u00a004-lts:server", "characters that no name"),
        ("Canonical:ubuntu-24_04-lts:ser\x00ver", "characters that no name"),
        ("Canonical:ubuntu 24 04 lts:server", "characters that no name"),
        ("Canonical::server", "offer is missing"),
        ("Canonical:ubuntu-24_04-lts:", "sku is missing"),
        (":ubuntu-24_04-lts:server", "publisher is missing"),
        ("::", "publisher is missing"),
        ("Canonicals:ubuntu-24_04-lts", "neither"),
        (f"Canonical:ubuntu-24_04-lts:{'x' * 3000}", "3,000 characters"),
    ],
)
def test_what_cannot_be_read_is_unknown_and_says_why(image: str, told: str) -> None:
    found = who(image)
    assert (found.product, found.release, found.cycle, found.confidence) == (None, None, None, "none")
    assert any(told in sentence for sentence in found.evidence)
    assert all(sentence.isascii() and sentence.isprintable() for sentence in found.evidence)


def test_a_name_of_a_megabyte_costs_nothing() -> None:
    started = time.perf_counter()
    found = identify(ImageReference("marketplace", "Canonical", "ubuntu-24_04-lts", "a" * 1024 * 1024), RULES)
    assert time.perf_counter() - started < 0.5
    assert found.product is None
    assert max(map(len, found.evidence)) < 300


@pytest.mark.parametrize(
    ("image", "architecture", "generation", "types"),
    [
        ("Canonical:ubuntu-24_04-lts:server", None, None, ()),
        ("Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2", None, "V2", ()),
        ("Canonical:ubuntu-24_04-lts:server-gen1", None, "V1", ()),
        ("Canonical:0001-com-ubuntu-server-jammy:22_04-lts-arm64", "arm64", None, ()),
        ("Canonical:0001-com-ubuntu-confidential-vm-jammy:22_04-lts-cvm", None, "V2", ("ConfidentialVm",)),
        ("AKSAzureLinux-aclgen2arm64TL-202608.06.1", "arm64", "V2", ("TrustedLaunch",)),
        ("SUSE:sles-16-0-x86-64:gen2", "x64", "V2", ()),
        ("ciq:rocky-community-editions:rocky-community-9-arm", "arm64", None, ()),
        ("MicrosoftWindowsServer:WindowsServer:2019-datacenter-gensecond", None, "V2", ()),
    ],
)
def test_what_else_a_name_says(
    image: str, architecture: str | None, generation: str | None, types: tuple[str, ...]
) -> None:
    found = who(image)
    assert (found.architecture, found.generation, found.security_types) == (architecture, generation, types)


def test_a_body_counts_before_a_name() -> None:
    found = who(
        "Canonical:ubuntu-24_04-lts:server", architecture="arm64", generation="V2", security_types=("TrustedLaunch",)
    )
    assert (found.architecture, found.generation, found.security_types) == ("arm64", "V2", ("TrustedLaunch",))


@pytest.mark.parametrize(
    ("image", "image_class", "immutable", "package_manager", "channel"),
    [
        ("Canonical:ubuntu-24_04-lts:server", "generalPurpose", False, "apt", "vm"),
        ("RedHat:RHEL:7-LVM", "generalPurpose", False, "yum", "vm"),
        ("RedHat:RHEL:9-lvm-gen2", "generalPurpose", False, "dnf", "vm"),
        ("MicrosoftCBLMariner:azure-linux-3:azure-linux-3", "generalPurpose", False, "tdnf", "vm"),
        ("microsoftazurelinux:azurelinux-4:4", "generalPurpose", False, "dnf5", "vm"),
        ("MicrosoftCBLMariner:azure-linux-3:azure-linux-3-acl", "containerHost", True, "none", "vm"),
        ("AKSAzureLinux-V3gen2-202608.06.1", "generalPurpose", False, "tdnf", "aks"),
        ("AKSAzureLinux-aclgen2TL-202608.06.1", "containerHost", True, "none", "aks"),
        ("AKSAzureLinux-OSGuardV3gen2fipsTL-202608.06.1", "containerHost", True, None, "aks"),
        ("kinvolk:flatcar-container-linux-free:stable", "containerHost", True, "none", "vm"),
        ("microsoft-azure-batch:centos-container:7-8", "generalPurpose", False, "yum", "batch"),
        ("bitnami:rabbitmq:rabbitmq", None, None, None, None),
    ],
)
def test_the_nature_of_a_product(
    image: str, image_class: str | None, immutable: bool | None, package_manager: str | None, channel: str | None
) -> None:
    found = who(image)
    assert (found.image_class, found.immutable) == (image_class, immutable)
    assert (found.package_manager, found.channel) == (package_manager, channel)


JAMMY = "Canonical:0001-com-ubuntu-server-jammy:22_04-lts-gen2"


@pytest.mark.parametrize(
    ("members", "release", "confidence", "told"),
    [
        ({"exact_version": "22.04.202410040"}, "22.04", "sure", None),
        ({"exact_version": "20.04.202410040"}, "22.04", "likely", "202410040: release 20.04, not 22.04"),
        ({"exact_version": "1.0.0"}, "22.04", "sure", None),
        ({"exact_version": "22.04\n"}, "22.04", "sure", None),
        ({"os_name": "ubuntu", "os_version": "22.04"}, "22.04", "sure", None),
        ({"os_name": "ubuntu", "os_version": ""}, "22.04", "sure", None),
        ({"os_name": "ubuntu", "os_version": "24.04"}, "24.04", "likely", "osVersion 24.04: ubuntu 24.04, not 22.04"),
        ({"os_name": "debian", "os_version": "12.8"}, "12", "likely", "debian 12, not ubuntu"),
        ({"os_name": "TempleOS", "os_version": "5"}, "22.04", "sure", None),
        ({"os_name": "ubuntu" * 100}, "22.04", "sure", None),
        ({"os_type": "Linux"}, "22.04", "sure", None),
        ({"os_type": "Windows"}, None, "none", "osType is Windows, which ubuntu is not"),
    ],
)
def test_evidence_that_disagrees(
    members: dict[str, str], release: str | None, confidence: str, told: str | None
) -> None:
    found = who(JAMMY, **members)
    assert (found.release, found.confidence) == (release, confidence)
    assert bool(found.conflicts) == (told is not None)
    assert set(found.conflicts) <= set(found.evidence)
    if told is not None:
        assert told in found.conflicts[0]


def test_only_a_name_locks_an_image_to_its_minor_release() -> None:
    assert who("RedHat:RHEL:8_6").variant == ("eus",)
    assert who("RedHat:RHEL:8_7").variant == ()
    silent = who("RedHat:RHEL:gen2:8.6.2022052413")
    assert (silent.release, silent.variant) == ("8.6", ())


def test_the_offer_and_the_sku_disagree() -> None:
    found = who("Canonical:0001-com-ubuntu-server-focal:22_04-lts-gen2")
    assert (found.product, found.release, found.confidence) == ("ubuntu", "22.04", "likely")
    assert found.conflicts == ("offer 0001-com-ubuntu-server-focal: release 20.04, not 22.04",)


def test_a_converted_system_keeps_nothing_of_its_image() -> None:
    found = who("OpenLogic:CentOS-HPC:7.7", os_name="almalinux", os_version="8.10")
    assert (found.product, found.cycle, found.variant, found.package_manager) == ("almalinux", "8", (), "dnf")
    assert found.confidence == "likely"


def test_a_newer_minor_release_in_the_guest_does_not_unpin_a_floating_image() -> None:
    found = who("RedHat:RHEL:8-lvm", os_name="redhat", os_version="8.10")
    assert (found.release, found.cycle, found.variant, found.confidence, found.conflicts) == ("8", "8", (), "sure", ())


@pytest.mark.parametrize(
    ("name", "version", "product", "release", "cycle"),
    [
        ("ubuntu", "24.04", "ubuntu", "24.04", "24.04"),
        ("debian", "12.8", "debian", "12", "12"),
        ("redhat", "9.4", "rhel", "9", "9"),
        ("sles", "15.5", "sles", "15.5", "15.5"),
        ("centos", "7.9.2009", "centos", "7.9", "7"),
        ("rocky", "9.3", "rocky-linux", "9.3", "9"),
        ("oracle", "8.10", "oracle-linux", "8.10", "8"),
        ("mariner", "2.0.20240101", "cbl-mariner", "2.0", "2.0"),
        ("azurecontainerlinux", "3.0.20260706", "azure-container-linux", "3.0", None),
        ("flatcar", "4593.2.5", "flatcar", None, None),
        ("Windows Server 2008 R2 Datacenter", "6.1.7601", "windows-server", "2008-r2-sp1", "2008-r2-sp1"),
        ("Windows Server 2012 R2 Datacenter", "6.3.9600.0", "windows-server", "2012-R2", "2012-r2"),
        ("Windows Server 2022 Datacenter Azure Edition", "10.0.20348.2700", "windows-server", "2022", "2022"),
        ("Windows 10 Enterprise", "10.0.19045.5011", "windows", "10 22H2", "10-22h2"),
        ("Windows 11 Pro", "10.0.26100.2033", "windows", "11 24H2", None),
        ("TempleOS", "5", None, None, None),
        ("--", "1", None, None, None),
    ],
)
def test_only_the_guest_says_something(
    name: str, version: str, product: str | None, release: str | None, cycle: str | None
) -> None:
    found = identify(ImageReference("managedImage", id="/x/images/i", os_name=name, os_version=version), RULES)
    assert (found.product, found.release, found.cycle) == (product, release, cycle)
    assert found.confidence == ("likely" if product else "none")


def test_a_guest_that_can_be_one_of_several_products_decides_nothing_alone() -> None:
    """Azure Container Linux can call itself azurelinux."""
    guest: dict[str, Any] = {"os_name": "azurelinux", "os_version": "3.0"}
    alone = identify(ImageReference("attachedDisk", **guest), RULES)
    assert alone.product is None
    assert "azure-linux" in alone.evidence[0]
    assert "azure-container-linux" in alone.evidence[0]
    for image, product in (("azure-linux-3", "azure-linux"), ("azure-linux-3-acl", "azure-container-linux")):
        found = who(f"MicrosoftCBLMariner:azure-linux-3:{image}", **guest)
        assert (found.product, found.confidence) == (product, "sure")


def test_a_plan_says_what_an_own_image_was_made_of() -> None:
    plan = Plan("kinvolk", "flatcar-container-linux-free", "stable-gen2")
    found = identify(ImageReference("managedImage", id="/x/images/i", plan=plan), RULES)
    assert (found.product, found.release, found.confidence) == ("flatcar", "stable", "likely")
    appliance = identify(ImageReference("managedImage", plan=Plan("f5-networks", "f5-big-ip", "f5-15-1")), RULES)
    assert appliance.product is None


def test_whoever_defines_a_gallery_image_is_believed_less_than_its_publisher() -> None:
    names: dict[str, Any] = {"publisher": "Canonical", "offer": "ubuntu-24_04-lts", "sku": "server"}
    assert identify(ImageReference("marketplace", **names), RULES).confidence == "sure"
    assert identify(ImageReference("attachedDisk", **names), RULES).confidence == "sure"
    found = identify(ImageReference("gallery", gallery="gal", definition="base", **names), RULES)
    assert (found.product, found.release, found.confidence) == ("ubuntu", "24.04", "likely")


def test_a_gallery_that_only_bears_a_well_known_name() -> None:
    group = "/subscriptions/s/resourceGroups/{}/providers/Microsoft.Compute/galleries/AKSUbuntu/images/2204containerd"
    assert who(group.format("aks-ubuntu")).confidence == "sure"
    assert who(group.format("mine")).confidence == "likely"


def test_names_of_two_products_are_nobody() -> None:
    found = who("somebody:migrate-centos-7-to-debian-12:migrate-centos-7-to-debian-12")
    assert (found.product, found.confidence) == (None, "none")
    assert "more than one product" in found.conflicts[0]


def test_a_word_that_is_not_known_makes_less_sure() -> None:
    """A SKU of Azure Linux with one word more was a system of its own once."""
    found = who("MicrosoftCBLMariner:azure-linux-3:azure-linux-3-gen2-new")
    assert (found.product, found.confidence) == ("azure-linux", "likely")
    assert "not known in these names: new" in found.evidence


NAMES = st.text(max_size=40) | st.sampled_from(["Canonical", "RedHat", "RHEL", "8_6", "ubuntu-24_04-lts", "AKSUbuntu"])


TEXTS = ("publisher", "offer", "sku", "exact_version", "gallery", "definition", "os_name", "os_version")


@given(
    st.fixed_dictionaries(dict.fromkeys(TEXTS, NAMES)),
    st.sampled_from(["marketplace", "gallery", "attachedDisk", "unknown"]),
    st.none() | st.builds(Plan, NAMES, NAMES, NAMES),
)
def test_anything_is_identified_or_unknown(members: dict[str, Any], source: str, plan: Plan | None) -> None:
    found = identify(ImageReference(source, plan=plan, **members), RULES)
    assert found.evidence
    assert set(found.conflicts) <= set(found.evidence)
    assert (found.product is None) == (found.confidence == "none")
    assert found.product is not None or found.cycle is found.release is None


@given(st.text(max_size=300))
def test_any_text_is_identified_or_unknown(text: str) -> None:
    assert identify(read_image_text(text), RULES).evidence


def test_a_thousand_images_take_a_fraction_of_a_second() -> None:
    """50 microseconds each are meant, 20 times that are allowed where the machine is busy."""
    references = [read_image_text(case[0]) for case in CASES] * 5
    started = time.perf_counter()
    for reference in references:
        identify(reference, RULES)
    assert (time.perf_counter() - started) / len(references) < 0.001
