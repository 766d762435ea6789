"""The JSON Schema (2019-09) that an object parameter may have, applied within bounds.

The schema is a stranger's. `pattern`, `patternProperties` and `format` are not applied, since a regular expression can
take for ever; nor is what would need them to be (`additionalProperties` beside `patternProperties`, and the
`unevaluated` pair). References are followed inside the schema only. All other work is counted.
"""

from collections.abc import Callable, Iterator
from typing import Any

from muster.language.functions.equality import identity
from muster.values.json import Json, JsonObject

MOST_STEPS = 500_000
"""A second's work or two; one step is a member of a keyword or of a value looked at."""

MOST_NODES = 10_000
"""Values in a schema. References are looked for in all of it, each time."""

_NOT_APPLIED = ("pattern", "patternProperties", "format", "unevaluatedProperties", "unevaluatedItems")
_REFERENCES = ("$ref", "$recursiveRef", "$dynamicRef")
_REFERENCE_STEPS = 100

_Check = Callable[[Any, Any, Any, Any], Iterator[Any]]


class _TooMuchWork(ValueError):
    def __str__(self) -> str:
        return "it takes too long"


def schema_fault(schema: JsonObject, value: Json) -> str:
    """Why a value does not fit a schema, or why the schema can't be applied; empty where it fits. Never raises."""
    if _nodes(schema) > MOST_NODES:
        return f"its schema can't be applied: more than {MOST_NODES:,} values"
    from jsonschema.exceptions import UnknownType  # noqa: PLC0415 # few definitions have a schema, and this costs 70 ms
    from referencing import Registry  # noqa: PLC0415
    from referencing.exceptions import Unresolvable  # noqa: PLC0415

    try:
        validator = _validator()(schema, registry=Registry())
        error = next(iter(validator.iter_errors(value)), None)
    except Unresolvable:
        return "its schema can't be applied: it refers to what is not in it"
    except RecursionError:
        return "its schema can't be applied: it refers to itself without end"
    except _TooMuchWork as problem:
        return f"its schema can't be applied: {problem}"
    except (UnknownType, *_UNSOUND) as problem:
        return f"its schema can't be applied: it is no JSON Schema ({type(problem).__name__})"
    return "" if error is None else f"it does not fit its schema: {error.message[:200]}"


def _validator() -> Any:
    """A class of validators that count their steps together."""
    from jsonschema import Draft201909Validator, validators  # noqa: PLC0415

    spent = 0

    def counted(keyword: str, check: _Check) -> _Check:
        def bounded(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[Any]:
            nonlocal spent
            spent += _weight(keyword, wanted) + _members(instance)
            if spent > MOST_STEPS:
                raise _TooMuchWork
            yield from check(validator, wanted, instance, schema) or ()

        return bounded

    checks = {**Draft201909Validator.VALIDATORS, "uniqueItems": _unique}
    checks["additionalProperties"] = _unless_patterns(checks["additionalProperties"])
    return validators.create(
        meta_schema=Draft201909Validator.META_SCHEMA,
        validators={name: counted(name, check) for name, check in checks.items() if name not in _NOT_APPLIED},
    )


def _unique(_validator: Any, wanted: Any, instance: Any, _schema: Any) -> Iterator[Any]:
    from jsonschema.exceptions import ValidationError  # noqa: PLC0415

    if wanted and isinstance(instance, list) and len(set(map(identity, instance))) < len(instance):
        yield ValidationError("an array has the same member twice")


def _unless_patterns(check: _Check) -> _Check:
    def unless(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[Any]:
        if "patternProperties" not in schema:
            yield from check(validator, wanted, instance, schema) or ()

    return unless


def _weight(keyword: str, wanted: Any) -> int:
    if keyword in _REFERENCES:
        return _REFERENCE_STEPS
    return _nodes(wanted) if keyword in ("enum", "const") else 1 + _members(wanted)


def _members(value: Any) -> int:
    return len(value) if isinstance(value, list | dict) else 0


def _nodes(value: Json) -> int:
    """How many values there are in a value, itself included."""
    found, pending = 0, [value]
    while pending:
        item = pending.pop()
        found += 1
        pending.extend(item.values() if isinstance(item, dict) else item if isinstance(item, list) else ())
    return found


_UNSOUND = (TypeError, ValueError, AttributeError, LookupError, ArithmeticError)
"""What jsonschema raises where a keyword's value is not of the kind that it takes."""
