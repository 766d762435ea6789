"""What a JSON file is, by what stands in it."""

from collections.abc import Set
from enum import StrEnum

from muster.policy.kinds import Kind
from muster.values.json import Json


class OtherKind(StrEnum):
    """Files of a policies folder that Azure Policy does not know, by the names of their schemas."""

    CASES = "cases"
    RELEASES = "releases"
    IMAGE_RULES = "image-rules"


def recognised(value: Json) -> Kind | OtherKind | None:
    """The kind of a file; None where it is none of a policies folder. Of a list the first entry tells."""
    if isinstance(value, dict):
        names = {name.lower(): item for name, item in value.items()}
        listed = names.get("value")
        if isinstance(listed, list) and "properties" not in names:
            return recognised(listed)
        other = _other(names.get("$schema"), names.keys())
        if other is not None:
            return other
        inner = names.get("properties")
        members = {name.lower() for name in inner} if isinstance(inner, dict) else set(names)
        if {"if", "then"} <= members:
            return Kind.DEFINITION
        # An exemption names an assignment, and an assignment names a definition: the more telling member comes first.
        kinds = (Kind.DEFINITION, Kind.INITIATIVE, Kind.EXEMPTION, Kind.ASSIGNMENT)
        return next((kind for kind in kinds if kind.key_member.lower() in members), None)
    if isinstance(value, list):
        return next((kind for item in value[:1] if (kind := recognised(item)) is not None), None)
    return None


def _other(schema: Json, members: Set[str]) -> OtherKind | None:
    if isinstance(schema, str):
        told = schema.rpartition("/")[2].removesuffix(".schema.json")
        if told in set(OtherKind):
            return OtherKind(told)
    return OtherKind.CASES if {"cases", "definition"} <= members else None
