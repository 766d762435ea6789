"""The reference page of the policy language, from the tables of the language."""

from collections.abc import Iterable

from muster.language import limits
from muster.language.functions import CONTEXTUAL, EXCLUDED, FUNCTIONS, ContextualFunction, TemplateFunction
from muster.language.operators import OPERATORS, Operator
from muster.language.outcome import EFFECTS, IF_NOT_EXISTS, RuleOutcome
from muster.language.parameters import TYPES
from muster.policy.effects import state_of
from muster.report.markdown_text import code

HEAD = """\
# The policy language

Written by `scripts/write-reference.py` from `muster/language`; edits here are lost.

It is Azure Policy's, and so are its names. What follows is what muster evaluates; where Microsoft's documentation is
silent, it says what muster does. [muster's own fields](fields.md) are read like aliases.

## Conditions

A condition looks at one thing and compares it with one operator, or puts conditions together.

| member | what it is |
|---|---|
| `field` | a property of the resource: `type`, `name`, `fullName`, `kind`, `id`, `location`, `tags`, `tags['name']`, \
`identity.type`, an alias, or one of muster's own fields |
| `value` | what an expression or a literal gives |
| `count` | how many members of an array satisfy `where`: of a `field` with `[*]`, or of a `value` under a `name` |
| `allOf` | every condition holds; true of none |
| `anyOf` | some condition holds; false of none |
| `not` | the condition does not hold |

A condition on a field with `[*]` outside of a `count` has to hold for every member of the array, and holds for an empty
one. What could not be had is unknown, and so is a condition on it, unless another decides: in `allOf` one that is
false, in `anyOf` one that is true.

## Operators

"""

_LIMITS = (
    ("conditions in `if`", limits.IF_CONDITIONS),
    ("conditions in `then`", limits.THEN_CONDITIONS),
    ("levels of conditions", limits.CONDITION_DEPTH),
    ("counts over one array in a rule", limits.FIELD_COUNTS_PER_ARRAY),
    ("counts over values in a rule", limits.VALUE_COUNTS_PER_RULE),
    ("members of an array that a count over a value goes over", limits.VALUE_COUNT_ITERATIONS),
    ("members that counts inside of one count may look at", limits.NESTED_ITERATIONS),
    ("function calls in a rule", limits.FUNCTIONS_IN_RULE),
    ("arguments of a function", limits.FUNCTION_ARGUMENTS),
    ("characters of an expression", limits.EXPRESSION_CHARACTERS),
    ("levels of an expression", limits.EXPRESSION_DEPTH),
)


_OF_EFFECTS = """
For the IfNotExists pair, a rule holds where its conditions do and what it looks for is not there; where the conditions
do not hold, the result is NotApplicable. Where conditions on type, kind or name do not hold, it is NotApplicable
whatever the effect; what could not be told is Unknown.
"""

_OF_EXCLUDED = """
They are good inside of `then.details.deployment`, which is a template of its own.

"""


def language_reference() -> str:
    """The page in Markdown, with a line end at its end."""
    functions: dict[str, TemplateFunction | ContextualFunction] = {**FUNCTIONS, **CONTEXTUAL}
    null_fails = ", ".join(code(one.name) for one in OPERATORS.values() if not one.null_is_empty)
    called = (f"{code(one.parameters)} | {one.description}" for _, one in sorted(functions.items()))
    parts = [
        HEAD,
        _table("operator | holds where", map(_operator, OPERATORS.values())),
        f"\nA `value` that is null stands for the empty string, but not with {null_fails}.\n",
        "\n## Effects\n\n",
        _table("effect | where the rule holds | where it does not", map(_effect, sorted(EFFECTS.values()))),
        _OF_EFFECTS,
        f"\n## Parameters\n\nTypes: {', '.join(map(code, TYPES.values()))}.\n",
        "\n## Template functions\n\n",
        _table("function | what it does", called),
        f"\n## Functions that rules do not have\n{_OF_EXCLUDED}",
        _table("function | why", (f"{code(name)} | {why}" for name, why in sorted(EXCLUDED.items()))),
        "\n## Limits\n\n",
        _table("of what | at most", (f"{what} | {number:,}" for what, number in _LIMITS)),
    ]
    return "".join(parts)


def _table(head: str, rows: Iterable[str]) -> str:
    rule = "---|" * (head.count(" | ") + 1)
    return f"| {head} |\n|{rule}\n" + "".join(f"| {row} |\n" for row in rows)


def _operator(operator: Operator) -> str:
    return f"{code(operator.name)} | {operator.meaning or f'{code(operator.opposite)} does not.'}"


def _effect(effect: str) -> str:
    holds = RuleOutcome(effect, applicable=True, matched=True, satisfied=False)
    fails = RuleOutcome(effect, applicable=True, matched=effect in IF_NOT_EXISTS, satisfied=True)
    return f"{code(effect)} | {_state(holds)} | {_state(fails)}"


def _state(outcome: RuleOutcome) -> str:
    state = state_of(outcome)
    return "not reported" if state is None else f"`{state}`"
