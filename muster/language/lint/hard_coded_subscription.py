"""Ids of one subscription."""

import re
from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.language.source import escape
from muster.values.diagnostic import Level
from muster.values.json import Json

_SUBSCRIPTION = re.compile(r"/subscriptions/(?!0{8}-)[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.I | re.ASCII)


def _check(linted: Linted) -> Iterator[Finding]:
    places: list[tuple[Json, str]] = []
    for leaf in linted.leaves:
        places += ((template.value, template.pointer) for template in leaf.templates)
    if linted.rule.then.details is not None:
        places.append((linted.details, linted.rule.then.details.pointer))
    for parameter in linted.definition.parameters.values():
        places.append((parameter.default, f"{parameter.pointer}/defaultValue"))
    for value, pointer in places:
        for text, at in _texts(value, pointer):
            found = _SUBSCRIPTION.search(text)
            if found is not None:
                yield Finding(
                    at,
                    "The id of one subscription is written into the definition, so that it says nothing useful of any "
                    "other, and where it is copied to another tenant it names what is not there.",
                    "Make it a parameter, or use subscription().id and resourceGroup().id.",
                    column=found.start(),
                )


def _texts(value: Json, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield value, pointer
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from _texts(item, f"{pointer}/{at}")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from _texts(item, f"{pointer}/{escape(name)}")


RULE = LintRule(
    "hard-coded-subscription", Level.WARNING, "The id of one subscription stands in the definition.", _check
)
