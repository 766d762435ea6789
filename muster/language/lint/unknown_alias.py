"""Aliases that no resource type has."""

from collections.abc import Iterator

from muster.language.fields import parse_field
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        for use in leaf.fields():
            alias = parse_field(use.text).alias
            if not alias or linted.aliases.known(alias) or alias.lower().startswith("muster."):
                continue
            near = linted.aliases.suggestions(alias)
            yield Finding(
                use.pointer,
                f"No resource type has the alias {quoted(alias)}, so that the definition applies to nothing: every "
                "resource passes it unseen, and Azure refuses it.",
                f"Did you mean {near[0]}?" if near else "Look the alias up with Get-AzPolicyAlias.",
                column=use.column,
            )


RULE = LintRule("unknown-alias", Level.ERROR, "No resource type has this alias.", _check)
