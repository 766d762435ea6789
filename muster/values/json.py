"""The JSON value type: its canonical text, a bound on its depth, and access that says what it expects."""

import json
from typing import TypeAlias

import orjson

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonObject: TypeAlias = dict[str, Json]


def deeper_than(value: Json, depth: int) -> bool:
    """Whether objects and lists are nested more than `depth` levels deep. Walks level by level, never recurses."""
    level: list[Json] = [value]
    for _ in range(depth + 1):
        level = [
            child
            for item in level
            if isinstance(item, dict | list)
            for child in (item.values() if isinstance(item, dict) else item)
        ]
        if not level:
            return False
    return True


def canonical(value: Json) -> str:
    """The one JSON text of a value: names sorted, no spaces, ASCII only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def canonical_bytes(value: Json) -> bytes:
    """The one text of a value that digests are made of: UTF-8, names sorted, no spaces. orjson writes it; for half of
    a surrogate pair, for numbers of more than 64 bits and for what is nested deep there is the standard library."""
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
    except TypeError:
        text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return text.encode("utf-8", "surrogatepass")


def as_object(value: Json) -> JsonObject:
    """The value, which is an object. Raises TypeError where it is not."""
    if not isinstance(value, dict):
        raise TypeError(f"an object expected, not {type(value).__name__}")
    return value


def as_list(value: Json) -> list[Json]:
    """The value, which is a list. Raises TypeError where it is not."""
    if not isinstance(value, list):
        raise TypeError(f"a list expected, not {type(value).__name__}")
    return value


def as_text(value: Json) -> str:
    """The value, which is a string. Raises TypeError where it is not."""
    if not isinstance(value, str):
        raise TypeError(f"a string expected, not {type(value).__name__}")
    return value
