"""Functions of strings alone."""

import re

from muster.language.functions.arguments import array, integer, kind, text, text_or_null
from muster.language.functions.bounds import check_length
from muster.language.functions.function import strict
from muster.language.functions.letters import fold, lower, upper
from muster.values.errors import TemplateError
from muster.values.json import Json

_WHITE_SPACE = (
    "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f"
    "\u205f\u3000"
)
_WIDEST_PADDING = 16
_SPLITTING_EFFORT = 2**24


def ends_with(text_to_search: Json, text_to_find: Json) -> Json:
    """Without regard to case."""
    return fold(text(text_to_search, "stringToSearch")).endswith(fold(text(text_to_find, "stringToFind")))


def join(members: Json, delimiter: Json) -> Json:
    """Strings only: a number among them is refused, as by Microsoft's linter."""
    parts = [text(member, "every member of inputArray") for member in array(members, "inputArray")]
    between = text(delimiter, "delimiter")
    check_length(sum(map(len, parts)) + len(between) * max(len(parts) - 1, 0))
    return between.join(parts)


def pad_left(value: Json, width: Json, *character: Json) -> Json:
    """To at most 16 characters, Azure's bound; what is longer already stays as it is."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TemplateError(f"valueToPad must be a string or an integer, not {kind(value)}")
    shown = value if isinstance(value, str) else str(integer(value, "valueToPad"))
    total = integer(width, "totalLength", range(1, _WIDEST_PADDING + 1))
    filler = " " if character in ((), (None,)) else text(character[0], "paddingCharacter")
    if len(filler) != 1:
        raise TemplateError("paddingCharacter must be one character")
    return shown.rjust(total, filler)


def replace(original: Json, old: Json, new: Json) -> Json:
    """Every occurrence, found without regard to case as Microsoft's linter does."""
    subject, wanted, other = text(original, "originalString"), text(old, "oldString"), text(new, "newString")
    if not wanted:
        raise TemplateError("oldString must not be empty")
    folded, needle = fold(subject), fold(wanted)
    check_length(len(subject) + folded.count(needle) * (len(other) - len(wanted)))
    pieces, at = [], 0
    while (found := folded.find(needle, at)) >= 0:
        pieces += [subject[at:found], other]
        at = found + len(needle)
    return "".join([*pieces, subject[at:]])


def split(subject: Json, delimiter: Json) -> Json:
    """At one delimiter or at any of several; empty ones split nothing."""
    whole = text(subject, "inputString")
    if delimiter is None or isinstance(delimiter, str):
        return [*whole.split(delimiter)] if delimiter else [whole]
    if not isinstance(delimiter, list):
        raise TemplateError(f"delimiter must be a string or an array of strings, not {kind(delimiter)}")
    delimiters = [one for one in (text(member, "every delimiter") for member in delimiter) if one]
    if not delimiters:
        return [whole]
    if len(whole) * sum(map(len, delimiters)) > _SPLITTING_EFFORT:
        raise TemplateError("so long a string can't be split at so many delimiters")
    return [*re.split("|".join(map(re.escape, delimiters)), whole)]


def starts_with(text_to_search: Json, text_to_find: Json) -> Json:
    """Without regard to case."""
    return fold(text(text_to_search, "stringToSearch")).startswith(fold(text(text_to_find, "stringToFind")))


def substring(subject: Json, start: Json, *length: Json) -> Json:
    """Fails where it would reach beyond the string, so rules ask for the length() first."""
    whole, first = text(subject, "stringToParse"), integer(start, "startIndex")
    wanted = integer(length[0], "length") if length else len(whole) - first
    if first < 0 or wanted < 0 or first + wanted > len(whole):
        raise TemplateError(f"startIndex and length must lie within the string, which has {len(whole)} characters")
    return whole[first : first + wanted]


def to_lower(value: Json) -> Json:
    """Null counts as the empty string."""
    return lower(text_or_null(value, "stringToChange"))


def to_upper(value: Json) -> Json:
    """Null counts as the empty string."""
    return upper(text_or_null(value, "stringToChange"))


def trim(value: Json) -> Json:
    """Of what .NET calls white space."""
    return text(value, "stringToTrim").strip(_WHITE_SPACE)


ROWS = (
    strict(
        "endsWith(stringToSearch, stringToFind)", ends_with, "Tells whether a string ends with another, in any case."
    ),
    strict("join(inputArray, delimiter)", join, "Joins an array of strings into one, a delimiter between them."),
    strict(
        "padLeft(valueToPad, totalLength, paddingCharacter?)",
        pad_left,
        "Right-aligns a string or integer in at most 16 characters, filling with spaces or a given character.",
    ),
    strict(
        "replace(originalString, oldString, newString)",
        replace,
        "Replaces every occurrence of one string, in any case, with another.",
    ),
    strict("split(inputString, delimiter)", split, "Splits a string at a delimiter, or at any of an array of them."),
    strict(
        "startsWith(stringToSearch, stringToFind)",
        starts_with,
        "Tells whether a string starts with another, in any case.",
    ),
    strict(
        "substring(stringToParse, startIndex, length?)",
        substring,
        "Returns part of a string; fails where the part would reach beyond it.",
    ),
    strict("toLower(stringToChange)", to_lower, "Converts a string to lower case."),
    strict("toUpper(stringToChange)", to_upper, "Converts a string to upper case."),
    strict("trim(stringToTrim)", trim, "Removes white space from both ends of a string."),
)
