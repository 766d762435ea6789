"""Resource types that are probably misspelt."""

import difflib
from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    names = {name.lower(): name for name in linted.vocabulary.resource_types}
    for leaf in linted.leaves:
        for value, pointer in (
            leaf.operands if leaf.field.lower() == "type" and leaf.positive in ("equals", "in") else ()
        ):
            if not isinstance(value, str) or not value or value.lower() in names:
                continue
            if "/" not in value:
                near = next((name for name in names.values() if name.lower().endswith(f"/{value.lower()}")), "")
            else:
                near = next(iter(difflib.get_close_matches(value.lower()[:120], names, 1, 0.94)), "")
                near = names[near] if near.count("/") == value.count("/") else ""
                if not near:
                    continue
            yield Finding(
                pointer,
                f"{quoted(value)} is no resource type as Azure writes them (Microsoft.Compute/virtualMachines), so "
                "that no resource is of it and the condition never decides anything.",
                f"Did you mean {near}?" if near else "Write the type with its namespace.",
            )


RULE = LintRule("unknown-type", Level.WARNING, "A resource type is misspelt or has no namespace.", _check)
