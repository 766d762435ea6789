"""Wildcards where an operator takes them for themselves."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level

_LITERAL = frozenset({"equals", "in", "contains", "match", "matchInsensitively"})


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        if leaf.positive not in _LITERAL:
            continue
        for value, pointer in leaf.operands:
            if isinstance(value, str) and value.strip("*") and (value.startswith("*") or value.endswith("*")):
                like = "notLike" if leaf.comparison.operator.startswith("not") else "like"
                yield Finding(
                    pointer,
                    f"{leaf.comparison.operator} takes the '*' in {quoted(value)} for itself, not for any text, so "
                    "that only a value with an asterisk in it is meant.",
                    f"Write {like} (one condition for each pattern, in an anyOf), or remove the '*'.",
                )


RULE = LintRule("wildcard-without-like", Level.WARNING, "An operator other than 'like' is given a wildcard.", _check)
