"""Findings as CSV: a line for each resource and definition, safe to open in a spreadsheet."""

import csv
import io
from collections.abc import Iterator, Sequence

from muster.report.csv_cell import csv_cell
from muster.report.stated import Stated, stated
from muster.report.visible import visible
from muster.values.instant import format_instant
from muster.values.json import JsonObject

COLUMNS = (
    *("state", "severity", "name", "type", "system", "policy", "message", "reasons", "remediation", "documentation"),
    *("effect", "enforced", "underneath", "exemption", "assignment", "initiative", "definition", "reference"),
    *("version", "groups", "location", "subscription", "resourceGroup", "observedAt", "checkedAt", "tags"),
    *("resource", "finding", "evaluation"),
)


class CsvExport:
    """Lines ended as RFC 4180 has it. Characters that can't be printed, ends of lines too, are escaped (`\\u000a`)."""

    def head(self) -> str:
        """The names of the columns."""
        return csv_line(COLUMNS)

    def part(self, finding: JsonObject) -> Iterator[str]:
        """The lines of the document's results."""
        for said in stated(finding):
            yield csv_line(_cells(said))

    def tail(self) -> str:
        """Nothing."""
        return ""


def csv_line(cells: Sequence[str]) -> str:
    """A line of cells that no spreadsheet takes for formulas."""
    text = io.StringIO(newline="")
    csv.writer(text).writerow([csv_cell(visible(cell)) for cell in cells])
    return text.getvalue()


def _cells(said: Stated) -> tuple[str, ...]:
    subject = said.subject
    return (
        *(said.state, said.severity, subject.name, subject.type, subject.system, said.title, said.message),
        *("; ".join(reason.text for reason in said.reasons), said.remediation, said.documentation),
        *(said.effect, "yes" if said.enforced else "no", said.underneath or "", said.exemption),
        *(said.assignment, said.initiative, said.definition, said.reference, said.version, ", ".join(said.groups)),
        *(subject.location, subject.subscription, subject.resource_group),
        *(format_instant(subject.seen_at), format_instant(subject.checked_at)),
        "; ".join(f"{name}={value}" for name, value in sorted(subject.tags.items())),
        *(subject.id, said.id, subject.evaluation),
    )
