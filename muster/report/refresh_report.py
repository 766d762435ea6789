"""What a refresh of the catalogue would change, line by line and as JSON."""

from collections.abc import Iterable
from dataclasses import asdict

from muster.facts.catalogue_change import Change
from muster.values.json import JsonObject


def change_lines(changes: Iterable[Change]) -> Iterable[str]:
    """`ubuntu 22.04 endOfSupport: 2027-04-01 -> 2027-06-01, from distro-info-data (ubuntu.csv)`, + before a new
    release's, = before one that stays because it was set by hand."""
    for change in changes:
        mark = "+" if change.added else "=" if change.kept else "~"
        why = ", set by hand and kept" if change.kept else ""
        before = f"{change.before or 'unknown'} -> " if not change.added else ""
        yield (
            f"{mark} {change.product} {change.cycle} {change.member}: {before}{change.after}, from {change.source}{why}"
        )


def change_json(changes: Iterable[Change]) -> list[JsonObject]:
    """One object a change."""
    return [asdict(change) for change in changes]


def change_summary(changes: Iterable[Change]) -> str:
    """`2 dates differ, 1 of them set by hand and kept; 1 new release.`"""
    told = list(changes)
    differing = [change for change in told if not change.added]
    kept = sum(change.kept for change in told)
    new = len({(change.product, change.cycle) for change in told if change.added})
    parts = [f"{len(differing)} date{'s differ' if len(differing) != 1 else ' differs'}"]
    if kept:
        parts[0] += f", {kept} of them set by hand and kept"
    if new:
        parts.append(f"{new} new release{'s' * (new != 1)}")
    return "; ".join(parts) + "."
