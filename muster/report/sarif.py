"""Findings as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0), one run.

Rules come behind the results, which JSON allows, so that no result has to be kept until all are known.
"""

import json
from collections.abc import Iterator
from urllib.parse import quote

from muster.report.stated import Stated, stated
from muster.report.visible import visible
from muster.values.json import Json, JsonObject
from muster.values.states import Severity, State

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

_KINDS = {
    State.COMPLIANT: "pass",
    State.NON_COMPLIANT: "fail",
    State.NOT_APPLICABLE: "notApplicable",
    State.UNKNOWN: "open",
    State.ERROR: "open",
    State.EXEMPT: "open",
}
"""Exempt stands here for an exemption under which no state is known."""

_LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}

FINGERPRINT = "musterFinding/v1"


class SarifExport:
    """A SARIF log. `product_version` is muster's own, a semantic version."""

    def __init__(self, product_version: str) -> None:
        self._version = product_version
        self._rules: dict[str, tuple[int, JsonObject]] = {}
        self._separator = "\n"

    def head(self) -> str:
        """Up to the results."""
        return f'{{"$schema":"{SCHEMA}","version":"2.1.0","runs":[{{"columnKind":"utf16CodeUnits","results":['

    def part(self, finding: JsonObject) -> Iterator[str]:
        """A result on a line of its own for each of the document's."""
        for said in stated(finding):
            separator, self._separator = self._separator, ",\n"
            yield f"{separator}{json.dumps(self._result(said), separators=(',', ':'))}"

    def tail(self) -> str:
        """The rules that were met, and the end."""
        driver: JsonObject = {
            "name": "muster",
            "semanticVersion": self._version,
            "rules": [rule for _, rule in self._rules.values()],
        }
        return f'\n],"tool":{json.dumps({"driver": driver}, separators=(",", ":"))}}}]}}\n'

    def _result(self, said: Stated) -> JsonObject:
        kind = _KINDS[said.judged]
        subject = said.subject
        place = quote(subject.id.lstrip("/"), safe="/", errors="backslashreplace")
        return {
            "ruleId": said.definition,
            "ruleIndex": self._rule_index(said),
            "kind": kind,
            "level": _LEVELS[said.severity] if kind == "fail" else "none",
            "message": {"text": sarif_text(said.message)},
            "locations": [
                {
                    "physicalLocation": {"artifactLocation": {"uri": place}},
                    "logicalLocations": [
                        {
                            "name": visible(subject.name),
                            "fullyQualifiedName": visible(subject.id),
                            "kind": "resource",
                        }
                    ],
                }
            ],
            "fingerprints": {FINGERPRINT: said.id},
            "suppressions": _suppressions(said),
            "properties": {
                "state": said.state,
                "severity": said.severity,
                "assignment": said.assignment,
                "initiative": said.initiative or None,
                "reference": said.reference,
                "evaluation": subject.evaluation,
                "system": subject.system or None,
                "reasons": [visible(reason.text) for reason in said.reasons],
                "tags": [*dict.fromkeys(map(visible, said.groups))],
            },
        }

    def _rule_index(self, said: Stated) -> int:
        index, _ = self._rules.setdefault(said.definition, (len(self._rules), _rule(said)))
        return index


def sarif_text(text: str) -> str:
    """A text as a SARIF message: what would be a placeholder (3.11.5) or a link (3.11.6) there is escaped."""
    shown = visible(text).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    return shown.replace("{", "{{").replace("}", "}}")


def _rule(said: Stated) -> JsonObject:
    title = sarif_text(said.title)
    help_text = sarif_text(said.remediation) or title
    rule: JsonObject = {
        "id": said.definition,
        "shortDescription": {"text": title},
        "help": {"text": help_text},
        "defaultConfiguration": {"level": _LEVELS[said.severity]},
        "properties": {"severity": said.severity, "tags": [*dict.fromkeys(said.groups)]},
    }
    if said.documentation.startswith("https://"):
        rule["helpUri"] = quote(said.documentation, safe="/:?#@!$&'()*+,;=%~", errors="backslashreplace")
    return rule


def _suppressions(said: Stated) -> list[Json]:
    """All results have the member as soon as one has it (3.27.23); an empty one says that it is not suppressed."""
    if said.state is not State.EXEMPT:
        return []
    return [{"kind": "external", "status": "accepted", "justification": visible(said.exemption) or "exempt"}]
