"""Files of cases: resources, and what a definition must say of them.

The form is policies/schemas/cases.schema.json. One file holds the cases of one definition.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.protocols import Validator
from jsonschema.validators import extend

from muster.language.parse import close_to
from muster.language.source import Source, escape, read_json
from muster.policy.schema_faults import schema_faults
from muster.policy.wording import shown
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject, as_list, as_object, as_text
from muster.values.states import State

ROOMS: tuple[str, ...] = ("image", "lifecycle", "network")
"""The members of a case that hold facts behind muster's own fields, named as Document names them."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

_HERE: type[Validator] = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator, {"additionalProperties": lambda *_: (), "oneOf": lambda *_: ()}
)
"""Unknown members and the choice between two are told here, with the place and what to write."""


@dataclass(frozen=True, slots=True)
class Case:
    """A resource and the state that is expected of it. `pointer` is its place in the file.

    One of `resource` (REST JSON) and `resource_file` (a path) is set. `facts` are those behind muster's own fields by
    room (see ROOMS), None where they are to be made from the resource. `related` are the related resources
    that there are, None where nothing is known of any. `parameters`, `unavailable`, `as_of` and `reason` as written.
    """

    name: str
    pointer: str
    expect: State
    resource: JsonObject | None
    resource_file: str
    parameters: JsonObject
    facts: Mapping[str, JsonObject] | None
    related: tuple[JsonObject, ...] | None
    unavailable: tuple[str, ...]
    as_of: date | None
    reason: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of the definition with a name."""

    source: Source
    definition: str
    cases: tuple[Case, ...]


class CaseReader:
    """Reads files of cases. `schema` is cases.schema.json."""

    def __init__(self, schema: JsonObject) -> None:
        self._validator = _HERE(schema)
        self._members = {"": _names(schema), "case": _names(as_object(as_object(schema["$defs"])["case"]))}

    def read(self, source: Source) -> tuple[CaseFile | None, list[Diagnostic]]:
        """A file's cases; None where it has a fault, since a case that is left out can't fail."""
        value, faults = read_json(source)
        if not faults:
            faults = list(self._faults(source, value))
        if faults:
            return None, faults
        content = as_object(value)
        day = content.get("asOf")
        cases = tuple(
            self._case(as_object(case), f"/cases/{at}", day) for at, case in enumerate(as_list(content["cases"]))
        )
        return CaseFile(source, as_text(content["definition"]), cases), []

    def _case(self, case: JsonObject, pointer: str, day: Json) -> Case:
        facts = {room: as_object(case[room]) for room in ROOMS if room in case}
        related = case.get("related")
        as_of = case.get("asOf", day)
        resource = case.get("resource")
        return Case(
            name=as_text(case["name"]),
            pointer=pointer,
            expect=State(as_text(case["expect"])),
            resource=None if resource is None else as_object(resource),
            resource_file=as_text(case.get("resourceFile", "")),
            parameters=as_object(case.get("parameters", {})),
            facts=facts or None,
            related=None if related is None else tuple(map(as_object, as_list(related))),
            unavailable=tuple(map(as_text, as_list(case.get("unavailable", [])))),
            as_of=None if as_of is None else date.fromisoformat(as_text(as_of)),
            reason=as_text(case.get("reason", "")),
        )

    def _faults(self, source: Source, value: Json) -> Iterator[Diagnostic]:
        def fault(rule: str, message: str, pointer: str, hint: str = "", *, in_key: bool = False) -> Diagnostic:
            return Diagnostic(rule, Level.ERROR, message, source.name, pointer, hint, in_key=in_key)

        for path, rule, message, hint in schema_faults(self._validator, value):
            yield fault(rule, message, "".join(f"/{escape(str(segment))}" for segment in path), hint)
        seen: set[str] = set()
        for pointer, holder, room in _holders(value):
            known = self._members[room]
            for name in holder:
                if name not in known:
                    hint = close_to(name, known) or f"Known here: {', '.join(known)}."
                    message = f"'{shown(name)}' means nothing {'in a case' if room else 'here'}."
                    yield fault("unknown-member", message, f"{pointer}/{escape(name)}", hint, in_key=True)
            if room:
                yield from (fault(*parts) for parts in _case_faults(holder, pointer, seen))
        for pointer, text in _days(value):
            if not _is_day(text):
                yield fault("invalid-value", f"{shown(text)} is no day of the calendar.", pointer)


def _holders(value: Json) -> Iterator[tuple[str, JsonObject, str]]:
    """The file and its cases, those that are objects: pointer, object, and what it is."""
    if isinstance(value, dict):
        yield "", value, ""
        cases = value.get("cases")
        for at, case in enumerate(cases if isinstance(cases, list) else []):
            if isinstance(case, dict):
                yield f"/cases/{at}", case, "case"


def _case_faults(case: JsonObject, pointer: str, seen: set[str]) -> Iterator[tuple[str, str, str, str]]:
    """What a schema does not say well: rule, message, pointer, hint."""
    if ("resource" in case) is ("resourceFile" in case):
        what = "both a resource and a resourceFile" if "resource" in case else "neither a resource nor a resourceFile"
        yield "one-resource", f"This case has {what}; it is about exactly one.", pointer, "Keep one of them."
    name = case.get("name")
    if isinstance(name, str):
        if name in seen:
            message = f"There is a case '{shown(name)}' before this one; a report could not tell them apart."
            yield "duplicate-name", message, f"{pointer}/name", "Say what is different about this one."
        seen.add(name)


def _days(value: Json) -> Iterator[tuple[str, str]]:
    for pointer, holder, _ in _holders(value):
        day = holder.get("asOf")
        if isinstance(day, str) and _DAY.fullmatch(day):
            yield f"{pointer}/asOf", day


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _names(schema: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(schema["properties"])
