"""Conditions that ask the same, wherever they stand."""

from muster.language.syntax import AllOf, AnyOf, Comparison, Condition, Count, Field, Not
from muster.language.template import Template
from muster.values.json import Json, canonical


class Shapes:
    """Numbers conditions: the same number for those that ask the same in the same words, but for the case of fields."""

    def __init__(self) -> None:
        self._numbers: dict[object, int] = {}

    def number(self, condition: Condition) -> int:
        """The number of a condition."""
        return self._numbers.setdefault(self._key(condition), len(self._numbers))

    def _key(self, condition: Condition) -> object:
        if isinstance(condition, Not):
            return "not", self.number(condition.condition)
        if isinstance(condition, AllOf | AnyOf):
            return type(condition), tuple(self.number(part) for part in condition.conditions)
        return self._subject(condition), condition.operator, canonical(condition.operand.value)

    def _subject(self, comparison: Comparison) -> object:
        subject = comparison.subject
        if isinstance(subject, Field):
            return "field", _name(subject.name)
        if isinstance(subject, Count):
            where = None if subject.where is None else self.number(subject.where)
            value = None if subject.value is None else canonical(subject.value.value)
            return "count", subject.field and _name(subject.field), value, subject.name, where
        return "value", canonical(subject.template.value)


def _name(template: Template) -> str:
    name: Json = template.value
    return str(name).lower() if template.constant else str(name)
