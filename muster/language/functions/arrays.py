"""Functions that make arrays, or take members from their end."""

from muster.language.functions.arguments import INT32, array, integer
from muster.language.functions.function import strict
from muster.language.functions.objects import dereference
from muster.values.errors import TemplateError
from muster.values.json import Json

_LONGEST_RANGE = 10_000


def to_array(value: Json) -> Json:
    """An array stays what it is; anything else becomes its only member."""
    return value if isinstance(value, list) else [value]


def create_array(*members: Json) -> Json:
    """Of no arguments, the empty array."""
    return list(members)


def flatten(arrays: Json) -> Json:
    """One level only."""
    return [
        member for inner in array(arrays, "arrayToFlatten") for member in array(inner, "every member of arrayToFlatten")
    ]


def index_from_end(source: Json, reverse_index: Json) -> Json:
    """Counted from 1, the last."""
    members = array(source, "sourceArray")
    at = integer(reverse_index, "reverseIndex")
    if not 1 <= at <= len(members):
        raise TemplateError(f"reverseIndex must be from 1 to the array's length, which is {len(members)}")
    return members[-at]


def try_index_from_end(source: Json, reverse_index: Json, *further: Json) -> Json:
    """Null where there is no such member or no array; further names and indexes must exist, as with tryGet()."""
    at = integer(reverse_index, "reverseIndex")
    if not isinstance(source, list) or not 1 <= at <= len(source):
        return None
    return dereference(source[-at], further)


def sequence(start: Json, count: Json) -> Json:
    """At most 10,000 integers of 32 bits."""
    low = integer(start, "startIndex", INT32)
    many = integer(count, "count", range(_LONGEST_RANGE + 1))
    if low + many - 1 not in INT32:
        raise TemplateError(f"startIndex + count - 1 must be at most {INT32[-1]}")
    return [*range(low, low + many)]


ROWS = (
    strict("array(convertToArray)", to_array, "Makes a value the only member of an array; an array stays as it is."),
    strict("createArray(arg1?, ...)", create_array, "Makes an array of its arguments."),
    strict("flatten(arrayToFlatten)", flatten, "Makes one array of the members of an array of arrays."),
    strict(
        "indexFromEnd(sourceArray, reverseIndex)",
        index_from_end,
        "Returns a member of an array counted from its end, where 1 is the last; fails where there is none.",
    ),
    strict("range(startIndex, count)", sequence, "Returns an array of consecutive integers, at most 10,000."),
    strict(
        "tryIndexFromEnd(sourceArray, reverseIndex, furtherKey?, ...)",
        try_index_from_end,
        "Returns a member of an array counted from its end, where 1 is the last, or null where there is none.",
    ),
)
