"""What is declared under which name, and what a reference to it means.

A reference is an id of Azure's, or, in files of one's own, a name. An id means what has exactly that id (in any
case), or, where nothing has it, what has its name and no id at all: a definition that was written here and is in
Azure by now. A name means whatever has that name; where several have, the id is needed.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from muster.policy.envelope import Item
from muster.policy.kinds import Kind, looks_like_id, parse_policy_id
from muster.policy.suggestions import Suggestions
from muster.policy.versions import Version, VersionPattern, newest
from muster.policy.wording import LONGEST_ID, shown
from muster.values.diagnostic import Diagnostic

T = TypeVar("T")

_EXPORTS = {Kind.DEFINITION: "definition", Kind.INITIATIVE: "set-definition"}
"""Azure CLI's words for what is built in."""


@dataclass(frozen=True)
class Entry(Generic[T]):
    """Something declared. `value` is None where its file is broken; that was told already. `scoped_id` is its id
    lower-cased (as given, or as its scope and name make it), empty where it has none."""

    item: Item
    value: T | None
    scoped_id: str
    version: Version | None = None


@dataclass(frozen=True)
class Found(Generic[T]):
    """What a reference led to. Nothing in `entry` and no `fault` where it led to a broken file."""

    entry: Entry[T] | None = None
    fault: str = ""
    rule: str = ""
    hint: str = ""


class Directory(Generic[T]):
    """Everything of one kind (`what` names it in sentences)."""

    def __init__(self, kind: Kind, entries: Sequence[Entry[T]], suggestions: Suggestions) -> None:
        self.kind = kind
        self._suggestions = suggestions
        self.entries = entries
        self._by_id: dict[str, list[Entry[T]]] = {}
        self._by_name: dict[str, list[Entry[T]]] = {}
        for entry in entries:
            if entry.scoped_id:
                self._by_id.setdefault(entry.scoped_id, []).append(entry)
            self._by_name.setdefault(entry.item.name.lower(), []).append(entry)

    def duplicates(self) -> Iterator[Diagnostic]:
        """A fault for everything that has the id and version, or without an id the name, of an earlier one."""
        seen: dict[tuple[str, object], Entry[T]] = {}
        for entry in self.entries:
            key = (
                entry.scoped_id or entry.item.name.lower(),
                entry.version and (entry.version.numbers, entry.version.suffix),
            )
            first = seen.setdefault(key, entry)
            if first is not entry:
                item, other = entry.item, first.item
                place = f"{other.source.name}{f' (at {other.pointer})' if other.pointer else ''}"
                message = f"{shown(entry.scoped_id or item.name, LONGEST_ID)} is declared twice, first in {place}."
                hint = "Rename one of the two, or take it out."
                yield replace(item.fault("duplicate-name", message, hint=hint), pointer=item.pointer)

    def find(self, reference: str, pattern: VersionPattern | None = None) -> Found[T]:
        """What a reference means; `pattern` chooses among versions."""
        entries, fault = self._candidates(reference)
        if fault is not None:
            return fault
        versions = [(entry.version, entry) for entry in entries]
        chosen = newest(versions, pattern)
        if chosen is None:
            has = ", ".join(sorted(shown(_version_text(entry)) for entry in entries))
            return Found(
                fault=f"The {self.kind} '{shown(reference)}' has no version that this follows.",
                rule="unknown-version",
                hint=f"There is {has}.",
            )
        return Found(chosen if chosen.value is not None else None)

    def _candidates(self, reference: str) -> tuple[list[Entry[T]], Found[T] | None]:
        if looks_like_id(reference):
            policy_id = parse_policy_id(reference)
            if policy_id is None:
                message = f"'{shown(reference)}' is neither an id of Azure's nor a name."
                return [], Found(fault=message, rule="invalid-id", hint=f"Write .../{self.kind.resource_type}/NAME.")
            entries = self._by_id.get(policy_id.key) or [
                entry for entry in self._by_name.get(policy_id.name.lower(), ()) if not entry.scoped_id
            ]
            if policy_id.version:
                exact = Version.parse(policy_id.version)
                entries = [entry for entry in entries if entry.version == exact]
            return (entries, None) if entries else ([], self._missing(reference, policy_id.name))
        entries = self._by_name.get(reference.strip().lower(), [])
        if not entries:
            return [], self._missing(reference, reference)
        if len({entry.scoped_id for entry in entries}) > 1:
            message = f"There are {len(entries)} {self.kind.folder} named '{shown(reference)}'."
            return [], Found(fault=message, rule="ambiguous-reference", hint="Refer to one of them by its id.")
        return entries, None

    def _missing(self, reference: str, name: str) -> Found[T]:
        same = self._by_name.get(name.lower())
        if same:
            hint = f"There is {shown(same[0].scoped_id or same[0].item.name, LONGEST_ID)}."
        else:
            hint = self._suggestions.like(name, [entry.item.name for entry in self.entries])
        return Found(
            fault=f"There is no {self.kind} '{shown(reference, LONGEST_ID)}' among the policy files.",
            rule=f"unknown-{self.kind}",
            hint=hint or self._where_from(reference, name),
        )

    def _where_from(self, reference: str, name: str) -> str:
        command = _EXPORTS.get(self.kind)
        if command is None or not looks_like_id(reference):
            return f"Put it into {self.kind.folder}/."
        return f"Export it into {self.kind.folder}/ (az policy {command} show --name {shown(name)})."


def _version_text(entry: Entry[T]) -> str:
    if entry.version is None:
        return "one without a version"
    numbers = ".".join(map(str, entry.version.numbers))
    return f"{numbers}-{entry.version.suffix}" if entry.version.suffix else numbers
