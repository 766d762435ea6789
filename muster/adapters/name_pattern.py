"""Names of related resources against the name that a rule asks for."""

from collections.abc import Sequence


def names_match(names: Sequence[str], wanted: str) -> bool:
    """Whether the last of some lower-cased names are those wanted: `name` or `parent/name`, where `*` or `?` stands for
    any whole segment."""
    pattern = wanted.split("/")
    found = names[-len(pattern) :]
    return len(found) == len(pattern) and all(
        part in ("*", "?", name) for part, name in zip(pattern, found, strict=True)
    )
