"""Functions that take strings and arrays alike, some of them objects too.

Characters are Unicode code points, where .NET counts UTF-16 units: a character beyond the basic plane counts once,
and none is ever cut in half.
"""

from collections.abc import Sequence

from muster.language.functions.arguments import INT32, integer, kind, text
from muster.language.functions.bounds import MAX_NODES, check_length
from muster.language.functions.equality import deep_equals
from muster.language.functions.function import strict
from muster.language.functions.json_text import scalar_text
from muster.language.functions.letters import fold
from muster.values.errors import TemplateError
from muster.values.json import Json

_SIZED = (str, list, dict)


def concat(*arguments: Json) -> Json:
    """Arrays one after the other, or strings; among strings integers and booleans are written out and nulls left
    out, as by Microsoft's linter."""
    if all(isinstance(argument, list) for argument in arguments):
        joined: list[Json] = []
        for argument in arguments:
            assert isinstance(argument, list)
            if len(joined) + len(argument) > MAX_NODES:
                raise TemplateError(f"the result would have more than the {MAX_NODES:,} nodes allowed")
            joined += argument
        return joined
    parts = []
    for argument in arguments:
        if isinstance(argument, str):
            parts.append(argument)
        elif isinstance(argument, int):
            parts.append(scalar_text(argument))
        elif argument is not None:
            raise TemplateError(f"the arguments must be all strings or all arrays, and one is {kind(argument)}")
    check_length(sum(map(len, parts)))
    return "".join(parts)


def contains(container: Json, item: Json) -> Json:
    """Names and parts of strings in any case, members of arrays by deep equality."""
    if isinstance(container, str):
        return fold(text(item, "itemToFind")) in fold(container)
    if isinstance(container, list):
        return item in container if isinstance(item, str) else any(deep_equals(member, item) for member in container)
    if isinstance(container, dict):
        name = text(item, "itemToFind")
        folded = fold(name)
        return name in container or any(fold(key) == folded for key in container)
    raise TemplateError(f"container must be an array, an object or a string, not {kind(container)}")


def empty(item: Json) -> Json:
    """Null is empty; a number or a boolean is refused, as by Microsoft's linter."""
    if item is None or isinstance(item, _SIZED):
        return not item
    raise TemplateError(f"itemToTest must be an array, an object or a string, not {kind(item)}")


def first(value: Json) -> Json:
    """Null of an empty array and of null, the empty string of the empty string."""
    if isinstance(value, str):
        return value[:1]
    members = _sequence(value, "arg1")
    return members[0] if members else None


def index_of(subject: Json, item: Json) -> Json:
    """In strings without regard to case, in arrays by deep equality; -1 where it is not."""
    if isinstance(subject, str):
        return fold(subject).find(fold(text(item, "itemToFind")))
    members = _sequence(subject, "stringToSearch")
    return next((index for index, member in enumerate(members) if deep_equals(member, item)), -1)


def last(value: Json) -> Json:
    """Null of an empty array and of null, the empty string of the empty string."""
    if isinstance(value, str):
        return value[-1:]
    members = _sequence(value, "arg1")
    return members[-1] if members else None


def last_index_of(subject: Json, item: Json) -> Json:
    """In strings without regard to case, in arrays by deep equality; -1 where it is not."""
    if isinstance(subject, str):
        return fold(subject).rfind(fold(text(item, "itemToFind")))
    members = _sequence(subject, "stringToSearch")
    return next((index for index in reversed(range(len(members))) if deep_equals(members[index], item)), -1)


def length(value: Json) -> Json:
    """Members, characters or names; null has none."""
    if value is None or isinstance(value, _SIZED):
        return len(value) if value else 0
    raise TemplateError(f"arg1 must be an array, an object or a string, not {kind(value)}")


def skip(value: Json, count: Json) -> Json:
    """All but the first ones; a count below zero skips none."""
    at = max(integer(count, "numberToSkip", INT32), 0)
    return value[at:] if isinstance(value, str) else _array_or_string(value)[at:]


def take(value: Json, count: Json) -> Json:
    """The first ones; a count below zero takes none."""
    at = max(integer(count, "numberToTake", INT32), 0)
    return value[:at] if isinstance(value, str) else _array_or_string(value)[:at]


def _sequence(value: Json, name: str) -> Sequence[Json]:
    if value is None:
        return ()
    if isinstance(value, list):
        return value
    raise TemplateError(f"{name} must be an array or a string, not {kind(value)}")


def _array_or_string(value: Json) -> list[Json]:
    if isinstance(value, list):
        return value
    raise TemplateError(f"originalValue must be an array or a string, not {kind(value)}")


ROWS = (
    strict("concat(arg1, ...)", concat, "Joins strings into one string, or arrays into one array."),
    strict(
        "contains(container, itemToFind)",
        contains,
        "Tells whether a string has a part, an object a name (both in any case) or an array a member.",
    ),
    strict("empty(itemToTest)", empty, "Tells whether a string, an array or an object is empty, or null."),
    strict("first(arg1)", first, "Returns the first member of an array or the first character of a string."),
    strict(
        "indexOf(stringToSearch, itemToFind)",
        index_of,
        "Returns the position of the first occurrence in a string (in any case) or an array, or -1.",
    ),
    strict("last(arg1)", last, "Returns the last member of an array or the last character of a string."),
    strict(
        "lastIndexOf(stringToSearch, itemToFind)",
        last_index_of,
        "Returns the position of the last occurrence in a string (in any case) or an array, or -1.",
    ),
    strict(
        "length(arg1)",
        length,
        "Returns the number of members of an array, characters of a string or names of an object.",
    ),
    strict("skip(originalValue, numberToSkip)", skip, "Returns a string or array without its first so many."),
    strict("take(originalValue, numberToTake)", take, "Returns the first so many of a string or array."),
)
