"""Who images are and how long they are supported, as the answers to questions about them."""

from collections.abc import Iterable, Mapping

from muster.values.json import Json, JsonObject

UNKNOWN = "unknown"

COLUMNS = ("Image", "Product", "Release", "Cycle", "Variant", "Confidence", "Phase", "End of support", "Evidence")


def image_answer(asked: str, image: Mapping[str, Json], lifecycle: Mapping[str, Json]) -> JsonObject:
    """One answer: what was asked, who the image is, its evidence, and its lifecycle on the day.

    `image` and `lifecycle` are the members of `Muster.Image` and `Muster.Lifecycle`. A product that is not known is
    `unknown`, everything else that is not known null.
    """
    return {
        "input": asked,
        "product": image.get("product") or UNKNOWN,
        "release": image.get("release"),
        "cycle": image.get("cycle"),
        "variant": image.get("variant"),
        "confidence": image.get("confidence"),
        "evidence": image.get("evidence"),
        "lifecycle": dict(lifecycle),
    }


def answer_rows(answers: Iterable[JsonObject]) -> Iterable[tuple[str, ...]]:
    """The answers as rows of a table under COLUMNS."""
    for answer in answers:
        lifecycle, evidence = answer["lifecycle"], answer["evidence"]
        held = lifecycle if isinstance(lifecycle, dict) else {}
        told = "; ".join(map(str, evidence)) if isinstance(evidence, list) else ""
        members = ("input", "product", "release", "cycle", "variant", "confidence")
        yield (
            *(_text(answer[member]) for member in members),
            _text(held.get("phase")),
            _text(held.get("endOfSupportDate")),
            told,
        )


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""
