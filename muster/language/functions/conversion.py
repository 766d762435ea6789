"""From one type to another: bool, float, int, json, string."""

import re

from muster.language.functions.arguments import INT64, integer, kind, text
from muster.language.functions.function import strict
from muster.language.functions.json_text import compact, scalar_text
from muster.language.source import Source, read_json
from muster.values.errors import TemplateError
from muster.values.json import Json

_INTEGER = re.compile(r"\s*([+-]?)0*([0-9]{1,19})\s*", re.ASCII)
_FLOAT = re.compile(r"\s*[+-]?(?:[0-9][0-9,]*\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\s*", re.ASCII)
_BOOLEANS = {"true": True, "false": False, "1": True, "0": False}


def to_bool(arg: Json) -> Json:
    """True and false in any case, "1" and "0", and numbers, where only zero is false."""
    if isinstance(arg, bool | int | float):
        return bool(arg)
    found = _BOOLEANS.get(text(arg, "arg1").strip().lower())
    if found is None:
        raise TemplateError("arg1 must be 'true' or 'false', or a number")
    return found


def to_int(value: Json) -> Json:
    """A string of digits with a sign or without; a fraction is refused, as .NET's Int64.Parse does."""
    if not isinstance(value, str):
        if isinstance(value, bool) or not isinstance(value, int):
            raise TemplateError(f"valueToConvert must be a string or an integer, not {kind(value)}")
        return integer(value, "valueToConvert")
    match = _INTEGER.fullmatch(value)
    number = int(match[1] + match[2]) if match else None
    if number is None or number not in INT64:
        raise TemplateError("valueToConvert must be a whole number of at most 64 bits")
    return number


def to_float(value: Json) -> Json:
    """A number or a string that is one; infinities and NaN are no JSON."""
    if isinstance(value, str):
        if not _FLOAT.fullmatch(value):
            raise TemplateError("arg1 must be a number")
        value = float(value.replace(",", ""))
    elif isinstance(value, int | float):
        value = float(integer(value, "arg1")) if type(value) is int else float(value)
    else:
        raise TemplateError(f"arg1 must be a string or a number, not {kind(value)}")
    if value - value != 0:
        raise TemplateError("arg1 is too large for a float")
    return value


def to_string(value: Json) -> Json:
    """Anything: scalars as they are written, arrays and objects as compact JSON."""
    return compact(value) if isinstance(value, list | dict) else scalar_text(value)


def from_json(arg: Json) -> Json:
    """The value of a JSON text; of a name that stands twice in an object the last one counts."""
    return parse(text(arg, "arg1"))


def parse(document: str) -> Json:
    """The value of a JSON text. Raises TemplateError where it is none."""
    value, faults = read_json(Source("", document))
    reason = next((fault.message for fault in faults if fault.rule != "duplicate-key"), None)
    if reason is not None:
        raise TemplateError(f"it must be JSON: {reason.rstrip('.')}")
    return value


ROWS = (
    strict("bool(arg1)", to_bool, "Converts a string or number to a boolean."),
    strict("float(arg1)", to_float, "Converts a string or number to a floating point number."),
    strict("int(valueToConvert)", to_int, "Converts a string to an integer."),
    strict("json(arg1)", from_json, "Reads a string as JSON and returns the value that it stands for."),
    strict(
        "string(valueToConvert)",
        to_string,
        "Converts any value to a string; arrays and objects become JSON without spaces.",
    ),
)
