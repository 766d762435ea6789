"""What a JSON Schema has against a value, as sentences for the author."""

from collections.abc import Callable
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeAlias

from muster.language.parse import close_to
from muster.policy.spelling import Path
from muster.policy.wording import joined, shown
from muster.values.json import Json

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

MAX_FAULTS = 100
"""How many faults are told of one item and, about, of one file; one that has more is not what was meant."""

SchemaFault: TypeAlias = tuple[Path, str, str, str]
"""Path below the item, id of the check, sentence, hint."""

_KINDS = {
    dict: "an object",
    list: "a list",
    str: "a string",
    bool: "a boolean",
    int: "a number",
    float: "a number",
    type(None): "null",
}
_TYPES = {"object": "an object", "array": "a list", "string": "a string", "null": "null"}


def schema_faults(validator: "Validator", value: Json) -> list[SchemaFault]:
    """Everything that the schema has against a value, at most one fault a place, at most MAX_FAULTS."""
    found: dict[Path, SchemaFault] = {}
    for error in islice(validator.iter_errors(value), MAX_FAULTS):
        path: Path = tuple(error.absolute_path)
        found.setdefault(path, (path, *SENTENCES[str(error.validator)](_subject(path), error)))
    return list(found.values())


def _subject(path: Path) -> str:
    """What a sentence calls the value at a path: its member's name, with the indexes behind it."""
    name = ""
    for segment in path:
        name = f"{name}[{segment}]" if isinstance(segment, int) else segment
    return f"'{shown(name)}'" if name else "This"


Sentence: TypeAlias = tuple[str, str, str]


def _type(subject: str, error: Any) -> Sentence:
    wanted = error.validator_value
    names = [_TYPES[name] for name in ([wanted] if isinstance(wanted, str) else wanted) if name != "null"]
    return "wrong-type", f"{subject} is {_KINDS[type(error.instance)]}, not {joined(names, 'or')}.", ""


def _required(subject: str, error: Any) -> Sentence:
    missing = [name for name in error.validator_value if name not in error.instance]
    names = joined([f"'{name}'" for name in missing], "and")
    where = "" if subject == "This" else f" in {subject}"
    return "missing-member", f"{names} {'is' if len(missing) == 1 else 'are'} missing{where}.", ""


def _enum(subject: str, error: Any) -> Sentence:
    choices = list(
        {choice.lower(): choice for choice in reversed(error.validator_value) if choice is not None}.values()
    )
    choices.reverse()
    hint = close_to(error.instance, choices) if isinstance(error.instance, str) else ""
    message = f"{subject} is {shown(error.instance)}; it can be {joined(choices, 'or')}."
    return "unknown-value", message, hint


def _pattern(subject: str, error: Any) -> Sentence:
    wanted = error.schema["title"]
    return "invalid-value", f"{subject} is {shown(error.instance)}, which is not {wanted}.", ""


def _many(subject: str, error: Any) -> Sentence:
    return "too-many", f"{subject} has {len(error.instance):,} entries; Azure takes {error.validator_value:,}.", ""


def _few(subject: str, error: Any) -> Sentence:
    return "too-few", f"{subject} is empty; it needs at least {error.validator_value}.", ""


def _long(subject: str, error: Any) -> Sentence:
    return "too-long", f"{subject} has {len(error.instance):,} characters; at most {error.validator_value:,} count.", ""


SENTENCES: dict[str, Callable[[str, Any], Sentence]] = {
    "type": _type,
    "required": _required,
    "enum": _enum,
    "pattern": _pattern,
    "maxItems": _many,
    "minItems": _few,
    "minLength": _few,
    "maxLength": _long,
}
"""One for every keyword that the schemas of policy files use and a value can break."""
