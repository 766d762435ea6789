"""Everything that can be said of policy files without a resource: faults that keep them from being used, and what is
probably not meant."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from muster.facts.catalogue import read_catalogue, stale_files
from muster.facts.image_lint import lint_image_rules
from muster.facts.image_rules_reading import read_image_rules
from muster.facts.vocabulary import VOCABULARY
from muster.jobs.test_policies import CASES
from muster.language.aliases import AliasTable
from muster.language.definition import Definition, read_definition
from muster.language.lint import lint
from muster.language.lint.rule import Target
from muster.language.source import Source, read_json
from muster.policy.cases import CaseReader
from muster.policy.directory import Directory, Entry
from muster.policy.files import as_written, kind_by_folder, read_policy_files
from muster.policy.kinds import Kind
from muster.policy.recognition import OtherKind, recognised
from muster.policy.schemas import PolicySchemas
from muster.policy.wording import shown
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json

RELEASES = "lifecycle/releases"
IMAGE_RULES = "lifecycle/images"


@dataclass(frozen=True, slots=True)
class LintBench:
    """What files are checked with. `today` tells which parts of the catalogue were not looked at for too long."""

    schemas: PolicySchemas
    cases: CaseReader
    aliases: AliasTable
    target: Target
    today: date


@dataclass(frozen=True, slots=True)
class LintedDefinition:
    """A definition in a file. `usable`: nothing keeps it from being used where it is to be (the target)."""

    name: str
    file: str
    usable: bool


@dataclass(frozen=True, slots=True)
class LintRun:
    """What was found in files. `checked` is how many of them were policy files."""

    diagnostics: tuple[Diagnostic, ...]
    definitions: tuple[LintedDefinition, ...]
    checked: int


def lint_folder(files: Mapping[str, str], bench: LintBench) -> LintRun:
    """Check a policies folder as a whole, with what its files say of one another. `files` has texts by path in it."""
    chosen = {path: text for path, text in files.items() if kind_by_folder(path) is not None}
    found, definitions, known = _policies(chosen, kind_by_folder, bench, together=True)
    cases = _below(files, CASES)
    releases, rules = _below(files, RELEASES), _below(files, IMAGE_RULES)
    for path, text in cases.items():
        found += _cases(path, text, bench, known)
    found += _catalogue(releases, bench.today)
    found += _image_rules(rules)
    return LintRun(tuple(found), definitions, len(chosen) + len(cases) + len(releases) + len(rules))


def lint_files(files: Mapping[str, str], bench: LintBench, named: frozenset[str]) -> LintRun:
    """Check files one by one, whatever folder they are in; what they refer to is not looked up. `named` are those that
    were asked for by name: others that are no policy files are passed over."""
    kinds: dict[str, Kind] = {}
    found: list[Diagnostic] = []
    checked = 0
    for path, text in files.items():
        value, faults = read_json(Source(path, text))
        kind = None if faults else recognised(value)
        checked += kind is not None or bool(faults)
        match kind:
            case Kind():
                kinds[path] = kind
            case OtherKind.CASES:
                found += _cases(path, text, bench, None)
            case OtherKind():
                found.append(_not_alone(path))
            case None if faults:
                found += faults
            case None if path in named:
                found.append(_no_policy(path))
    of_policies, definitions, _ = _policies({path: files[path] for path in kinds}, kinds.get, bench, together=False)
    return LintRun((*of_policies, *found), definitions, checked)


def _policies(
    files: Mapping[str, str], kind_of: Callable[[str], Kind | None], bench: LintBench, *, together: bool
) -> tuple[list[Diagnostic], tuple[LintedDefinition, ...], Directory[Definition]]:
    read = read_policy_files(files, bench.schemas, kind_of)
    found = _one_error_a_place((*read.remarks, *(read.references if together else ())))
    definitions = []
    for entry in read.definitions.entries:
        said = list(_of_definition(entry, bench))
        file, pointer = entry.item.source.name, entry.item.pointer
        concerning = [*said, *(one for one in found if one.file == file and one.pointer.startswith(pointer))]
        usable = not any(one.level is Level.ERROR for one in concerning)
        definitions.append(LintedDefinition(entry.item.name, file, usable))
        found += said
    return found, tuple(definitions), read.definitions


def _of_definition(entry: Entry[Definition], bench: LintBench) -> Iterable[Diagnostic]:
    item = entry.item
    definition = entry.value or read_definition(item.source, item.content, item.pointer)[0]
    if definition is None:
        return ()
    return (as_written(item, one) for one in lint(definition, bench.aliases, VOCABULARY, bench.target))


def _one_error_a_place(remarks: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Everything but errors at places that have one already, which mostly follow from it."""
    found: list[Diagnostic] = []
    places: set[tuple[object, ...]] = set()
    for remark in remarks:
        place = (remark.file, remark.pointer, remark.offset, remark.column_in_value)
        if remark.level is not Level.ERROR or place not in places:
            found.append(remark)
        if remark.level is Level.ERROR:
            places.add(place)
    return found


def _cases(path: str, text: str, bench: LintBench, definitions: Directory[Definition] | None) -> list[Diagnostic]:
    cases, faults = bench.cases.read(Source(path, text))
    if cases is not None and definitions is not None:
        found = definitions.find(cases.definition)
        if found.fault:
            message = f"There is no definition '{shown(cases.definition)}', so that these cases test nothing."
            faults.append(Diagnostic("unknown-definition", Level.ERROR, message, path, "/definition", found.hint))
    return faults


def _catalogue(files: Mapping[str, str], today: date) -> list[Diagnostic]:
    values, faults = _values(files)
    catalogue, found = read_catalogue(values)
    return [*faults, *found, *stale_files(catalogue, today)]


def _image_rules(files: Mapping[str, str]) -> list[Diagnostic]:
    values, faults = _values(files)
    rules, found = read_image_rules(values)
    return [*faults, *found, *lint_image_rules(rules)]


def _values(files: Mapping[str, str]) -> tuple[dict[str, Json], list[Diagnostic]]:
    values: dict[str, Json] = {}
    faults: list[Diagnostic] = []
    for path, text in files.items():
        value, found = read_json(Source(path, text))
        faults += found
        if not found:
            values[path] = value
    return values, faults


def _below(files: Mapping[str, str], folder: str) -> dict[str, str]:
    return {path: files[path] for path in sorted(files) if path.startswith(f"{folder}/")}


def _not_alone(path: str) -> Diagnostic:
    message = "This file is not checked by itself: what it says has to fit what the others beside it say."
    return Diagnostic("not-checked-alone", Level.WARNING, message, path, hint="Check the whole policies folder.")


def _no_policy(path: str) -> Diagnostic:
    message = "This is no policy file: neither a definition, an initiative, an assignment nor an exemption, nor cases."
    return Diagnostic("not-a-policy-file", Level.ERROR, message, path, hint="A definition has a policyRule.")
