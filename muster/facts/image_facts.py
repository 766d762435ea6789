"""The members of `Muster.Image` that identity knows, as rules read them.

A member that is None is unknown; one that is not there is known not to exist (see muster.values.document): a managed
image has no publisher, a Marketplace image no gallery, a rolling product no cycle.
"""

from muster.facts.image_identity import ImageIdentity
from muster.facts.image_reference import ATTACHED_DISK, GALLERIES, MARKETPLACE, UNKNOWN, ImageReference
from muster.values.json import Json


def image_facts(identity: ImageIdentity, reference: ImageReference) -> dict[str, Json]:
    """What rules may ask of an image: where it is from, and who it is."""
    return {**_origin(reference), **_nature(identity)}


def _origin(reference: ImageReference) -> dict[str, Json]:
    source = reference.source
    facts: dict[str, Json] = {"source": source}
    if source in (MARKETPLACE, UNKNOWN):
        facts.update(publisher=reference.publisher or None, offer=reference.offer or None, sku=reference.sku or None)
    if source in (MARKETPLACE, UNKNOWN, *GALLERIES):
        facts.update(version=reference.version or None, exactVersion=reference.exact_version or None)
    if reference.plan is not None:
        facts["plan"] = reference.plan.name or None
    elif not reference.plan_known:
        facts["plan"] = None
    if source not in (MARKETPLACE, ATTACHED_DISK):
        facts["id"] = reference.id or None
    if source in (UNKNOWN, *GALLERIES):
        facts["galleryId"] = reference.gallery_id or None
    return facts


def _nature(identity: ImageIdentity) -> dict[str, Json]:
    facts: dict[str, Json] = {
        "product": identity.product,
        "release": identity.release,
        "channel": identity.channel,
        "class": identity.image_class,
        "immutable": identity.immutable,
        "packageManager": identity.package_manager,
        "architecture": identity.architecture,
        "generation": identity.generation,
        "securityTypes": list(identity.security_types) or None,
        "confidence": identity.confidence,
        "evidence": list(identity.evidence),
    }
    if identity.has_cycles:
        facts["cycle"] = identity.cycle
    if identity.variant or identity.product is None:
        facts["variant"] = " ".join(identity.variant) or None
    return facts
