"""Whether image rules do what their authors say: every example is read as expected, by its own rule and no other."""

from collections.abc import Iterator

from muster.facts.image_identity import ImageIdentity, fitting_rules, identify
from muster.facts.image_reference import read_image_text
from muster.facts.image_rules import Examples, ImageRules, Rule
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject

_MEMBERS = {"image", "release", "cycle", "variant"}


def lint_image_rules(rules: ImageRules) -> list[Diagnostic]:
    """What is wrong with rules whose form is sound."""
    faults = []
    for examples in rules.examples:
        faults += list(_of_rule(examples, rules))
    return faults


def _of_rule(examples: Examples, rules: ImageRules) -> Iterator[Diagnostic]:
    rule, value = examples.rule, examples.value
    if not isinstance(value, list) or not value:
        message = f"Rule '{rule.id}' has no example, so nothing shows that it fits anything."
        yield _fault("example", rule, "", message, "Add an image that it is meant for.")
        return
    for index, example in enumerate(value):
        pointer = f"/examples/{index}"
        image = example.get("image") if isinstance(example, dict) else None
        if not isinstance(example, dict) or not isinstance(image, str):
            yield _fault("shape", rule, pointer, "An example is an object with a text 'image'.")
            continue
        for member in example.keys() - _MEMBERS:
            hint = f"Known here: {', '.join(sorted(_MEMBERS))}."
            yield _fault("member", rule, f"{pointer}/{member}", f"Nothing reads '{member}'.", hint)
        yield from _of_example(rule, example, image, pointer, rules)


def _of_example(rule: Rule, example: JsonObject, image: str, pointer: str, rules: ImageRules) -> Iterator[Diagnostic]:
    reference = read_image_text(image)
    fitting = fitting_rules(reference, rules)
    for other in fitting:
        if other is not rule:
            message = f"Rule '{other.id}' of {other.product.file or other.product.name} fits this image too."
            yield _fault("overlap", rule, f"{pointer}/image", message, "Which of two counts is not defined.")
    if rule not in fitting:
        message = f"Rule '{rule.id}' does not fit this image."
        yield _fault("example", rule, f"{pointer}/image", message)
    elif len(fitting) == 1:
        identity = identify(reference, rules)
        for member, found in _said(identity).items():
            if member in example and example[member] != found:
                message = f"The rule says {member} {found or 'nothing'}."
                yield _fault("example", rule, f"{pointer}/{member}", message)


def _said(identity: ImageIdentity) -> dict[str, Json]:
    return {
        "release": identity.release,
        "cycle": identity.cycle,
        "variant": " ".join(identity.variant) or None,
    }


def _fault(kind: str, rule: Rule, pointer: str, message: str, hint: str = "") -> Diagnostic:
    return Diagnostic(f"image-rules-{kind}", Level.ERROR, message, rule.product.file, f"{rule.pointer}{pointer}", hint)
