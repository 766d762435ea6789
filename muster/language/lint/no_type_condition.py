"""Rules that read aliases of a type without asking for the type."""

from collections.abc import Iterator

from muster.language.fields import parse_field
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    own = [leaf for leaf in linted.leaves if not leaf.place.related]
    if any(use.text.lower() in ("type", "fullname") for leaf in own for use in leaf.fields()):
        return
    for leaf in own:
        for use in leaf.fields():
            if parse_field(use.text).alias:
                yield Finding(
                    use.pointer,
                    f"The rule reads {quoted(use.text)} but never asks for the type. Every resource of every type is "
                    "judged: without that property it counts as compliant, or matches a negated operator.",
                    'Add {"field": "type", "equals": "..."} to an allOf around the rule.',
                    column=use.column,
                )
                return


RULE = LintRule("no-type-condition", Level.WARNING, "A rule reads an alias but does not ask for the type.", _check)
