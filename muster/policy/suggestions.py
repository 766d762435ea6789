""" "Did you mean ...?" within bounds: comparing names is slow, and files may have thousands that are wrong."""

import re
from collections.abc import Collection

from muster.language.parse import close_to

COMPARISONS = 20_000
"""About a second of comparing names for a whole policy set."""

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE | re.ASCII)


class Suggestions:
    """Suggests names until its comparisons are used up. Of GUIDs none is like another."""

    def __init__(self) -> None:
        self._left = COMPARISONS

    def like(self, name: str, names: Collection[str]) -> str:
        """ "Did you mean ...?" for a name that is none of `names`; empty where nothing is like it."""
        if _GUID.fullmatch(name) or len(names) > self._left:
            return ""
        self._left -= len(names)
        return close_to(name, names)
