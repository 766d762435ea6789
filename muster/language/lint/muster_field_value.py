"""Values that a field of muster's own never has."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.language.operators import text_form
from muster.language.parse import close_to
from muster.values.diagnostic import Level

_BOOLEANS = ("true", "false")


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        field = linted.vocabulary.own_fields.get(leaf.field.lower())
        if field is None or leaf.positive not in ("equals", "in"):
            continue
        values = _BOOLEANS if field.type == "boolean" else field.values
        known = {value.lower() for value in values}
        for value, pointer in leaf.operands if values else ():
            text = text_form(value)
            if text and text.lower() not in known:
                yield Finding(
                    pointer,
                    f"{field.name} is never {quoted(text)}, so that this value matches no resource (and a negated "
                    "operator every one of which the field is known).",
                    close_to(text, values) or f"It is one of {', '.join(values)}.",
                )


RULE = LintRule("muster-field-value", Level.WARNING, "A field of muster's own never has this value.", _check)
