"""`policyRule` to a syntax tree, with every fault of the rule at once.

The parser checks the form only: known keys, one operator to a condition, expressions that parse, the documented
limits. What is well-formed but unwise is the linter's to say.
"""

import difflib
from collections.abc import Iterable, Mapping

from muster.language import limits
from muster.language.expression import ExpressionFault, calls
from muster.language.operators import OPERATORS
from muster.language.source import MOST_FAULTS, escape
from muster.language.syntax import (
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Count,
    Field,
    Not,
    Rule,
    Subject,
    Then,
    Value,
    conditions,
    templates,
)
from muster.language.template import Template, all_expressions, parse_template
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject

LOGICAL = ("allOf", "anyOf", "not")
SUBJECTS = ("field", "value", "count")
_CONDITION_KEYS = {name.lower(): name for name in (*LOGICAL, *SUBJECTS)} | {
    key: operator.name for key, operator in OPERATORS.items()
}
_COUNT_KEYS = {name.lower(): name for name in ("field", "value", "name", "where")}
_RULE_KEYS = {"if": "if", "then": "then"}
_THEN_KEYS = {"effect": "effect", "details": "details"}


def close_to(name: str, names: Iterable[str]) -> str:
    """ "Did you mean ...?" for a name that is none of `names`, else an empty text."""
    lowered = {known.lower(): known for known in names}
    near = difflib.get_close_matches(name.lower()[:80], lowered, n=1, cutoff=0.6)
    return f"Did you mean '{lowered[near[0]]}'?" if near else ""


class RuleParser:
    """Parses one rule. `faults` collects what is wrong."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._depth = 0
        self.faults: list[Diagnostic] = []

    def fault(
        self, rule: str, message: str, pointer: str, hint: str = "", *, in_key: bool = False, column: int | None = None
    ) -> None:
        """Note a fault; in place of the last that there is room for, that there are more."""
        room = MOST_FAULTS - len(self.faults)
        if room == 1:
            rule, message, hint = "too-many-faults", "So many faults that from here on the file is not read.", ""
        if room > 0:
            self.faults.append(
                Diagnostic(rule, Level.ERROR, message, self._file, pointer, hint, in_key=in_key, column_in_value=column)
            )

    @property
    def full(self) -> bool:
        """Whether there are so many faults that no more are noted."""
        return len(self.faults) >= MOST_FAULTS

    def template(self, value: Json, pointer: str) -> Template:
        """A value with its expressions parsed."""

        def report(at: str, error: ExpressionFault) -> None:
            self.fault("invalid-expression", str(error), at, error.hint, column=error.column)

        return parse_template(value, pointer, report)

    def rule(self, value: Json, pointer: str) -> Rule | None:
        """A `policyRule`. None where it can't be used; the faults say why."""
        members = self._members(value, pointer, _RULE_KEYS, "policyRule", "an object with 'if' and 'then'")
        if members is None:
            return None
        for key in _RULE_KEYS:
            if key not in members and not _misspelt(value, _RULE_KEYS):
                self.fault(f"missing-{key}", f"policyRule has no '{key}'.", pointer, f'Add "{key}": {{...}}.')
        condition = self.condition(*members["if"]) if "if" in members else None
        then = self._then(*members["then"]) if "then" in members else None
        if condition is None or then is None:
            return None
        rule = Rule(condition, then, pointer)
        self._check_limits(rule)
        return None if self.faults else rule

    def _members(
        self, value: Json, pointer: str, known: Mapping[str, str], what: str, wanted: str
    ) -> dict[str, tuple[Json, str]] | None:
        """An object's members by canonical lower-cased key, each with its pointer. Unknown keys are faults."""
        if not isinstance(value, dict):
            self.fault("not-an-object", f"{what} is {_kind(value)}, not {wanted}.", pointer, f"Write {wanted}.")
            return None
        members: dict[str, tuple[Json, str]] = {}
        for key, item in value.items():
            if self.full:
                return None
            at = f"{pointer}/{escape(key)}"
            lowered = key.lower()
            if lowered not in known:
                hint = close_to(key, known.values()) or f"Known here: {', '.join(known.values())}."
                self.fault("unknown-key", f"'{_shown(key)}' means nothing in {what}.", at, hint, in_key=True)
            elif lowered in members:
                self.fault("duplicate-key", f"'{_shown(key)}' stands twice in {what}.", at, "Keep one.", in_key=True)
            else:
                members[lowered] = (item, at)
        return members

    def condition(self, value: Json, pointer: str) -> Condition | None:
        """A condition. None where it can't be used; the faults say why."""
        if self.full:
            return None
        if self._depth >= limits.CONDITION_DEPTH:
            self.fault(
                "too-deep",
                f"Conditions nested deeper than {limits.CONDITION_DEPTH} levels; what is inside is not read.",
                pointer,
                "Flatten it: allOf and anyOf take any number of conditions.",
            )
            return None
        members = self._members(value, pointer, _CONDITION_KEYS, "a condition", "an object")
        if members is None:
            return None
        self._depth += 1
        try:
            return self._condition(members, pointer, misspelt=_misspelt(value, _CONDITION_KEYS))
        finally:
            self._depth -= 1

    def _condition(self, members: Mapping[str, tuple[Json, str]], pointer: str, *, misspelt: bool) -> Condition | None:
        logical = [key for key in members if key in ("allof", "anyof", "not")]
        subjects = [key for key in members if key in SUBJECTS]
        operators = [key for key in members if key in OPERATORS]
        if logical:
            if len(members) > 1:
                extra = next(key for key in members if key != logical[0])
                self.fault(
                    "mixed-condition",
                    f"'{_CONDITION_KEYS[extra]}' stands beside '{_CONDITION_KEYS[logical[0]]}'; "
                    "a logical operator is alone in its object.",
                    members[extra][1],
                    "Put both into one allOf.",
                    in_key=True,
                )
                return None
            return self._logical(logical[0], *members[logical[0]], pointer)
        if not subjects and not misspelt:
            self.fault(
                "missing-subject",
                "This condition says neither what to look at nor how to combine conditions.",
                pointer,
                "Add 'field', 'value' or 'count' (or use allOf, anyOf or not).",
            )
        elif len(subjects) > 1:
            self.fault(
                "several-subjects",
                f"A condition looks at one thing, not at {' and '.join(subjects)}.",
                members[subjects[1]][1],
                "Make two conditions in an allOf.",
                in_key=True,
            )
        if not operators and not misspelt:
            self.fault(
                "missing-operator",
                "This condition compares with nothing: it has no operator.",
                pointer,
                'Add one, such as "equals": "...".',
            )
        elif len(operators) > 1:
            names = " and ".join(OPERATORS[key].name for key in operators)
            self.fault(
                "several-operators",
                f"A condition has one operator, not {names}.",
                members[operators[1]][1],
                "Make two conditions in an allOf.",
                in_key=True,
            )
        subject = self._subject(subjects[0], *members[subjects[0]]) if subjects else None
        operand = self.template(*members[operators[0]]) if operators else None
        if subject is None or operand is None or len(subjects) + len(operators) > 2:
            return None
        return Comparison(subject, OPERATORS[operators[0]].name, operand, pointer)

    def _logical(self, key: str, value: Json, at: str, pointer: str) -> Condition | None:
        if key == "not":
            inner = self.condition(value, at)
            return None if inner is None else Not(inner, pointer)
        name = _CONDITION_KEYS[key]
        if not isinstance(value, list):
            self.fault("not-an-array", f"{name} is {_kind(value)}, not an array.", at, f'Write "{name}": [...].')
            return None
        parsed = [self.condition(item, f"{at}/{index}") for index, item in enumerate(value)]
        found = tuple(item for item in parsed if item is not None)
        if len(found) < len(parsed):
            return None
        return AllOf(found, pointer) if key == "allof" else AnyOf(found, pointer)

    def _subject(self, key: str, value: Json, at: str) -> Subject | None:
        if key == "field":
            name = self._field(value, at)
            return None if name is None else Field(name, at)
        if key == "value":
            return Value(self.template(value, at), at)
        return self._count(value, at)

    def _field(self, value: Json, at: str) -> Template | None:
        if not isinstance(value, str) or not value:
            self.fault("invalid-field", f"A field is named by a string, not by {_kind(value)}.", at, 'Write "type".')
            return None
        return self.template(value, at)

    def _count(self, value: Json, at: str) -> Count | None:
        members = self._members(value, at, _COUNT_KEYS, "count", "an object with 'field' or 'value'")
        if members is None:
            return None
        if "field" in members and "value" in members:
            self.fault(
                "several-subjects",
                "A count goes over a field or over a value, not over both.",
                members["value"][1],
                "Remove one of them.",
                in_key=True,
            )
            return None
        if "field" not in members and "value" not in members:
            if not _misspelt(value, _COUNT_KEYS):
                self.fault("missing-subject", "This count says nothing to count.", at, "Add 'field' or 'value'.")
            return None
        where = self.condition(*members["where"]) if "where" in members else None
        name = self._count_name(members)
        if name is None or ("where" in members and where is None):
            return None
        if "value" in members:
            return Count(None, self.template(*members["value"]), name, where, at)
        field = self._field(*members["field"])
        if field is None:
            return None
        if field.constant and "[*]" not in str(field.value):
            self.fault(
                "count-without-star",
                f"count goes over the members of an array, and '{_shown(str(field.value))}' has no [*].",
                members["field"][1],
                f"Write '{_shown(str(field.value))}[*]'.",
            )
            return None
        return Count(field, None, name, where, at)

    def _count_name(self, members: Mapping[str, tuple[Json, str]]) -> str | None:
        if "name" not in members:
            return "default"
        name, at = members["name"]
        if not isinstance(name, str) or not name:
            self.fault("invalid-name", f"A count's name is a string, not {_kind(name)}.", at, 'Write "name": "item".')
            return None
        if "field" in members:
            self.fault(
                "invalid-name",
                "Only a count over a value has a name; a count over a field is named by the field.",
                at,
                "Remove it, or count over a value.",
                in_key=True,
            )
            return None
        return name

    def _then(self, value: Json, pointer: str) -> Then | None:
        members = self._members(value, pointer, _THEN_KEYS, "then", "an object with 'effect'")
        if members is None:
            return None
        if "effect" not in members:
            if not _misspelt(value, _THEN_KEYS):
                self.fault("missing-effect", "'then' has no 'effect'.", pointer, 'Add "effect": "audit".')
            return None
        effect, at = members["effect"]
        if not isinstance(effect, str):
            self.fault("invalid-effect", f"An effect is a string, not {_kind(effect)}.", at, 'Write "audit".')
            return None
        details_value, details_at = members.get("details", (None, f"{pointer}/details"))
        existence = self._existence_condition(details_value, details_at)
        details = None
        if details_value is not None:
            if isinstance(details_value, dict):
                # The existence condition is parsed as a condition, and a deployment is a template of its own.
                skipped = ("existencecondition", "deployment")
                details_value = {k: v for k, v in details_value.items() if k.lower() not in skipped}
            details = self.template(details_value, details_at)
        return Then(self.template(effect, at), details, existence, pointer)

    def _existence_condition(self, details: Json, at: str) -> Condition | None:
        if not isinstance(details, dict):
            return None
        key = next((key for key in details if key.lower() == "existencecondition"), None)
        return None if key is None else self.condition(details[key], f"{at}/{escape(key)}")

    def _check_limits(self, rule: Rule) -> None:
        compared = [node for node in conditions(rule.condition) if isinstance(node, Comparison)]
        self._bound(len(compared), limits.IF_CONDITIONS, "conditions in 'if'", f"{rule.pointer}/if")
        existence = rule.then.existence_condition
        if existence is not None:
            number = sum(isinstance(node, Comparison) for node in conditions(existence))
            self._bound(number, limits.THEN_CONDITIONS, "conditions in 'then'", existence.pointer)
        texts = all_expressions(templates(rule.condition))
        number = sum(1 for _, expression in texts for _ in calls(expression))
        self._bound(number, limits.FUNCTIONS_IN_RULE, "function calls in one rule", rule.pointer)
        counts = [node.subject for node in compared if isinstance(node.subject, Count)]
        over_values = sum(count.value is not None for count in counts)
        self._bound(over_values, limits.VALUE_COUNTS_PER_RULE, "counts over values in one rule", rule.pointer)
        per_array: dict[str, int] = {}
        for count in counts:
            if count.field is not None and count.field.constant:
                array = str(count.field.value).lower()
                per_array[array] = per_array.get(array, 0) + 1
        if per_array:
            most = limits.FIELD_COUNTS_PER_ARRAY
            self._bound(max(per_array.values()), most, "counts over one array in one rule", rule.pointer)

    def _bound(self, number: int, most: int, what: str, pointer: str) -> None:
        if number > most:
            self.fault("over-limit", f"{number:,} {what}; Azure allows {most:,}.", pointer, "Split the definition.")


def _misspelt(value: Json, known: Mapping[str, str]) -> bool:
    """Whether some key is unknown, so that a missing one may be what it stands for: one fault is told, not two."""
    return isinstance(value, dict) and any(key.lower() not in known for key in value)


def _kind(value: Json) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "an array"
    return "a number" if isinstance(value, int | float) else "an empty string" if not value else "a string"


def _shown(text: str) -> str:
    return text if len(text) <= 60 else text[:57] + "..."


def parse_rule(value: Json, file: str, pointer: str) -> tuple[Rule | None, list[Diagnostic]]:
    """Parse a `policyRule`: the rule, or None and every fault in it."""
    parser = RuleParser(file)
    rule = parser.rule(value, pointer)
    return rule, parser.faults


def rule_object(value: JsonObject) -> bool:
    """Whether an object looks like a bare `policyRule` rather than a definition around one."""
    return {key.lower() for key in value} >= {"if", "then"}
