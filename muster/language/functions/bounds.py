"""What one function call may take and give.

Source: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule, "Limits enforced during
evaluation". Azure Policy denies beyond them; here the function fails.
"""

from muster.language.source import MAX_DEPTH
from muster.values.errors import TemplateError
from muster.values.json import Json, JsonObject

MAX_STRING = 131_072
MAX_NODES = 32_768

_CONTAINERS = frozenset((dict, list))


def check_length(characters: int) -> None:
    """Raise TemplateError where a string of so many characters would be too long. Ask before it is built."""
    if characters > MAX_STRING:
        raise TemplateError(f"the result would have {characters:,} characters, more than the {MAX_STRING:,} allowed")


def check_size(value: list[Json] | JsonObject, what: str) -> None:
    """Raise TemplateError where an array or object has too many nodes (every value counts) or is nested too deeply.

    Goes level by level and counts before it descends, so that a value which shares its parts costs no more.
    """
    containers: list[list[Json] | JsonObject] = [value]
    nodes = 1
    for _ in range(MAX_DEPTH):
        children: list[Json] = []
        for container in containers:
            nodes += len(container)
            if nodes > MAX_NODES:
                raise TemplateError(f"{what} has more than the {MAX_NODES:,} nodes allowed")
            children.extend(container.values() if isinstance(container, dict) else container)
        if _CONTAINERS.isdisjoint(map(type, children)):
            return
        containers = [child for child in children if isinstance(child, dict | list)]
    raise TemplateError(f"{what} is nested deeper than the {MAX_DEPTH} levels allowed")
