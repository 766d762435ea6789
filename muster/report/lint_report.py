"""What linting found, in sentences."""

from collections.abc import Iterable


def deployable(usable: Iterable[tuple[str, bool]]) -> list[str]:
    """Which definitions can be deployed to Azure Policy as they are, of pairs of name and whether it can."""
    names: dict[bool, list[str]] = {True: [], False: []}
    for name, can_be in usable:
        names[can_be].append(name)
    lines = []
    if names[True]:
        lines.append(f"{_counted(names[True])} can be deployed to Azure Policy: {', '.join(names[True])}.")
    if names[False]:
        lines.append(f"{_counted(names[False])} can't: {', '.join(names[False])}.")
    return lines


def checked(files: int, found: int) -> str:
    """`173 files checked: nothing found.`"""
    return f"{files} file{'s' * (files != 1)} checked{'' if found else ': nothing found'}."


def _counted(names: list[str]) -> str:
    return f"{len(names)} definition{'s' * (len(names) != 1)}"
