"""Faults of a well-formed rule that no document can mend: unknown functions, parameters and effects, operands that
an operator can't take."""

from collections.abc import Iterator, Mapping
from itertools import islice

from muster.language.aliases import AliasTable
from muster.language.evaluate import arity, unavailable
from muster.language.expression import Call, Text, calls
from muster.language.fields import parse_field
from muster.language.frame import member
from muster.language.functions import CONTEXTUAL, FUNCTIONS
from muster.language.operators import OPERATORS, OperandError
from muster.language.outcome import EFFECTS
from muster.language.parameters import Parameter
from muster.language.parse import close_to
from muster.language.source import MOST_FAULTS
from muster.language.syntax import Comparison, Condition, Rule, conditions, templates
from muster.language.template import Template, all_expressions
from muster.values.diagnostic import Diagnostic, Level
from muster.values.errors import TemplateError

ONLY_IN_DETAILS = frozenset({"guid", "uniquestring"})
"""Functions that Azure Policy computes names with in `then.details`, and that conditions can't use."""


def vet(
    rule: Rule, parameters: Mapping[str, Parameter] | None, file: str, aliases: AliasTable | None = None
) -> list[Diagnostic]:
    """Every such fault of a rule, MOST_FAULTS at most. With `parameters` None, any parameter counts as declared; with
    `aliases`, what modify sets must be modifiable."""
    found = list(islice(_Vetter(file, parameters).faults(rule), MOST_FAULTS))
    if aliases is not None and rule.then.details is not None:
        found += _not_modifiable(rule.then.details, aliases, file)
    return found


def _not_modifiable(details: Template, aliases: AliasTable, file: str) -> Iterator[Diagnostic]:
    operations = member(details.value, "operations")
    for index, operation in enumerate(operations if isinstance(operations, list) else []):
        name = member(operation, "field")
        # Tags and the identity are no aliases, and modify was made for them.
        if isinstance(name, str) and parse_field(name).alias and aliases.modifiable(name) is False:
            yield Diagnostic(
                "not-modifiable",
                Level.ERROR,
                f"modify can't set '{name[:120]}': Azure does not list it as modifiable.",
                file,
                f"{details.pointer}/operations/{index}/field",
                "Use audit, deny or deployIfNotExists.",
            )


class _Vetter:
    def __init__(self, file: str, parameters: Mapping[str, Parameter] | None) -> None:
        self._file = file
        self._parameters = parameters

    def faults(self, rule: Rule) -> Iterator[Diagnostic]:
        yield from self._effect(rule.then.effect)
        in_conditions = [rule.condition]
        if rule.then.existence_condition is not None:
            in_conditions.append(rule.then.existence_condition)
        for condition in in_conditions:
            yield from self._operands(condition)
            yield from self._expressions(templates(condition), in_condition=True)
        yield from self._expressions(iter([rule.then.effect]), in_condition=True)
        if rule.then.details is not None:
            yield from self._expressions(iter([rule.then.details]), in_condition=False)

    def _error(self, rule: str, message: str, pointer: str, hint: str = "", column: int | None = None) -> Diagnostic:
        return Diagnostic(rule, Level.ERROR, message, self._file, pointer, hint, column_in_value=column)

    def _effect(self, effect: Template) -> Iterator[Diagnostic]:
        name = str(effect.value)
        if effect.constant and name.lower() not in EFFECTS:
            hint = close_to(name, EFFECTS.values()) or f"One of {', '.join(EFFECTS.values())}."
            yield self._error("unknown-effect", f"'{name[:60]}' is no effect.", effect.pointer, hint)

    def _operands(self, condition: Condition) -> Iterator[Diagnostic]:
        for node in conditions(condition):
            if isinstance(node, Comparison) and node.operand.constant:
                try:
                    OPERATORS[node.operator.lower()].factory(node.operand.value)
                except OperandError as error:
                    yield self._error(
                        "wrong-operand", f"{_sentence(error)}, so it can never be judged.", node.operand.pointer
                    )

    def _expressions(self, found: Iterator[Template], *, in_condition: bool) -> Iterator[Diagnostic]:
        for pointer, expression in all_expressions(found):
            for call in calls(expression):
                yield from self._call(call, pointer, in_condition=in_condition)

    def _call(self, call: Call, pointer: str, *, in_condition: bool) -> Iterator[Diagnostic]:
        known = call.key in FUNCTIONS or call.key in CONTEXTUAL
        if not known:
            names = [row.name for table in (FUNCTIONS, CONTEXTUAL) for row in table.values()]
            yield self._error(
                "unknown-function",
                f"{unavailable(call.name)}.".replace("..", "."),
                pointer,
                close_to(call.name, names),
                call.column,
            )
            return
        if in_condition and call.key in ONLY_IN_DETAILS:
            yield self._error(
                "unknown-function",
                f"{call.name}() computes names in then.details; a condition can't use it.",
                pointer,
                "Compare with a value that does not need it.",
                call.column,
            )
        try:
            arity(call)
        except TemplateError as error:
            yield self._error("wrong-arguments", f"{_sentence(error)}.", pointer, "", call.column)
            return
        if call.key == "parameters" and self._parameters is not None and isinstance(call.arguments[0], Text):
            name = call.arguments[0].value
            if name.lower() not in self._parameters:
                hint = close_to(name, [parameter.name for parameter in self._parameters.values()])
                yield self._error(
                    "undefined-parameter",
                    f"There is no parameter '{name[:60]}', so this can never be evaluated.",
                    pointer,
                    hint or "Declare it under 'parameters'.",
                    call.arguments[0].column,
                )


def _sentence(error: Exception) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]
