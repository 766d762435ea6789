"""Definitions judged by themselves, as if each were assigned everywhere."""

from collections.abc import Mapping

from muster.language.definition import Definition
from muster.language.parameters import value_fault
from muster.language.source import Source, escape, read_json
from muster.policy.assigned import AssignedDefinition, AssignedPolicy, Edition
from muster.policy.assignment import Assignment
from muster.policy.effects import effect_fault
from muster.policy.envelope import Item, read_file
from muster.policy.files import PolicyFiles, definition_directory, digest, settle
from muster.policy.kinds import Kind
from muster.policy.schemas import PolicySchemas
from muster.policy.scopes import EVERYTHING
from muster.policy.suggestions import Suggestions
from muster.policy.wording import shown
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json


def load_definitions(
    files: Mapping[str, str], schemas: PolicySchemas, parameters: tuple[str, str] | None = None
) -> PolicyFiles:
    """Definitions from files anywhere, each assigned to everything under its own name.

    `files` has texts by path as the user gave it; `parameters` is the path and text of a file with values by name
    (`{"name": value}`, or `{"name": {"value": ...}}` throughout), each for every definition that declares it.
    Raises BrokenPolicySet with all faults.
    """
    remarks: list[Diagnostic] = []
    items: list[Item] = []
    suggestions = Suggestions()
    for path in sorted(files):
        found, faults = read_file(path, files[path], Kind.DEFINITION, schemas)
        items += found
        remarks += faults
    directory = definition_directory(items, remarks, suggestions)
    remarks += directory.duplicates()
    given = _Given(parameters, remarks, suggestions)
    policies = []
    for entry in directory.entries:
        if entry.value is not None:
            values = given.bind(entry.value)
            remarks += effect_fault(entry.value, values, entry.item, ("parameters",), {})
            policies.append(assigned_alone(entry.value, values, entry.item))
    remarks += given.unused()
    warnings = settle(remarks)
    version = digest({**files, **(dict([parameters]) if parameters else {})})
    return PolicyFiles(
        tuple(policy.editions[0].definitions[0].definition for policy in policies),
        (),
        tuple(policies),
        version,
        warnings,
    )


class _Given:
    """The values of a parameters file."""

    def __init__(self, parameters: tuple[str, str] | None, remarks: list[Diagnostic], suggestions: Suggestions) -> None:
        self._remarks = remarks
        self._suggestions = suggestions
        self._file, text = parameters or ("", "{}")
        value, faults = read_json(Source(self._file, text))
        remarks += faults
        if not isinstance(value, dict):
            if not faults:
                remarks.append(self._fault("wrong-type", "Parameters are an object: values by name.", ""))
            value = {}
        self._wrapped = bool(value) and all(isinstance(one, dict) and set(one) == {"value"} for one in value.values())
        self._values: dict[str, tuple[str, Json]] = {
            name.lower(): (name, one["value"] if self._wrapped and isinstance(one, dict) else one)
            for name, one in value.items()
        }
        self._declared: dict[str, str] = {}

    def bind(self, definition: Definition) -> dict[str, Json]:
        """A definition's values; what is wrong with them is noted."""
        values: dict[str, Json] = {}
        for key, parameter in definition.parameters.items():
            self._declared[key] = parameter.name
            if key in self._values:
                name, values[key] = self._values[key]
                wrong = value_fault(parameter, values[key])
                if wrong:
                    message = f"'{shown(name)}' of '{shown(definition.name)}': {wrong}."
                    pointer = f"/{escape(name)}{'/value' if self._wrapped else ''}"
                    self._remarks.append(self._fault("invalid-parameter", message, pointer))
            elif parameter.has_default:
                values[key] = parameter.default
            else:
                message = f"'{shown(parameter.name)}' has no value and no default."
                self._remarks.append(
                    Diagnostic(
                        "missing-parameter",
                        Level.ERROR,
                        message,
                        definition.source.name,
                        parameter.pointer,
                        "Give it a value in the parameters file.",
                    )
                )
        return values

    def unused(self) -> list[Diagnostic]:
        """A fault for each name that no definition declares. To ask when all are bound."""
        return [
            self._fault(
                "unknown-parameter",
                f"No definition has a parameter '{shown(name)}'.",
                f"/{escape(name)}",
                self._suggestions.like(name, self._declared.values()),
            )
            for key, (name, _) in self._values.items()
            if key not in self._declared
        ]

    def _fault(self, rule: str, message: str, pointer: str, hint: str = "") -> Diagnostic:
        return Diagnostic(rule, Level.ERROR, message, self._file, pointer, hint)


def assigned_alone(definition: Definition, values: Mapping[str, Json], item: Item) -> AssignedPolicy:
    """A definition assigned to everything, under its own name, with the values of its parameters."""
    assignment = Assignment(
        id=definition.id or definition.name,
        name=definition.name,
        display_name=definition.display_name or definition.name,
        target=definition.id or definition.name,
        version=None,
        scope=EVERYTHING,
        excluded=(),
        selectors=(),
        overrides=(),
        parameters={},
        messages={},
        enforced=True,
        metadata={},
        item=item,
    )
    return AssignedPolicy(assignment, (Edition(None, None, (AssignedDefinition(definition, values),)),))
