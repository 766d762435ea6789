"""Related resources by the name that a rule asks for: `name` or `parent/name`, `*` or `?` for any whole segment."""

from collections.abc import Sequence

from muster.values.answers import FoundMany, ListAnswer
from muster.values.errors import InvalidResourceId
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId


def names_match(names: Sequence[str], wanted: str) -> bool:
    """Whether the last of some lower-cased names are those wanted."""
    pattern = wanted.split("/")
    found = names[-len(pattern) :]
    return len(found) == len(pattern) and all(
        part in ("*", "?", name) for part, name in zip(pattern, found, strict=True)
    )


def named(answer: ListAnswer, wanted: str) -> ListAnswer:
    """The members of a list that have a name."""
    if not isinstance(answer, FoundMany):
        return answer
    return FoundMany(tuple(body for body in answer.bodies if names_match(_names(body), wanted)), answer.observed_at)


def _names(body: JsonObject) -> tuple[str, ...]:
    """A body's names, from its id where that is one (`parent/child` in a name is Azure's habit in some lists)."""
    try:
        names = ResourceId.parse(body.get("id")).names
    except InvalidResourceId:
        names = ()
    name = body.get("name")
    return names or (tuple(name.lower().split("/")) if isinstance(name, str) else ())
