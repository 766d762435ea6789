"""Parameters that do not say what they are."""

from collections.abc import Iterator

from muster.language.frame import member
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for parameter in linted.definition.parameters.values():
        missing = [name for name in ("displayName", "description") if not member(parameter.metadata, name)]
        if missing and not linted.built_in:
            yield Finding(
                parameter.pointer,
                f"The parameter '{parameter.name}' has no {' and no '.join(missing)} in its metadata, so that whoever "
                "assigns the definition sees a technical name and has to read the rule for what it does.",
                f'Add "metadata": {{"{missing[0]}": "..."}} to the parameter.',
                in_key=True,
            )


RULE = LintRule("missing-parameter-text", Level.NOTE, "A parameter has no display name or no description.", _check)
