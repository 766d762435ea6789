"""Reading the arguments of template functions.

Each reader takes a value and the documented name of its parameter, and raises TemplateError with the half of a
sentence that says what is wanted; the call itself is put before it in `function`.
"""

from collections.abc import Sequence

from muster.values.errors import TemplateError
from muster.values.json import Json, JsonObject

INT64 = range(-(2**63), 2**63)
INT32 = range(-(2**31), 2**31)

_EXCERPT = 80
_HUGE = 10**40


def kind(value: Json) -> str:
    """What a value is, with an article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int):
        return "an integer"
    if isinstance(value, float):
        return "a float"
    if isinstance(value, str):
        return "a string"
    return "an array" if isinstance(value, list) else "an object"


def text(value: Json, name: str) -> str:
    """A string."""
    if isinstance(value, str):
        return value
    raise TemplateError(f"{name} must be a string, not {kind(value)}")


def text_or_null(value: Json, name: str) -> str:
    """A string, or the empty one for null."""
    return "" if value is None else text(value, name)


def integer(value: Json, name: str, allowed: range = INT64) -> int:
    """An integer of 64 bits, or of the range given. A boolean is none, nor is 1.0."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TemplateError(f"{name} must be an integer, not {kind(value)}")
    if value not in allowed:
        raise TemplateError(f"{name} must be from {allowed[0]} to {allowed[-1]}")
    return value


def boolean(value: Json, name: str) -> bool:
    """True or False."""
    if isinstance(value, bool):
        return value
    raise TemplateError(f"{name} must be true or false, not {kind(value)}")


def number(value: Json, name: str) -> int | float:
    """An integer of 64 bits or a float."""
    return value if isinstance(value, float) else integer(value, name)


def array(value: Json, name: str) -> list[Json]:
    """An array."""
    if isinstance(value, list):
        return value
    raise TemplateError(f"{name} must be an array, not {kind(value)}")


def json_object(value: Json, name: str) -> JsonObject:
    """An object."""
    if isinstance(value, dict):
        return value
    raise TemplateError(f"{name} must be an object, not {kind(value)}")


def utf8(value: str) -> bytes:
    """The UTF-8 form. Raises TemplateError on half of a surrogate pair, which has none."""
    try:
        return value.encode()
    except UnicodeEncodeError:
        raise TemplateError("half of a surrogate pair is no character") from None


def excerpt(arguments: Sequence[Json]) -> str:
    """Arguments as a template writes them, shortened to 80 characters, without anything that moves a cursor."""
    parts: list[str] = []
    for argument in arguments:
        parts.append(_short(argument))
        if sum(map(len, parts)) > _EXCERPT:
            break
    joined = ", ".join(parts)
    return joined if len(joined) <= _EXCERPT else joined[: _EXCERPT - 3] + "..."


def _short(value: Json) -> str:
    if isinstance(value, str):
        shown = "".join(c if c.isprintable() else "?" for c in value[:_EXCERPT])
        return f"'{shown}'"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if -_HUGE < value < _HUGE else "a huge integer"
    if isinstance(value, list | dict):
        return f"{kind(value)} of {len(value)}"
    return "null" if value is None else repr(value)
