"""Fields of muster's own that there are not."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.language.parse import close_to
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    known = linted.vocabulary.own_fields
    for leaf in linted.leaves:
        for use in leaf.fields():
            if use.text.lower().startswith("muster.") and use.text.lower() not in known:
                yield Finding(
                    use.pointer,
                    f"muster has no field {quoted(use.text)}, so that it is missing on every resource: conditions on "
                    "it never hold, and negated ones always do.",
                    close_to(use.text, [field.name for field in known.values()]) or "See docs/reference/fields.md.",
                    column=use.column,
                )


RULE = LintRule("unknown-muster-field", Level.ERROR, "muster has no such field.", _check)
