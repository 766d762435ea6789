"""What only a request tells."""

from collections.abc import Iterator

from muster.language.expression import calls
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, Target
from muster.language.template import all_expressions
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        for pointer, expression in all_expressions(leaf.templates):
            for call in calls(expression):
                if call.key == "requestcontext":
                    yield Finding(
                        pointer,
                        "requestContext() tells of a request, and muster judges what was deployed: it is never known, "
                        "so that the result is Unknown wherever this condition would decide.",
                        "Compare fields of the resource, or leave the definition to Azure Policy.",
                        column=call.column,
                    )


RULE = LintRule(
    "request-context",
    Level.WARNING,
    "A condition asks for the request, which muster never sees.",
    _check,
    frozenset({Target.MUSTER}),
)
