"""Aliases of other types than those that a rule is about."""

from collections.abc import Iterator

from muster.language.fields import parse_field
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        types = leaf.types or frozenset()
        for use in leaf.fields() if types else ():
            alias = parse_field(use.text).alias
            # In an existenceCondition, field() reads the resource that the rule is about.
            if not alias or not linted.aliases.known(alias) or (leaf.place.related and use.by == "field()"):
                continue
            if any(linted.aliases.path(alias, one) is not None for one in types):
                continue
            yield Finding(
                use.pointer,
                f"{quoted(alias)} is no alias of {' or '.join(sorted(types)[:2])}, which this condition is "
                "about, so that the property is always missing there.",
                "Take the alias of that type, or mend the condition on the type.",
                column=use.column,
            )


RULE = LintRule("alias-not-of-type", Level.WARNING, "The alias belongs to another type than the rule asks for.", _check)
