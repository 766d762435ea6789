"""union and intersection, of arrays or of objects."""

from collections.abc import Hashable, Iterable

from muster.language.functions.equality import deep_equals, identity
from muster.language.functions.function import strict
from muster.language.functions.letters import fold
from muster.values.errors import TemplateError
from muster.values.json import Json, JsonObject


def intersection(*arguments: Json) -> Json:
    """Members in the order of the first argument, each once; of objects, the members that are the same in all."""
    arrays, objects = _sorted_out(arguments)
    if arrays:
        first, *others = [_distinct([members]) for members in arrays]
        return [member for key, member in first.items() if all(key in other for other in others)]
    source, *patches = objects
    return {
        name: value
        for name, value in source.items()
        if all(name in other and deep_equals(value, other[name]) for other in patches)
    }


def union(*arguments: Json) -> Json:
    """Members in order, each once; objects merge at every depth, and elsewhere the later value counts."""
    arrays, objects = _sorted_out(arguments)
    if arrays:
        return [*_distinct(arrays).values()]
    merged: JsonObject = {}
    for source in objects:
        merged = _merged(merged, source)
    return merged


def _merged(base: JsonObject, patch: JsonObject) -> JsonObject:
    result = dict(base)
    spelling = {fold(name): name for name in result}
    for name, value in patch.items():
        own = spelling.setdefault(fold(name), name)
        before = result.get(own)
        result[own] = _merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return result


def _distinct(arrays: Iterable[list[Json]]) -> dict[Hashable, Json]:
    found: dict[Hashable, Json] = {}
    for members in arrays:
        for member in members:
            found.setdefault(identity(member), member)
    return found


def _sorted_out(arguments: tuple[Json, ...]) -> tuple[list[list[Json]], list[JsonObject]]:
    arrays = [argument for argument in arguments if isinstance(argument, list)]
    objects = [argument for argument in arguments if isinstance(argument, dict)]
    if len(arguments) not in (len(arrays), len(objects)):
        raise TemplateError("the arguments must be all arrays or all objects")
    return arrays, objects


ROWS = (
    strict(
        "intersection(arg1, arg2, ...)",
        intersection,
        "Returns what several arrays or several objects have in common.",
    ),
    strict("union(arg1, arg2, ...)", union, "Returns all that several arrays or several objects have, nothing twice."),
)
