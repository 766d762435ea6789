"""Parameters that nothing refers to."""

import re
from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.values.diagnostic import Level

_REFERENCE = re.compile(r"parameters\s*\(\s*(?:'(?P<name>[^']*)')?", re.IGNORECASE)


def _check(linted: Linted) -> Iterator[Finding]:
    # The whole text counts: then.details.deployment is a template of its own and no part of the rule's tree.
    names = [match["name"] for match in _REFERENCE.finditer(linted.definition.source.text)]
    if None in names:
        return
    used = {name.lower() for name in names}
    for key, parameter in linted.definition.parameters.items():
        if key not in used:
            yield Finding(
                parameter.pointer,
                f"Nothing refers to the parameter '{parameter.name}', so that whatever an assignment gives for it "
                "changes nothing. Perhaps the rule still has the value itself.",
                f"Write \"[parameters('{parameter.name}')]\" where it belongs, or remove it.",
                in_key=True,
            )


RULE = LintRule("unused-parameter", Level.WARNING, "A parameter is declared and never used.", _check)
