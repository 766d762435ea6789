"""Default values that a parameter does not allow."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.language.parameters import type_fault, value_fault
from muster.language.parse import close_to
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for parameter in linted.definition.parameters.values():
        if not parameter.has_default or type_fault(parameter.type, parameter.default):
            continue
        fault = value_fault(parameter, parameter.default)
        if fault:
            near = close_to(str(parameter.default), [one for one in parameter.allowed_values if isinstance(one, str)])
            yield Finding(
                f"{parameter.pointer}/defaultValue",
                f"The default of '{parameter.name}' can't be used: {fault}. Azure refuses the definition; upper and "
                "lower case are different here.",
                near or "Change the default, or allow it.",
            )


RULE = LintRule("default-not-allowed", Level.ERROR, "A parameter's default is not a value that it allows.", _check)
