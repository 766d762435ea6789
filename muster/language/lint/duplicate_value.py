"""Values that stand twice in one list."""

from collections.abc import Iterator, Sequence

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level
from muster.values.json import Json, canonical


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        if leaf.positive == "in":
            yield from _twice(leaf.operands, fold=True)
    for parameter in linted.definition.parameters.values():
        place = f"{parameter.pointer}/allowedValues"
        # Allowed values are told apart by case.
        yield from _twice([(value, f"{place}/{at}") for at, value in enumerate(parameter.allowed_values)], fold=False)


def _twice(values: Sequence[tuple[Json, str]], *, fold: bool) -> Iterator[Finding]:
    seen: set[str] = set()
    for value, pointer in values:
        text = canonical(value)
        key = text.casefold() if fold else text
        if key in seen:
            case = " (upper and lower case are the same here)" if fold else ""
            yield Finding(
                pointer,
                f"{quoted(str(value))} stands in this list already{case}, so that this entry changes nothing. Perhaps "
                "another value was meant when it was copied.",
                "Write the value that was meant, or remove it.",
            )
        seen.add(key)


RULE = LintRule("duplicate-value", Level.WARNING, "A value stands twice in a list.", _check)
