"""An Azure Policy definition, with nothing of muster's own in it, that stops images whose support is over.

It is made of tests of publisher, offer and SKU (muster.facts.ended_images), and stays within what Azure Policy takes.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from muster.facts.ended_images import EndedImages
from muster.facts.name_test import NameTest
from muster.facts.rule_patterns import ImagePattern
from muster.language.limits import IF_CONDITIONS
from muster.values.errors import BadInput
from muster.values.json import Json, JsonObject

NAME = "muster-guardrail-ended-images"
MAX_BYTES = 1_048_576
"""Of the body of a request that writes a definition."""
MAX_METADATA = 1024
"""Characters of one of the definition's own texts in its metadata; longer ones are cut."""

PUBLISHER, OFFER, SKU = (f"Microsoft.Compute/image{name}" for name in ("Publisher", "Offer", "Sku"))
"""The aliases; each leads to the image reference of virtual machines and of scale sets alike."""

_EFFECTS = ("Audit", "Deny", "Disabled")
_MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """What a guardrail is to be: the effect it has unless an assignment says otherwise, the day it is made on, and how
    many days ahead it looks."""

    effect: str
    as_of: date
    within: int


def guardrail_definition(ended: EndedImages, asked: Asked, catalogue_date: date | None) -> JsonObject:
    """The definition. Raises BadInput where it would be more than Azure Policy takes, or stop nothing at all."""
    if not ended.patterns:
        raise BadInput(f"no image is known whose support has ended by {ended.day}", reason="nothingEnded")
    condition: JsonObject = {
        "allOf": [
            {"field": "type", "in": ["Microsoft.Compute/virtualMachines", "Microsoft.Compute/virtualMachineScaleSets"]},
            {"anyOf": [*_by_publisher(ended.patterns)]},
            {"field": OFFER, "notIn": "[parameters('exemptedOffers')]"},
        ]
    }
    definition: JsonObject = {
        "name": NAME,
        "properties": {
            "displayName": _display_name(asked),
            "description": _description(ended, asked),
            "policyType": "Custom",
            "mode": "Indexed",
            "metadata": _metadata(ended, asked, catalogue_date),
            "parameters": _parameters(asked.effect),
            "policyRule": {"if": condition, "then": {"effect": "[parameters('effect')]"}},
        },
    }
    _within_limits(definition, condition)
    return definition


def holds_until(ended: EndedImages, asked: Asked) -> date | None:
    """The last day on which a guardrail made anew would be the same."""
    return ended.holds_until - timedelta(days=asked.within) if ended.holds_until else None


def _display_name(asked: Asked) -> str:
    ahead = f", or is within {asked.within} days" if asked.within else ""
    return f"Machines should not be deployed from images whose support is over{ahead}"


def _description(ended: EndedImages, asked: Asked) -> str:
    until = holds_until(ended, asked)
    renewed = f" Make it anew after {until}, when the next support ends." if until else ""
    return (
        "Finds virtual machines and scale sets whose Marketplace image, by publisher, offer and SKU, runs an OS release"
        f" whose support is over on {ended.day}, extended support included. Made from muster's lifecycle catalogue."
        f" It sees no gallery or managed images.{renewed}"
    )


def _metadata(ended: EndedImages, asked: Asked, catalogue_date: date | None) -> JsonObject:
    until = holds_until(ended, asked)
    missed = [f"{miss.image}: {miss.why}" for miss in ended.misses]
    return {
        "version": f"1.0.{asked.as_of:%Y%m%d}",
        "category": "Lifecycle",
        "severity": "critical",
        "remediation": "Deploy from the successor image that muster policies guardrail --report names.",
        "documentation": "https://learn.microsoft.com/azure/virtual-machines/linux/endorsed-distros",
        "guardrail": {
            "madeOn": asked.as_of.isoformat(),
            "endedOn": ended.day.isoformat(),
            "withinDays": asked.within,
            "catalogueDate": catalogue_date.isoformat() if catalogue_date else None,
            "holdsUntil": until.isoformat() if until else None,
            "missed": {"count": len(missed), "images": [text[:MAX_METADATA] for text in missed[:_MOST_NAMED]]},
        },
    }


def _parameters(effect: str) -> JsonObject:
    return {
        "effect": {
            "type": "String",
            "metadata": {"displayName": "Effect", "description": "What follows when a resource does not comply"},
            "allowedValues": [*_EFFECTS],
            "defaultValue": effect,
        },
        "exemptedOffers": {
            "type": "Array",
            "metadata": {
                "displayName": "Exempted offers",
                "description": "Offers of the Marketplace that may be deployed whatever their support",
            },
            "defaultValue": [],
        },
    }


def _by_publisher(patterns: Iterable[ImagePattern]) -> list[Json]:
    """A condition for each set of publishers with the same tests."""
    by_publisher: dict[str, list[ImagePattern]] = {}
    for pattern in patterns:
        for publisher in pattern.publishers:
            by_publisher.setdefault(publisher, []).append(pattern)
    by_tests: dict[str, tuple[list[str], list[Json]]] = {}
    for publisher in sorted(by_publisher):
        tests = _any_of(_tests(by_publisher[publisher]))
        by_tests.setdefault(json.dumps(tests), ([], [tests]))[0].append(publisher)
    return [{"allOf": [_is(PUBLISHER, publishers), *tests]} for publishers, tests in by_tests.values()]


def _tests(patterns: Sequence[ImagePattern]) -> list[Json]:
    """The tests of one publisher's images: what they have in common is asked once."""
    by_offer: dict[tuple[NameTest, tuple[str, ...]], list[NameTest]] = {}
    by_sku: dict[tuple[NameTest, tuple[str, ...]], list[NameTest]] = {}
    for pattern in patterns:
        if pattern.sku.any_name or (pattern.sku.values and not pattern.offer.values):
            by_sku.setdefault((pattern.sku, pattern.offer.without), []).append(pattern.offer)
        else:
            by_offer.setdefault((pattern.offer, pattern.sku.without), []).append(pattern.sku)
    groups = [(offer, _merged(skus, without)) for (offer, without), skus in by_offer.items()]
    groups += [(_merged(offers, without), sku) for (sku, without), offers in by_sku.items()]
    by_skus: dict[NameTest, list[NameTest]] = {}
    for offer, sku in groups:
        by_skus.setdefault(sku, []).append(offer)
    conditions: list[Json] = []
    for sku, offers in by_skus.items():
        for without in dict.fromkeys(offer.without for offer in offers):
            offer = _merged([one for one in offers if one.without == without], without)
            parts = [*_conditions(OFFER, offer), *_conditions(SKU, sku)]
            conditions.append(parts[0] if len(parts) == 1 else {"allOf": parts})
    return conditions


def _merged(tests: Iterable[NameTest], without: tuple[str, ...]) -> NameTest:
    """A test that passes what any of some tests does, all of which exclude the same; no beginning stands twice."""
    found = list(tests)
    if any(not (one.values or one.prefixes or one.parts) for one in found):
        return NameTest(without=without)
    prefixes = {text for one in found for text in one.prefixes}
    shortest = [text for text in prefixes if not any(text[:end] in prefixes for end in range(1, len(text)))]
    parts = {text for one in found for text in one.parts}
    values = {text for one in found for text in one.values if not text.startswith(tuple(shortest))}
    return NameTest(tuple(sorted(values)), tuple(sorted(shortest)), tuple(sorted(parts)), without)


def _conditions(field: str, test: NameTest) -> list[Json]:
    """Conditions of which all have to hold."""
    found: list[Json] = []
    if test.values or test.prefixes or test.parts:
        passes: list[Json] = [_is(field, test.values)] if test.values else []
        passes += [{"field": field, "like": f"{text}*"} for text in test.prefixes]
        passes += [{"field": field, "contains": text} for text in test.parts]
        found.append(_any_of(passes))
    found += [{"field": field, "notContains": text} for text in test.without]
    return found


def _is(field: str, values: Sequence[str]) -> JsonObject:
    return {"field": field, "equals": values[0]} if len(values) == 1 else {"field": field, "in": [*values]}


def _any_of(conditions: list[Json]) -> Json:
    return conditions[0] if len(conditions) == 1 else {"anyOf": conditions}


def count_conditions(condition: Json) -> int:
    """How many conditions there are in one, as Azure Policy counts them: comparisons and logical operators."""
    if not isinstance(condition, dict):
        return 0
    inner = [one for name in ("allOf", "anyOf") for one in _list(condition.get(name))]
    return 1 + sum(map(count_conditions, inner))


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _within_limits(definition: JsonObject, condition: Json) -> None:
    """Source: learn.microsoft.com/azure/governance/policy/overview (maximum count of Azure Policy objects)."""
    advice = "leave products out of the lifecycle data that nobody here deploys, or look fewer days ahead (--within)"
    count = count_conditions(condition)
    if count > IF_CONDITIONS:
        raise BadInput(
            f"the guardrail would have {count:,} conditions, and Azure Policy takes {IF_CONDITIONS:,}: {advice}",
            reason="guardrailTooLarge",
        )
    size = len(json.dumps(definition).encode())
    if size > MAX_BYTES:
        raise BadInput(
            f"the guardrail would have {size:,} bytes, and Azure Policy takes {MAX_BYTES:,}: {advice}",
            reason="guardrailTooLarge",
        )
