"""Versions of definitions, and the patterns by which assignments and initiatives follow them.

A version is `1.2.3`, a preview `1.2.3-preview`; a pattern `1.*.*` or `1.2.*`. Source:
learn.microsoft.com/azure/governance/policy/concepts/assignment-structure, "Policy definition ID and version".
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

_VERSION = re.compile(r"(\d{1,9})\.(\d{1,9})\.(\d{1,9})(?:-([A-Za-z0-9]{1,40}))?", re.ASCII)
_PATTERN = re.compile(r"(\d{1,9})\.(\*|\d{1,9})\.\*(?:-([A-Za-z0-9]{1,40}))?", re.ASCII)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Version:
    """A version; `suffix` lower-cased, empty for a release. `deprecated` is no suffix: it says nothing of the rule."""

    numbers: tuple[int, int, int]
    suffix: str

    @classmethod
    def parse(cls, text: str) -> "Version | None":
        """None where the text is no version (then nothing can be said of it)."""
        match = _VERSION.fullmatch(text.strip())
        if match is None:
            return None
        suffix = (match[4] or "").lower()
        return cls((int(match[1]), int(match[2]), int(match[3])), "" if suffix == "deprecated" else suffix)


@dataclass(frozen=True, slots=True)
class VersionPattern:
    """Which versions to follow. `minor` is None where any will do."""

    major: int
    minor: int | None
    suffix: str

    @classmethod
    def parse(cls, text: str) -> "VersionPattern | None":
        """None where the text is no pattern."""
        match = _PATTERN.fullmatch(text.strip())
        if match is None:
            return None
        return cls(int(match[1]), None if match[2] == "*" else int(match[2]), (match[3] or "").lower())

    def fits(self, version: Version) -> bool:
        """Whether the numbers fit."""
        major, minor, _ = version.numbers
        return major == self.major and self.minor in (None, minor)

    def older_than(self, other: "VersionPattern") -> bool:
        """Whether it follows a line of versions before another's."""
        return (self.major, self.minor or 0) < (other.major, other.minor or 0)


def newest(candidates: Sequence[tuple[Version | None, T]], pattern: VersionPattern | None) -> T | None:
    """Of several versions of one thing, the newest that a pattern follows; without a pattern, the newest of all.

    Among fitting ones those with the pattern's suffix come first (previews only where a preview is asked for or
    nothing else fits), then the highest numbers. Where nothing has a version the first is taken: Azure gives custom
    definitions none to choose from. None where nothing fits.
    """
    if candidates and all(version is None for version, _ in candidates):
        return candidates[0][1]
    fitting = [
        (version, candidate)
        for version, candidate in candidates
        if version is not None and (pattern is None or pattern.fits(version))
    ]
    wanted = pattern.suffix if pattern else ""
    best = max(fitting, key=lambda pair: (pair[0].suffix == wanted, pair[0].numbers), default=None)
    return None if best is None else best[1]
