"""Values as text: numbers as .NET writes them, arrays and objects as compact JSON."""

import json
from decimal import Decimal
from math import isfinite

from muster.language.functions.arguments import integer
from muster.language.functions.bounds import MAX_STRING, check_length
from muster.values.errors import TemplateError
from muster.values.json import Json

_NEWTONSOFT_ESCAPES = str.maketrans({"\x85": "\\u0085", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def number_text(value: int | float) -> str:
    """The shortest digits that read back as the same number, without a needless fraction: `3`, `0.1`, `1E+21`."""
    if isinstance(value, int):
        return str(integer(value, "a number"))
    if not isfinite(value):
        raise TemplateError("a number beyond what JSON has")
    if value == 0:
        return "-0" if str(value).startswith("-") else "0"
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    assert isinstance(exponent, int)
    shown, places = "".join(map(str, digits)), len(digits) + exponent
    if -4 < places <= 15:
        whole = shown[: max(places, 0)].ljust(places, "0") or "0"
        fraction = "0" * -min(places, 0) + shown[max(places, 0) :]
        body = f"{whole}.{fraction}" if fraction else whole
    else:
        body = f"{shown[0]}.{shown[1:]}".rstrip(".") + f"E{places - 1:+03d}"
    return "-" * sign + body


def scalar_text(value: Json) -> str:
    """A scalar as string() gives it: `True` and `False` as .NET writes them, a float with its fraction."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value)
    return _json_scalar(value)


def compact(value: Json) -> str:
    """JSON without spaces, members in their order. Raises TemplateError as soon as it grows too long."""
    pieces: list[str] = []
    length = 0

    def write(piece: str) -> None:
        nonlocal length
        length += len(piece)
        if length > MAX_STRING:
            check_length(length)
        pieces.append(piece)

    def walk(item: Json) -> None:
        if isinstance(item, dict):
            separator = "{"
            for name, member in item.items():
                write(f"{separator}{_json_scalar(name)}:")
                walk(member)
                separator = ","
            write("}" if item else "{}")
        elif isinstance(item, list):
            separator = "["
            for member in item:
                write(separator)
                walk(member)
                separator = ","
            write("]" if item else "[]")
        else:
            write(_json_scalar(item))

    walk(value)
    return "".join(pieces)


def _json_scalar(value: Json) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        shown = number_text(value)
        return shown + ".0" if isinstance(value, float) and shown.lstrip("-").isdigit() else shown
    return json.dumps(value, ensure_ascii=False).translate(_NEWTONSOFT_ESCAPES)
