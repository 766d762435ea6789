"""Fields that Azure Policy does not have."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, Target, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        for use in leaf.fields():
            if use.text.lower().startswith("muster."):
                yield Finding(
                    use.pointer,
                    f"{quoted(use.text)} is a field of muster's own. Azure Policy knows no such alias and refuses the "
                    "definition, so that it can't be deployed there as it is.",
                    "Leave the definition to muster, or ask with Azure's own aliases.",
                    column=use.column,
                )


RULE = LintRule(
    "muster-field",
    Level.ERROR,
    "A field of muster's own keeps a definition out of Azure Policy.",
    _check,
    frozenset({Target.AZURE_POLICY}),
)
