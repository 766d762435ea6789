"""Effects that can't be turned off."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    parameter = linted.parameter(linted.rule.then.effect)
    if parameter is not None and parameter.restricted and "disabled" not in (linted.effects or ()):
        yield Finding(
            f"{parameter.pointer}/allowedValues",
            f"The allowed values of '{parameter.name}' lack Disabled, so that an initiative with this definition can't "
            "be assigned without it: whoever is disturbed by it has to exempt every resource.",
            'Add "Disabled".',
        )


RULE = LintRule("effect-not-disableable", Level.NOTE, "The allowed effects lack Disabled.", _check)
