"""Changes JSON member by member, so that what comes out is still JSON most of the time.

Drops, doubles, renames and swaps members; changes types; nests deep; puts in long texts, odd characters, half surrogate
pairs, numbers that no float holds. What is base64 stays base64. Names may stand twice, so objects are lists of pairs.
"""

import base64
import contextlib
import json
import random
import re
from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.fuzz_seeds import NAMES, VALUES

MAX_PLACES = 2_000

ODD = (
    *(
        "",
        "\x00",
        "\n",
        "\x1b[31m",
        "\u202e",
        "\u2028",
        "\ufeff",
        "é",
        "😀",
        "\ud800",
        "\udfff",
        "\ud83d",
        "\\",
        '"',
        "'",
    ),
    *("%", "/", "//", ".", "..", " ", "~", "@", "=", "<script>", "${x}", "claims", "İ", "ſ", "K", "٣"),
)
RAW = (
    *("null", "true", "false", "0", "-0", "1", "1000", "1001", "1e999", "-1e-999", "NaN", "Infinity", "1.0", "0.1e1"),
    *("18446744073709551616", "9" * 40, "9" * 41, "9" * 4301, '"\\ud800"', '"\\ud83d\\ude00"', "[]", "{}", '""'),
)
DEPTHS = (2, 100, 125, 126, 127, 128, 129, 130, 600, 1_100)
REPEATS = (2, 17, 300, 2_000)
BASE64 = re.compile(rb"[A-Za-z0-9+/]{8,}={0,2}")


class Members(list[tuple[str, Any]]):
    """An object: its members in their order, whose names may repeat."""


class Raw(str):
    """A piece of JSON as it is written."""

    __slots__ = ()


Place = tuple[list[Any], int]


def mutated(data: bytes, limit: int, seed: int, of_bytes: Callable[[bytes, int], bytes]) -> bytes:
    """Another input like this one, of at most `limit` bytes. `of_bytes` changes what is no JSON."""
    chance = random.Random(seed)
    coded = BASE64.fullmatch(data) is not None
    text = decoded(data) if coded else data
    if chance.random() < 0.9:
        try:
            value = json.loads(text.decode("utf-8", "replace"), object_pairs_hook=Members)
            changed = changed_text(value, chance).encode("utf-8", "replace")
        except (ValueError, RecursionError):
            changed = of_bytes(text, limit)
    else:
        changed = of_bytes(text, limit)
    if coded != (chance.random() < 0.03):
        changed = base64.b64encode(changed)
    return changed if 0 < len(changed) <= limit else of_bytes(data, limit)


def decoded(data: bytes) -> bytes:
    """What base64 stands for, or the same where it is none."""
    try:
        return base64.b64decode(data, validate=True)
    except ValueError:
        return data


def changed_text(value: Any, chance: random.Random) -> str:
    """A value as text, after some changes."""
    root = [value]
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        places = _places(root)
        chance.choice(CHANGES)(chance.choice(places), places, chance)
        if not root:
            root.append(Raw("null"))
    text = _written(root[0], chance.random() < 0.5)
    if chance.random() < 0.1:
        text = _escaped(text, chance)
    if chance.random() < 0.05:
        text = text[: chance.randrange(len(text) + 1)]
    return text


def _places(root: list[Any]) -> list[Place]:
    """Where values stand: an item of a list, or a member of an object, the whole first."""
    found: list[Place] = []
    waiting = [root]
    while waiting and len(found) < MAX_PLACES:
        holder = waiting.pop()
        for index in range(len(holder)):
            found.append((holder, index))
            child = _value((holder, index))
            if isinstance(child, list):
                waiting.append(child)
    return found


def _value(place: Place) -> Any:
    holder, index = place
    return holder[index][1] if isinstance(holder, Members) else holder[index]


def _put(place: Place, value: Any) -> None:
    holder, index = place
    if index < len(holder):
        holder[index] = (holder[index][0], value) if isinstance(holder, Members) else value


def _drop(place: Place, _: Sequence[Place], __: random.Random) -> None:
    holder, index = place
    del holder[index]


def _double(place: Place, _: Sequence[Place], chance: random.Random) -> None:
    holder, index = place
    holder.insert(chance.randint(0, len(holder)), holder[index])


def _rename(place: Place, _: Sequence[Place], chance: random.Random) -> None:
    holder, index = place
    if isinstance(holder, Members):
        name = holder[index][0]
        odd = f"{name}{chance.choice(ODD)}"
        holder[index] = (chance.choice((name.upper(), name.swapcase(), odd, chance.choice(NAMES))), holder[index][1])


def _add(place: Place, _: Sequence[Place], chance: random.Random) -> None:
    value = _value(place)
    if isinstance(value, Members):
        value.append((chance.choice(NAMES), _new(chance)))
    elif isinstance(value, list):
        value.append(_new(chance))
    else:
        _put(place, Members([(chance.choice(NAMES), value)]))


def _replace(place: Place, _: Sequence[Place], chance: random.Random) -> None:
    _put(place, _new(chance))


def _copy(place: Place, places: Sequence[Place], chance: random.Random) -> None:
    """As text, so that nothing holds itself."""
    other = chance.choice(places)
    _put(place, Raw(_written(_value(other), ascii_only=True)))


def _as_text(place: Place, _: Sequence[Place], __: random.Random) -> None:
    _put(place, _written(_value(place), ascii_only=False))


def _as_list(place: Place, _: Sequence[Place], chance: random.Random) -> None:
    _put(place, [_value(place)] * chance.choice((1, 2, 3)))


def _nest(place: Place, _: Sequence[Place], chance: random.Random) -> None:
    depth = chance.choice(DEPTHS)
    opening, closing = chance.choice((("[", "]"), ('{"claims":', "}"), ('{"a":', "}")))
    _put(place, Raw(f"{opening * depth}{_written(_value(place), ascii_only=True)}{closing * depth}"))


def _lengthen(place: Place, _: Sequence[Place], chance: random.Random) -> None:
    value = _value(place)
    text = value if isinstance(value, str) else "x"
    _put(place, text[:200] * chance.choice(REPEATS))


def _edit(place: Place, _: Sequence[Place], chance: random.Random) -> None:
    value = _value(place)
    if not isinstance(value, str):
        value = _written(value, ascii_only=True)
    if value.startswith("{") and chance.random() < 0.7:
        # JSON inside of a text, as the data of some CloudEvents is.
        with contextlib.suppress(ValueError, RecursionError):
            value = changed_text(json.loads(value, object_pairs_hook=Members), chance)
    start, end = sorted((chance.randint(0, len(value)), chance.randint(0, len(value))))
    piece = chance.choice(
        (chance.choice(ODD), chance.choice(VALUES), value[start:end].swapcase(), value[start:end] * 2)
    )
    _put(place, value[:start] + piece + value[chance.choice((start, end)) :])


def _code(place: Place, _: Sequence[Place], __: random.Random) -> None:
    _put(place, base64.b64encode(_written(_value(place), ascii_only=True).encode()).decode())


CHANGES: tuple[Callable[[Place, Sequence[Place], random.Random], None], ...] = (
    *(
        _drop,
        _double,
        _rename,
        _add,
        _replace,
        _replace,
        _copy,
        _as_text,
        _as_list,
        _nest,
        _lengthen,
        _edit,
        _edit,
        _edit,
    ),
    _code,
)


def _new(chance: random.Random) -> Any:
    return chance.choice(
        (chance.choice(VALUES), chance.choice(ODD), Raw(chance.choice(RAW)), chance.randint(-2, 1_001))
    )


def _written(value: Any, ascii_only: bool) -> str:
    match value:
        case Raw():
            return str(value)
        case Members():
            members = (
                f"{json.dumps(name, ensure_ascii=ascii_only)}:{_written(one, ascii_only)}" for name, one in value
            )
            return f"{{{','.join(members)}}}"
        case list():
            return f"[{','.join(_written(one, ascii_only) for one in value)}]"
        case str():
            # Half of a pair can only be written as an escape.
            return json.dumps(value, ensure_ascii=ascii_only or any("\ud800" <= one <= "\udfff" for one in value))
        case _:
            return json.dumps(value)


def _escaped(text: str, chance: random.Random) -> str:
    """The text with some letters as escapes, which mean the same inside of strings."""
    letter = chance.choice("acimeu@/")
    return text.replace(letter, f"\\u{ord(letter):04x}") if f"\\{letter}" not in text else text
