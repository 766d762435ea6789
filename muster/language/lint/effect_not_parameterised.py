"""Effects that an assignment can't choose."""

from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level


def _check(linted: Linted) -> Iterator[Finding]:
    effect = linted.rule.then.effect
    if effect.constant:
        yield Finding(
            effect.pointer,
            f"The effect is always {quoted(str(effect.value))}. Whoever assigns the definition can neither try it with "
            "a milder one first nor turn it off in an initiative without an override.",
            "Write \"[parameters('effect')]\" and declare the parameter with its allowedValues.",
        )


RULE = LintRule("effect-not-parameterised", Level.NOTE, "The effect is not a parameter.", _check)
