"""Sets of ports, as integers: bit 22 is port 22. Union, intersection and difference are `|`, `&` and `& ~`."""

import re
from typing import TypeAlias

Ports: TypeAlias = int

HIGHEST = 65535
ALL: Ports = (1 << (HIGHEST + 1)) - 1
NONE: Ports = 0

_RANGE = re.compile(r"([0-9]{1,5})(?:\s*-\s*([0-9]{1,5}))?", re.ASCII)


def port_range(text: str) -> Ports | None:
    """What `*`, `22` or `1000-2000` stands for; None for anything else."""
    text = text.strip()
    if text in ("*", "any", "Any"):
        return ALL
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    first = int(found[1])
    last = int(found[2]) if found[2] else first
    if first > last or last > HIGHEST:
        return None
    return ((1 << (last - first + 1)) - 1) << first


def ranges(ports: Ports) -> list[str]:
    """`22`, `1000-2000` and so on, lowest first."""
    found = []
    at = 0
    while ports >> at:
        rest = ports >> at
        first = at + (rest & -rest).bit_length() - 1
        run = ~(ports >> first)
        length = (run & -run).bit_length() - 1
        found.append(str(first) if length == 1 else f"{first}-{first + length - 1}")
        at = first + length
    return found
