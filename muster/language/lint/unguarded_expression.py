"""Parts of texts that may be too short."""

from collections.abc import Iterator

from muster.language.expression import Call, Expression, Index, Member, Number, Text
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule
from muster.language.template import all_expressions
from muster.values.diagnostic import Level

_ALWAYS_LONG = frozenset({"id", "type"})
"""Fields of a known form: every resource id and every type has its parts."""

_GUARDS = frozenset({"like", "match", "matchInsensitively", "contains"})


def _check(linted: Linted) -> Iterator[Finding]:
    guarded = {leaf.field.lower() for leaf in linted.leaves if leaf.positive in _GUARDS}
    for leaf in linted.leaves:
        for pointer, expression in all_expressions(leaf.templates):
            for risky, what in _risky(expression):
                fields = set(_fields(risky))
                if fields and not fields & _ALWAYS_LONG and not fields & guarded:
                    yield Finding(
                        pointer,
                        f"{what}: where the text is shorter, the expression fails, the state is Error and not what the "
                        "rule says, and Azure denies the request.",
                        "Ask for the length first: [if(greaterOrEquals(length(...), N), ..., '')].",
                        column=risky.column,
                    )


def _risky(node: Expression) -> Iterator[tuple[Call | Index, str]]:
    """The parts of an expression that take a certain piece of a text, but for those behind an if()."""
    if isinstance(node, Index):
        if (
            isinstance(node.of, Call)
            and node.of.key == "split"
            and isinstance(node.index, Number)
            and node.index.value > 0
        ):
            yield node, f"This takes part {node.index.value} (counted from 0) of a text that is split"
        yield from _risky(node.of)
        yield from _risky(node.index)
    elif isinstance(node, Member):
        yield from _risky(node.of)
    elif isinstance(node, Call) and node.key != "if":
        if node.key == "substring" and all(isinstance(one, Number) for one in node.arguments[1:]):
            yield node, "substring() takes characters at fixed places"
        for argument in node.arguments:
            yield from _risky(argument)


def _fields(node: Expression) -> Iterator[str]:
    """The lower-cased fields that an expression reads."""
    if isinstance(node, Index | Member):
        yield from _fields(node.of)
    elif isinstance(node, Call):
        if node.key == "field" and node.arguments and isinstance(node.arguments[0], Text):
            yield node.arguments[0].value.lower()
        for argument in node.arguments:
            yield from _fields(argument)


RULE = LintRule("unguarded-expression", Level.WARNING, "An expression fails where a text is too short.", _check)
