"""What conditions compile to, and how their operands are made ready."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from muster.language.frame import Evaluator, Frame, Read, Tester
from muster.language.operators import Operator, Test
from muster.language.syntax import Condition
from muster.values.errors import TemplateError
from muster.values.json import Json


@dataclass(frozen=True, slots=True)
class Node:
    """A compiled condition.

    `test` decides it. `read` gives what a comparison looks at: a value, a Mark, or with `many` a list of these
    (a count gives its number as a pair of least and greatest possible). `operand` gives what it compares with.
    `field` is the text of the field, where that is known beforehand; `fixed` whether it is compared with the same for
    every document. `each`, of a count with a `where`, puts the frame at each member in turn, for whoever asks the
    `where` again; it raises TemplateError and UnknownFact.
    """

    syntax: Condition
    test: Tester
    children: "tuple[Node, ...]" = ()
    read: Callable[[Frame], Read] | None = None
    operand: Evaluator | None = None
    many: bool = False
    field: str = ""
    slot: int | None = None
    fixed: bool = False
    each: Callable[[Frame], Iterator[Read]] | None = None


def prepared(
    operator: Operator, operand: Evaluator, template_is_literal: bool, location: bool
) -> Callable[[Frame], Test]:
    """The test for an operand that is evaluated for each document."""

    def prepare(frame: Frame) -> Test:
        value = operand(frame)
        if value is None and not template_is_literal:
            raise TemplateError(f"the operand of {operator.name} evaluates to null")
        return _located(operator, value) if location else operator.factory(value)

    return prepare


def _squeezed(value: Json) -> Json:
    """A location as its name: `East US 2` is eastus2."""
    if isinstance(value, list):
        return [_squeezed(item) for item in value]
    return value.replace(" ", "") if isinstance(value, str) else value


def _located(operator: Operator, operand: Json) -> Test:
    test = operator.factory(_squeezed(operand))
    return lambda value: test(_squeezed(value))
