"""Functions of objects. Their names are looked up without regard to case and keep their spelling."""

from collections.abc import Sequence

from muster.language.functions.arguments import array, integer, json_object, kind, text
from muster.language.functions.function import strict
from muster.language.functions.letters import fold, upper
from muster.values.errors import TemplateError
from muster.values.json import Json, JsonObject


def create_object(*pairs: Json) -> Json:
    """Of names and values in turn; no name twice."""
    if len(pairs) % 2:
        raise TemplateError("it takes an even number of arguments, a value for each name")
    names = [text(name, "every name") for name in pairs[::2]]
    made = dict(zip(names, pairs[1::2], strict=True))
    if len(made) < len(names):
        raise TemplateError("no name may stand twice")
    return made


def items(source: Json) -> Json:
    """In the order of the names' capitals, as .NET's ordinal comparison without case has it."""
    members = json_object(source, "object")
    return [{"key": name, "value": members[name]} for name in sorted(members, key=_ordinal)]


def object_keys(source: Json) -> Json:
    """In the order of the object."""
    return [*json_object(source, "object")]


def shallow_merge(objects: Json) -> Json:
    """The later value replaces the earlier one whole."""
    merged: JsonObject = {}
    spelling: dict[str, str] = {}
    for source in array(objects, "inputArray"):
        for name, value in json_object(source, "every member of inputArray").items():
            merged[spelling.setdefault(fold(name), name)] = value
    return merged


def try_get(source: Json, key: Json, *further: Json) -> Json:
    """Null where the first name or index leads nowhere; further ones must then exist."""
    if isinstance(key, bool) or not isinstance(key, str | int):
        raise TemplateError(f"key must be a string or an integer, not {kind(key)}")
    try:
        found = _child(source, key)
    except TemplateError:
        return None
    return dereference(found, further)


def dereference(value: Json, keys: Sequence[Json]) -> Json:
    """Follow names and indexes. Null leads to null at the first step; after it, everything must be there."""
    if value is None:
        return None
    for key in keys:
        value = _child(value, key)
    return value


def _child(value: Json, key: Json) -> Json:
    if isinstance(value, dict):
        name = text(key, "the name of a member")
        if name in value:
            return value[name]
        folded = fold(name)
        for spelled, member in value.items():
            if fold(spelled) == folded:
                return member
        raise TemplateError(f"the object has no member '{name[:40]}'")
    if isinstance(value, list):
        at = integer(key, "the index into an array")
        if not 0 <= at < len(value):
            raise TemplateError(f"the index must be below the array's length, which is {len(value)}")
        return value[at]
    raise TemplateError(f"{kind(value)} has no members")


def _ordinal(name: str) -> bytes:
    return upper(name).encode("utf-16-be", "surrogatepass")


ROWS = (
    strict("createObject(key1?, value1?, ...)", create_object, "Makes an object of names and values in turn."),
    strict("items(object)", items, "Makes an array of objects with key and value of the members of an object."),
    strict("objectKeys(object)", object_keys, "Returns the names of an object's members."),
    strict(
        "shallowMerge(inputArray)", shallow_merge, "Merges an array of objects; later members replace earlier ones."
    ),
    strict(
        "tryGet(source, key, furtherKey?, ...)",
        try_get,
        "Returns a member of an object or an array, or null where there is none.",
    ),
)
