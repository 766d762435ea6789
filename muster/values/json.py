"""The JSON value type."""

from typing import TypeAlias

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
