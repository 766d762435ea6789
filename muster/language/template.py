"""JSON values with expressions in their strings."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from muster.language.expression import (
    Expression,
    ExpressionFault,
    is_expression,
    parse_expression,
    unescape,
)
from muster.language.source import escape
from muster.values.json import Json


@dataclass(frozen=True, slots=True)
class Template:
    """A JSON value in which strings may be expressions.

    `expressions` has the expressions by their JSON pointer below this value ("" where the value itself is one);
    without any, `value` is what it stands for (escapes already undone). `pointer` is its place in the file.
    """

    value: Json
    expressions: Mapping[str, Expression]
    pointer: str

    @property
    def constant(self) -> bool:
        """Whether it has no expressions."""
        return not self.expressions

    @property
    def expression(self) -> Expression | None:
        """The expression that the value itself is."""
        return self.expressions.get("")


def parse_template(value: Json, pointer: str, fault: Callable[[str, ExpressionFault], None] | None = None) -> Template:
    """Parse all expressions in a value. Each one that can't be parsed is handed to `fault` with its pointer and
    left a plain string; without `fault`, raises ExpressionFault."""
    expressions: dict[str, Expression] = {}

    def walk(item: Json, at: str) -> Json:
        if isinstance(item, str):
            if not is_expression(item):
                return unescape(item)
            try:
                expressions[at] = parse_expression(item)
            except ExpressionFault as error:
                if fault is None:
                    raise
                fault(pointer + at, error)
            return item
        if isinstance(item, list):
            return [walk(child, f"{at}/{index}") for index, child in enumerate(item)]
        if isinstance(item, dict):
            return {name: walk(child, f"{at}/{escape(name)}") for name, child in item.items()}
        return item

    return Template(walk(value, ""), expressions, pointer)


def fill(template: Template, evaluate: Callable[[str], Json]) -> Json:
    """The template's value with each expression replaced by what `evaluate` gives for its pointer."""
    if template.constant:
        return template.value

    def walk(item: Json, at: str) -> Json:
        if at in template.expressions:
            return evaluate(at)
        if isinstance(item, list):
            return [walk(child, f"{at}/{index}") for index, child in enumerate(item)]
        if isinstance(item, dict):
            return {name: walk(child, f"{at}/{escape(name)}") for name, child in item.items()}
        return item

    return walk(template.value, "")


def all_expressions(templates: Iterator[Template]) -> Iterator[tuple[str, Expression]]:
    """Every expression of some templates with its pointer in the file."""
    for template in templates:
        for at, expression in template.expressions.items():
            yield template.pointer + at, expression
