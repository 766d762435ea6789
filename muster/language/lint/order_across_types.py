"""Orderings of a number against a text, which fail."""

from collections.abc import Iterator

from muster.language.analysis.leaves import Leaf
from muster.language.expression import Call
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.language.syntax import Count, Field
from muster.language.template import Template
from muster.values.diagnostic import Level

_ORDERINGS = frozenset({"less", "lessOrEquals", "greater", "greaterOrEquals"})
_NUMBERS = frozenset({"add", "div", "int", "indexof", "lastindexof", "length", "mod", "mul", "sub"})
_OWN = {"integer": "a number", "string": "a text", "date": "a text", "boolean": "a boolean"}
_DECLARED = {"integer": "a number", "float": "a number", "string": "a text", "dateTime": "a text"}


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        if leaf.comparison.operator not in _ORDERINGS:
            continue
        operand = leaf.comparison.operand
        left, right = _subject_kind(leaf, linted), _kind(operand, linted)
        if not left and right == "a text" and leaf.field and str(operand.value).lstrip("-").isdecimal():
            left = "probably a number"
        if left and right and left != right:
            yield Finding(
                operand.pointer,
                f"{leaf.comparison.operator} orders numbers among themselves and texts among themselves. What it looks "
                f"at is {left}, this is {right}: the comparison fails, and the state is Error.",
                "Write the number without quotes, or turn one side into the other's type with int() or string().",
            )


def _subject_kind(leaf: Leaf, linted: Linted) -> str:
    subject = leaf.comparison.subject
    if isinstance(subject, Count):
        return "a number"
    if isinstance(subject, Field):
        own = linted.vocabulary.own_fields.get(leaf.field.lower())
        return _OWN.get(own.type, "") if own is not None else ""
    return _kind(subject.template, linted)


def _kind(template: Template, linted: Linted) -> str:
    """What a template gives, in words; empty where it can't be told."""
    if template.constant:
        value = template.value
        if isinstance(value, str):
            return "a text"
        return "a number" if isinstance(value, int | float) and not isinstance(value, bool) else ""
    parameter = linted.parameter(template)
    if parameter is not None:
        return _DECLARED.get(parameter.type, "")
    call = template.expression
    if not isinstance(call, Call):
        return ""
    return (
        "a number"
        if call.key in _NUMBERS
        else "a text"
        if call.key in ("concat", "string", "utcnow", "substring")
        else ""
    )


RULE = LintRule("order-across-types", Level.WARNING, "An ordering compares a number with a text.", _check)
