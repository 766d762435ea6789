"""One result of a finding document with what is said of its resource: what every export makes its lines of."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from muster.values.errors import BadInput
from muster.values.instant import parse_instant
from muster.values.json import Json, JsonObject, as_list, as_object, as_text
from muster.values.states import Severity, State


@dataclass(frozen=True, slots=True)
class Subject:
    """The resource of a finding and the evaluation that it is of. "" is what is not known.

    `system` is what its image runs (`ubuntu 22.04`); `seen_at` is when this state was seen first, `checked_at` last.
    """

    id: str
    name: str
    type: str
    location: str
    subscription: str
    resource_group: str
    tags: Mapping[str, str]
    system: str
    evaluation: str
    cause: str
    correlation: str
    policy_version: str
    seen_at: datetime
    checked_at: datetime
    gone: str


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of a result; `condition` is where in the definition's rule it stands, `path` what was read."""

    text: str
    path: str
    condition: str


@dataclass(frozen=True, slots=True)
class Stated:
    """What one definition says of one resource. All texts are plain and may hold what strangers wrote."""

    subject: Subject
    id: str
    state: State
    underneath: State | None
    severity: Severity
    effect: str
    enforced: bool
    assignment: str
    initiative: str
    definition: str
    reference: str
    version: str
    exemption: str
    groups: tuple[str, ...]
    title: str
    message: str
    reasons: tuple[Reason, ...]
    remediation: str
    documentation: str

    @property
    def judged(self) -> State:
        """The state without an exemption."""
        return self.underneath or self.state

    @property
    def is_open(self) -> bool:
        """Whether somebody has to look at it, or had to but for an exemption."""
        return self.state in (State.NON_COMPLIANT, State.UNKNOWN, State.ERROR, State.EXEMPT)


def subject_of(finding: JsonObject) -> Subject:
    """The resource of a finding document. Raises BadInput (damagedFinding) where it is none."""
    try:
        return _subject(finding)
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(finding) from error


def stated(finding: JsonObject) -> tuple[Stated, ...]:
    """The results of a finding document, in its order. Raises BadInput (damagedFinding) where it is none."""
    try:
        subject = _subject(finding)
        return tuple(_results(finding, subject))
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(finding) from error


def damaged(finding: JsonObject) -> BadInput:
    """That something is no finding document, with the id of its resource where it says one."""
    resource = finding.get("resource")
    identifier = _text(resource.get("id")) if isinstance(resource, dict) else ""
    return BadInput(f"not a finding, or a damaged one: {identifier or 'of no resource'}", reason="damagedFinding")


def _subject(finding: JsonObject) -> Subject:
    resource, evaluation = as_object(finding["resource"]), as_object(finding["evaluation"])
    image = as_object(finding["image"])
    closed = finding.get("closed")
    identifier = _needed(resource["id"])
    return Subject(
        id=identifier,
        name=_text(resource["name"]) or identifier.rpartition("/")[2],
        type=_text(resource["type"]),
        location=_text(resource["location"]),
        subscription=_text(resource["subscriptionId"]),
        resource_group=_text(resource["resourceGroup"]),
        tags={whole(name): _text(tag) for name, tag in as_object(resource["tags"]).items() if isinstance(tag, str)},
        system=" ".join(filter(None, (_text(image.get("product")), _text(image.get("release"))))),
        evaluation=_needed(evaluation["id"]),
        cause=_text(evaluation["cause"]),
        correlation=_text(evaluation["correlationId"]),
        policy_version=_needed(evaluation["policyVersion"]),
        seen_at=parse_instant(_needed(evaluation["observedAt"])),
        checked_at=parse_instant(_needed(evaluation["checkedAt"])),
        gone=_text(as_object(closed)["why"]) if closed else "",
    )


def _results(finding: JsonObject, subject: Subject) -> Iterator[Stated]:
    for result in map(as_object, as_list(finding["results"])):
        underneath = result["underneath"]
        yield Stated(
            subject=subject,
            id=_needed(result["id"]),
            state=State(_needed(result["state"])),
            underneath=None if underneath is None else State(_needed(underneath)),
            severity=Severity(_needed(result["severity"])),
            effect=_needed(result["effect"]),
            enforced=result["enforced"] is True,
            assignment=_needed(result["assignment"]),
            initiative=_text(result["initiative"]),
            definition=_needed(result["definition"]),
            reference=_needed(result["reference"]),
            version=_text(result["version"]),
            exemption=_text(result["exemption"]),
            groups=tuple(map(_needed, as_list(result["groups"]))),
            title=_needed(result["displayName"]),
            message=_needed(result["message"]),
            reasons=tuple(map(_reason, as_list(result["reasons"]))),
            remediation=_text(result["remediation"]),
            documentation=_text(result["documentation"]),
        )


def _reason(value: Json) -> Reason:
    reason = as_object(value)
    return Reason(_needed(reason["text"]), _text(reason["path"]), _text(reason["pointer"]))


def _needed(value: Json) -> str:
    return whole(as_text(value))


def _text(value: Json) -> str:
    return whole(value) if isinstance(value, str) else ""


def whole(text: str) -> str:
    """The text with half surrogate pairs escaped: a reader of JSON may refuse a whole file for one, and
    UTF-8 can't say it."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode()
