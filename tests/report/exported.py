"""Findings that exports are tested with: every state, names of strangers, and as many as one likes."""

from collections.abc import Iterator

from muster.values.finding import Reason
from muster.values.json import JsonObject
from muster.values.states import Severity, State
from tests.report.conftest import Findings

HOSTILE = (
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[click](https://evil.example) {0} {{x}}",
    "a\r\nb\x00\x1b[31m",
    "\ud800 half",
    "\u202egnp.exe",
    "＝1+1",
)
DOCUMENTATION = "https://learn.microsoft.com/azure/virtual-machines/trusted-launch"


def every_state() -> tuple[JsonObject, ...]:
    """A resource with a result of each state, one exempt of what failed and one of what was not known."""
    results = (
        Findings.result(
            id="1" * 64,
            severity=Severity.CRITICAL,
            message="Secure Boot is off.",
            remediation="Recreate the machine with Trusted Launch.",
            documentation=DOCUMENTATION,
            groups=("DE-1", "PV-3"),
            initiative_id="muster-baseline",
            definition_version="1.2.0",
            reasons=(Reason("uefiSettings.secureBootEnabled is false.", path="properties.securityProfile"),),
        ),
        Findings.result(State.COMPLIANT, id="2" * 64, definition_id="os-supported", message="Supported until 2029."),
        Findings.result(State.EXEMPT, id="3" * 64, underneath=State.NON_COMPLIANT, exemption_id="until-migration"),
        Findings.result(State.EXEMPT, id="4" * 64, exemption_id="unknown-below", definition_id="image-age"),
        Findings.result(State.NOT_APPLICABLE, id="5" * 64, definition_id="container-host"),
        Findings.result(State.UNKNOWN, id="6" * 64, severity=Severity.MEDIUM, definition_id="patched"),
        Findings.result(State.ERROR, id="7" * 64, severity=Severity.LOW, definition_id="broken"),
    )
    ubuntu: JsonObject = {"product": "ubuntu", "release": "22.04"}
    return (
        Findings.document("web01", results, image=ubuntu),
        Findings.document("db01", (Findings.result(State.COMPLIANT, id="8" * 64),), image=ubuntu),
        Findings.document("empty", ()),
    )


def hostile() -> tuple[JsonObject, ...]:
    """Resources whose names, messages and all else that strangers write are made to break out."""
    documents = []
    for number, text in enumerate(HOSTILE):
        result = Findings.result(
            id=f"{number:064x}",
            message=text,
            display_name=text,
            definition_id=text,
            definition_reference_id=text,
            exemption_id=text,
            groups=(text,),
            remediation=text,
            documentation=f"javascript:{text}",
            reasons=(Reason(text, path=text, found=text),),
        )
        document = Findings.document(text, (result,), image={"product": text, "release": text})
        resource = document["resource"]
        assert isinstance(resource, dict)
        resource["tags"] = {text: text}
        documents.append(document)
    return tuple(documents)


def many(count: int) -> Iterator[JsonObject]:
    """Documents with 50 results each, one after the other."""
    for number in range(count // 50):
        results = tuple(
            Findings.result(
                (State.NON_COMPLIANT, State.COMPLIANT)[index % 2],
                id=f"{number:032x}{index:032x}",
                display_name=f"r{index}",
            )
            for index in range(50)
        )
        yield Findings.document(f"vm-{number}", results, image={"product": "ubuntu", "release": "24.04"})
