"""Definitions without a version or a category."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    metadata = linted.definition.metadata
    has = {"version": linted.definition.version, "category": metadata.get("category")}
    missing = [name for name, value in has.items() if not value]
    if missing and not linted.bare:
        yield Finding(
            linted.place("metadata"),
            f"metadata has no {' and no '.join(missing)}. Findings record the version that they were made by and are "
            "grouped by category: without them a changed rule looks like a changed resource.",
            f'Add "{missing[0]}": "{"1.0.0" if missing[0] == "version" else "..."}" to metadata.',
            in_key=True,
        )


RULE = LintRule("missing-metadata", Level.NOTE, "A definition has no version or no category.", _check)
