"""Equality of JSON values as template functions see it: deep, case-sensitive, numbers by value, true never 1."""

from collections.abc import Hashable

from muster.values.json import Json

_NUMBERS = (int, float)


def deep_equals(left: Json, right: Json) -> bool:
    """Whether two values are the same. The order of an object's members does not matter."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, _NUMBERS) and isinstance(right, _NUMBERS):
        return left == right
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(deep_equals(value, right[name]) for name, value in left.items())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(deep_equals, left, right))
    return type(left) is type(right) and left == right


def identity(value: Json) -> Hashable:
    """A key that two values share exactly when they are deeply equal."""
    if isinstance(value, bool):
        return (bool, value)
    if isinstance(value, list):
        return (list, *map(identity, value))
    if isinstance(value, dict):
        return (dict, frozenset((name, identity(member)) for name, member in value.items()))
    return value
