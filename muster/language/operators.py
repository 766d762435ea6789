"""The 19 condition operators.

Each is a factory: given the operand's value it returns a test of one value, so that a constant operand is prepared
once. A value of None is a missing or null property. Tests answer True or False, or raise TemplateError where Azure
Policy fails; a wrong operand raises OperandError from the factory.

Semantics: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule and Microsoft's own
policy linter where the page is silent. Strings compare without regard to case (full case folding).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from muster.values.errors import TemplateError
from muster.values.json import Json, JsonObject

Test: TypeAlias = Callable[[Json], bool]


class OperandError(TemplateError):
    """An operand that the operator can't take."""


def excerpt(value: Json) -> str:
    """A value in a message: short, and never more than a line."""
    text = repr(value[:80]) if isinstance(value, str) else "null" if value is None else text_form(value)
    if text is None:
        text = f"an array of {len(value)}" if isinstance(value, list) else "an object"
    return text if len(text) <= 80 else text[:77] + "..."


def text_form(value: Json) -> str | None:
    """The string that a scalar compares as; None for arrays and objects. Null compares as the empty string."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else None


_DATE = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?Z", re.ASCII)


def instant(text: str) -> tuple[datetime, int] | None:
    """An ISO 8601 date and time in UTC with up to 7 digits of fraction, in an order that compares; else None."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    try:
        return datetime.fromisoformat(found[1]).replace(tzinfo=UTC), int((found[2] or "0").ljust(7, "0"))
    except ValueError:
        return None


def same(left: Json, right: Json) -> bool:
    """Equality of any two values: scalars by their string forms without case, arrays and objects member by member."""
    if isinstance(left, dict):
        if not isinstance(right, dict) or len(left) != len(right):
            return False
        return all(
            name.casefold() == other.casefold() and same(value, theirs)
            for (name, value), (other, theirs) in zip(_by_name(left), _by_name(right), strict=True)
        )
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(same, left, right))
    text, other = text_form(left), text_form(right)
    if text is None or other is None:
        return False
    return text.casefold() == other.casefold() or _same_instant(text, other)


def _by_name(members: JsonObject) -> list[tuple[str, Json]]:
    """An object's members in an order in which two that differ only in the case of names are alike."""
    return sorted(members.items(), key=lambda member: (member[0].casefold(), member[0]))


def _same_instant(text: str, other: str) -> bool:
    """Whether both are times, and the same: with or without a fraction of zeros, as Azure writes both."""
    time = instant(text)
    return time is not None and time == instant(other)


def equals(operand: Json) -> Test:
    """Scalars by their string forms; an array or object never equals a scalar."""
    text = text_form(operand)
    if text is None:
        return lambda value: same(value, operand)
    if instant(text) is not None:
        return lambda value: same(value, operand)
    folded = text.casefold()

    def test(value: Json) -> bool:
        if type(value) is str:
            return value.casefold() == folded
        found = text_form(value)
        return found is not None and found.casefold() == folded

    return test


def is_in(operand: Json) -> Test:
    """Equal to a member of an array. A missing property is in no array."""
    if not isinstance(operand, list):
        raise OperandError(f"in compares with an array, not with {excerpt(operand)}")
    texts = frozenset(text.casefold() for text in map(text_form, operand) if text is not None)
    if any(isinstance(member, str) and instant(member) is not None for member in operand):
        return lambda value: value is not None and any(same(value, member) for member in operand)
    nested = [member for member in operand if isinstance(member, list | dict)]

    def test(value: Json) -> bool:
        if type(value) is str:
            return value.casefold() in texts
        if value is None:
            return False
        found = text_form(value)
        if found is None:
            return any(same(value, member) for member in nested)
        return found.casefold() in texts

    return test


def like(operand: Json) -> Test:
    """`*` stands for any text; everything else for itself."""
    pattern = text_form(operand)
    if pattern is None or operand is None:
        raise OperandError(f"like compares with a string, not with {excerpt(operand)}")
    first, *rest = pattern.casefold().split("*")
    if not rest:
        exact = equals(operand)
        return lambda value: value is not None and exact(value)
    *middle, last = rest
    least = len(first) + len(last)

    def test(value: Json) -> bool:
        text = text_form(value)
        if value is None or text is None:
            return False
        text = text.casefold()
        if len(text) < least or not (text.startswith(first) and text.endswith(last)):
            return False
        at, end = len(first), len(text) - len(last)
        for part in middle:
            at = text.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return True

    return test


def _fits(mark: str, character: str) -> bool:
    """Whether a character is one that a pattern's mark stands for."""
    if mark == "#":
        return "0" <= character <= "9"
    return character.isalpha() if mark == "?" else mark in (".", character)


def _fits_in_any_case(mark: str, character: str) -> bool:
    return _fits(mark, character) or (mark not in "#?" and mark.casefold() == character.casefold())


def _matching(name: str, fits: Callable[[str, str], bool]) -> Callable[[Json], Test]:
    def factory(operand: Json) -> Test:
        if not isinstance(operand, str):
            raise OperandError(f"{name} compares with a string, not with {excerpt(operand)}")

        def test(value: Json) -> bool:
            text = text_form(value)
            return (
                value is not None and text is not None and len(text) == len(operand) and all(map(fits, operand, text))
            )

        return test

    return factory


match = _matching("match", _fits)
match_insensitively = _matching("matchInsensitively", _fits_in_any_case)


def contains(operand: Json) -> Test:
    """Part of a string, a member of an array, or a name in an object."""
    text = text_form(operand)
    folded = None if text is None else text.casefold()

    def test(value: Json) -> bool:
        if isinstance(value, list):
            return any(same(member, operand) for member in value)
        if isinstance(value, dict):
            return folded is not None and any(name.casefold() == folded for name in value)
        found = text_form(value)
        return value is not None and found is not None and folded is not None and folded in found.casefold()

    return test


def contains_key(operand: Json) -> Test:
    """A name in an object."""
    text = text_form(operand)
    if text is None or operand is None:
        raise OperandError(f"containsKey compares with a string, not with {excerpt(operand)}")
    folded = text.casefold()

    def test(value: Json) -> bool:
        return isinstance(value, dict) and any(name.casefold() == folded for name in value)

    return test


def exists(operand: Json) -> Test:
    """There and not null."""
    text = text_form(operand)
    wanted = text.lower() if text is not None else ""
    if wanted not in ("true", "false"):
        raise OperandError(f"exists compares with true or false, not with {excerpt(operand)}")
    expected = wanted == "true"
    return lambda value: (value is not None) == expected


def order(left: Json, right: Json, operator: str) -> int:
    """-1, 0 or 1. Numbers order as numbers, strings as strings without case (as instants where both are), and
    nothing else does: raises TemplateError."""
    if isinstance(left, bool) or isinstance(right, bool):
        pass
    elif isinstance(left, int | float) and isinstance(right, int | float):
        return (left > right) - (left < right)
    elif isinstance(left, str) and isinstance(right, str):
        times = instant(left), instant(right)
        if times[0] is not None and times[1] is not None:
            return (times[0] > times[1]) - (times[0] < times[1])
        folded, other = left.casefold(), right.casefold()
        return (folded > other) - (folded < other)
    raise TemplateError(f"{operator} can't order {excerpt(left)} and {excerpt(right)}: they are of different types")


def _ordering(name: str, accepted: tuple[int, ...]) -> Callable[[Json], Test]:
    def factory(operand: Json) -> Test:
        if text_form(operand) is None or operand is None or isinstance(operand, bool):
            raise OperandError(f"{name} compares with a number or a string, not with {excerpt(operand)}")
        return lambda value: value is not None and order(value, operand, name) in accepted

    return factory


def _negated(factory: Callable[[Json], Test]) -> Callable[[Json], Test]:
    def negated(operand: Json) -> Test:
        test = factory(operand)
        return lambda value: not test(value)

    return negated


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator: its documented spelling, its factory, the opposite where there is one, what it asks in words,
    whether a null `value` stands for the empty string with it, and for the reference when it holds. One that only
    negates its opposite has no `meaning` of its own."""

    name: str
    factory: Callable[[Json], Test]
    words: str
    opposite: str = ""
    null_is_empty: bool = True
    meaning: str = ""


def _ordered(name: str, accepted: tuple[int, ...], words: str) -> Operator:
    meaning = (
        f"It is {words} the operand: numbers by value, times by instant, other strings by their letters in any case."
    )
    return Operator(name, _ordering(name, accepted), words, null_is_empty=False, meaning=f"{meaning} Else it fails.")


_TABLE = (
    Operator(
        "equals",
        equals,
        "equal to",
        "notEquals",
        meaning="Strings are the same in any case; numbers and booleans as the strings that they are written as, times "
        "as instants, arrays and objects member by member. An array or object never equals a scalar.",
    ),
    Operator("notEquals", _negated(equals), "other than", "equals"),
    Operator(
        "like",
        like,
        "like",
        "notLike",
        meaning="`*` in the operand stands for any text, all else for itself in any case.",
    ),
    Operator("notLike", _negated(like), "not like", "like"),
    Operator(
        "match",
        match,
        "matching",
        "notMatch",
        meaning="`#` in the operand stands for a digit, `?` for a letter, `.` for any character, all else for itself.",
    ),
    Operator(
        "matchInsensitively",
        match_insensitively,
        "matching (any case)",
        "notMatchInsensitively",
        meaning="As `match`, in any case.",
    ),
    Operator("notMatch", _negated(match), "not matching", "match"),
    Operator("notMatchInsensitively", _negated(match_insensitively), "not matching (any case)", "matchInsensitively"),
    Operator(
        "contains",
        contains,
        "containing",
        "notContains",
        meaning="The operand is part of the string, a member of the array, or a name in the object, in any case.",
    ),
    Operator("notContains", _negated(contains), "not containing", "contains"),
    Operator(
        "in",
        is_in,
        "one of",
        "notIn",
        meaning="A member of the operand, which is an array, is equal. A missing property is in no array.",
    ),
    Operator("notIn", _negated(is_in), "none of", "in"),
    Operator(
        "containsKey",
        contains_key,
        "with the key",
        "notContainsKey",
        meaning="The object has a member of that name, in any case.",
    ),
    Operator("notContainsKey", _negated(contains_key), "without the key", "containsKey"),
    _ordered("less", (-1,), "less than"),
    _ordered("lessOrEquals", (-1, 0), "at most"),
    _ordered("greater", (1,), "greater than"),
    _ordered("greaterOrEquals", (0, 1), "at least"),
    Operator(
        "exists",
        exists,
        "existing",
        null_is_empty=False,
        meaning="With `true` it is there and not null; with `false` it is missing or null.",
    ),
)

OPERATORS = {operator.name.lower(): operator for operator in _TABLE}
"""Lower-cased name -> operator."""
