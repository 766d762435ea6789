"""What the tests of reports start from."""

from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest

from muster.report.finding_document import evaluation_json, finding_document
from muster.values.document import Document
from muster.values.evaluation import Evaluation
from muster.values.finding import AssignedRule, Reason, Result, Verdict
from muster.values.json import Json, JsonObject
from muster.values.request import Cause
from muster.values.states import Severity, State

NOW = datetime(2026, 11, 23, 6, 4, 6, tzinfo=UTC)


class Findings:
    """Makes results and finding documents."""

    @staticmethod
    def result(state: State = State.NON_COMPLIANT, severity: Severity = Severity.HIGH, **parts: object) -> Result:
        rule = AssignedRule(severity, "baseline", "vtpm", "vtpm", "Machines should have a virtual TPM")
        members = {field.name for field in fields(AssignedRule)}
        rule = replace(rule, **{name: part for name, part in parts.items() if name in members})  # type: ignore[arg-type]
        values: dict[str, object] = {
            "id": "f" * 32,
            "effect": "audit",
            "message": "There is no virtual TPM.",
            "reasons": (Reason("There is no virtual TPM.", path="properties.securityProfile"),),
            **{name: part for name, part in parts.items() if name not in members},
        }
        return Result(rule, state=state, **values)  # type: ignore[arg-type]

    @staticmethod
    def document(
        name: str = "web01",
        results: tuple[Result, ...] = (),
        image: dict[str, Json] | None = None,
        lifecycle: dict[str, Json] | None = None,
    ) -> JsonObject:
        body: JsonObject = {
            "id": f"/subscriptions/S/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/{name}",
            "name": name,
            "type": "Microsoft.Compute/virtualMachines",
            "location": "westeurope",
        }
        document = Document(body, image or {}, lifecycle or {}, now=NOW)
        evaluation = Evaluation("e" * 32, "", "", NOW, NOW, "p1", Cause.WRITTEN)
        finding = finding_document(document, Verdict(results), settled=True)
        return {**finding, "evaluation": evaluation_json(evaluation)}


@pytest.fixture
def findings() -> type[Findings]:
    return Findings
