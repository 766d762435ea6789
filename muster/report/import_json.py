"""What an import found, as JSON and as CSV."""

import csv
import io

from muster.policy.kinds import Kind
from muster.report.csv_cell import csv_cell
from muster.report.import_report import Imported, ImportedDefinition, LeftOut
from muster.report.visible import visible
from muster.values.diagnostic import Diagnostic, Level
from muster.values.json import Json, JsonObject

COLUMNS = (
    *("name", "displayName", "id", "version", "policyType", "effect", "for", "never", "skippedImages"),
    *("skippedMachines", "looksFor", "cantTell", "file"),
)


def import_json(found: Imported) -> JsonObject:
    """`{"read": {...}, "usable": {...}, "definitions": [...], "leftOut": [...], "faults": [...], "lint": {...}}`;
    docs/bring-your-own.md explains what is in it."""
    read: JsonObject = {"files": found.files_read}
    for kind in Kind:
        read[kind.folder] = found.read[kind]
    return {
        "read": {**read, "repeated": found.repeated, "others": {**found.others}},
        "usable": {kind.folder: found.usable[kind] for kind in Kind},
        "machines": found.machines,
        "definitions": [_definition(one) for one in found.definitions],
        "leftOut": [_left_out(one) for one in found.left_out],
        "faults": [*map(_fault, found.faults)],
        "lint": {level: sum(one.level is level for one in (*found.faults, *found.diagnostics)) for level in Level},
    }


def import_csv(found: Imported) -> str:
    """A definition a row, lines ended as RFC 4180 has it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(map(_row, found.definitions))
    return text.getvalue()


def _definition(one: ImportedDefinition) -> Json:
    standing, surveyed = one.surveyed.standing, one.surveyed
    return {
        "name": one.item.name,
        "displayName": one.item.title,
        "id": str(one.item.id) if one.item.id else None,
        "version": standing.definition.version or None,
        "policyType": standing.definition.policy_type,
        "effect": standing.effect,
        "for": [*standing.types],
        "never": standing.why or None,
        "cantTell": [*standing.gaps],
        "skips": [{"image": image.image, "machines": image.machines} for image in surveyed.skipped],
        "looksFor": [*surveyed.looks_for],
        "file": one.item.file,
        "pointer": one.item.pointer,
    }


def _left_out(one: LeftOut) -> Json:
    return {
        "kind": one.item.kind,
        "name": one.item.name,
        "displayName": one.item.title,
        "id": str(one.item.id) if one.item.id else None,
        "partly": one.partly,
        "faults": [*map(_fault, one.faults)],
    }


def _fault(fault: Diagnostic) -> Json:
    return {
        "rule": fault.rule,
        "message": fault.message,
        "hint": fault.hint,
        "file": fault.file,
        "pointer": fault.pointer,
    }


def _row(one: ImportedDefinition) -> list[str]:
    standing, surveyed = one.surveyed.standing, one.surveyed
    cells = (
        one.item.name,
        one.item.title,
        str(one.item.id or ""),
        standing.definition.version,
        standing.definition.policy_type,
        standing.effect,
        ", ".join(standing.types),
        standing.why,
        "; ".join(image.image for image in surveyed.skipped),
        str(sum(image.machines for image in surveyed.skipped)),
        ", ".join(surveyed.looks_for),
        " ".join(standing.gaps),
        one.item.file,
    )
    return [csv_cell(visible(cell)) for cell in cells]
