"""A not around a negation."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.language.operators import OPERATORS
from muster.language.syntax import Not
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    negated = {id(node.condition) for node in linted.nodes if isinstance(node, Not)}
    for node in linted.nodes:
        if isinstance(node, Not) and id(node) in negated:
            yield Finding(
                node.pointer,
                "A 'not' stands directly below another, so that the two undo each other and the rule reads as its own "
                "opposite. Perhaps one of them was meant for something else.",
                "Remove both, or move one to the condition that it is for.",
            )
    for leaf in linted.leaves:
        comparison = leaf.comparison
        # With [*] there is no other way to say that at least one member is equal.
        if id(comparison) in negated and comparison.operator.startswith("not") and not leaf.loose_stars:
            plain = OPERATORS[comparison.operator.lower()].opposite
            yield Finding(
                comparison.pointer,
                f"A 'not' around {comparison.operator} is a double negation: it says the same as {plain} alone, but is "
                "easily read as the opposite of what it asks.",
                f"Remove the 'not' and write {plain}.",
            )


RULE = LintRule("not-of-not", Level.NOTE, "A 'not' undoes another negation.", _check)
