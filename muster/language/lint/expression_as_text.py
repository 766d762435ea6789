"""Texts that look like expressions and are none."""

import re
from collections.abc import Iterator

from muster.language.functions import CONTEXTUAL, FUNCTIONS
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.language.template import Template
from muster.values.diagnostic import Level

_NAMES = "|".join(sorted((*FUNCTIONS, *CONTEXTUAL), key=len, reverse=True))
_CALL = re.compile(rf"(?:^|[\[(,\s])(?:{_NAMES})\(", re.IGNORECASE | re.ASCII)


def _check(linted: Linted) -> Iterator[Finding]:
    templates = [template for leaf in linted.leaves for template in leaf.templates]
    for template in (*templates, linted.rule.then.effect):
        for text, at in _texts(template):
            if at not in template.expressions and _CALL.search(text) and text.rstrip().endswith((")", "]")):
                yield Finding(
                    template.pointer + at,
                    f"{quoted(text)} is a plain text: only what begins with one '[' and ends with ']' is evaluated. It "
                    "is compared as it stands here, which no value is likely to equal.",
                    "Put the whole text into one pair of brackets, and join parts with concat().",
                )


def _texts(template: Template) -> Iterator[tuple[str, str]]:
    items = enumerate(template.value) if isinstance(template.value, list) else [("", template.value)]
    for at, value in items:
        if isinstance(value, str):
            yield value, f"/{at}" if at != "" else ""


RULE = LintRule("expression-as-text", Level.WARNING, "A text looks like an expression but is not evaluated.", _check)
