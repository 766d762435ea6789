"""What of a finding document the index holds."""

import re
from dataclasses import dataclass, replace

from muster.jobs.facets import rule_facts
from muster.policy.results import IMAGE_NOT_COVERED
from muster.report.stated import damaged, whole
from muster.values.json import Json, JsonObject, as_list, as_object, as_text, canonical
from muster.values.selection import SKIPS_IMAGE
from muster.values.states import State

CODES = (*State, SKIPS_IMAGE)
"""What a result's state is in the index; its code is the place in here, counted from 1. 0 is no result."""

CODE = {str(state): number for number, state in enumerate(CODES, 1)}

MAX_TEXT = 600
"""The most characters of a result's message, and of a resource's tags, that the index holds."""

_SYSTEM = ("product", "release", "cycle", "variant", "channel", "offer", "sku", "plan")
_TELLING = frozenset(
    {CODE[State.NON_COMPLIANT], CODE[State.UNKNOWN], CODE[State.ERROR], CODE[State.EXEMPT], CODE[SKIPS_IMAGE]}
)
_UNTIL = re.compile(r"Exempt \(\w*\) by '.{0,512}?' until (\d{4}-\d\d-\d\dT[\d:.]+Z)\. ", re.ASCII | re.DOTALL)
_MACHINES = ("microsoft.compute/virtualmachines", "microsoft.compute/virtualmachinescalesets")


@dataclass(frozen=True, slots=True)
class IndexedResult:
    """A result. `rule` is what all results of its definition have in common, as canonical JSON; `code` one of CODE."""

    rule: str
    code: int
    message: str
    exemption: str
    expires: str


@dataclass(frozen=True, slots=True)
class IndexEntry:
    """A resource in the index. `system` is what its lifecycle follows from, as canonical JSON; `text` what is searched
    beside its name."""

    id: str
    title: str
    type: str
    subscription: str
    resource_group: str
    location: str
    owner: str
    system: str
    state: str
    observed_at: str
    checked_at: str
    evaluation: str
    predecessor: str
    text: str
    results: tuple[IndexedResult, ...] = ()

    @property
    def searched(self) -> str:
        """All that words are looked for in."""
        return f"{self.id} {self.owner} {self.text}"


def index_entry(document: JsonObject, *, owner_tag: str) -> IndexEntry:
    """The entry of a latest finding. Raises BadInput (damagedFinding) where it is none."""
    try:
        return replace(resource_entry(document, owner_tag=owner_tag), results=indexed_results(document))
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(document) from error


def resource_entry(document: JsonObject, *, owner_tag: str) -> IndexEntry:
    """The entry of a latest finding without its results. Raises BadInput (damagedFinding) where it is none."""
    try:
        resource, evaluation = as_object(document["resource"]), as_object(document["evaluation"])
        tags = as_object(resource["tags"])
        identifier = whole(as_text(resource["id"]))
        return IndexEntry(
            id=identifier,
            title=_text(resource["name"]) or identifier.rpartition("/")[2],
            type=_text(resource["type"]),
            subscription=_text(resource["subscriptionId"]).lower(),
            resource_group=_text(resource["resourceGroup"]).lower(),
            location=_text(resource["location"]).lower(),
            owner=_tag(tags, owner_tag),
            system=_system(document),
            state=State(as_text(document["state"])),
            observed_at=as_text(evaluation["observedAt"]),
            checked_at=as_text(evaluation["checkedAt"]),
            evaluation=as_text(evaluation["id"]),
            predecessor=as_text(evaluation["predecessor"] or ""),
            text=_searched(tags),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(document) from error


def indexed_results(document: JsonObject) -> tuple[IndexedResult, ...]:
    """The results of a finding document. Raises KeyError, TypeError or ValueError where it is none."""
    return tuple(map(_result, map(as_object, as_list(document["results"]))))


def result_code(result: JsonObject) -> int:
    """The code of a result of a finding document. Raises KeyError, TypeError or ValueError where it is none."""
    state = State(as_text(result["state"]))
    if state is not State.NOT_APPLICABLE:
        return CODE[state]
    reasons = map(as_object, as_list(result["reasons"]))
    skips = any(reason["operator"] == IMAGE_NOT_COVERED for reason in reasons)
    return CODE[SKIPS_IMAGE if skips else state]


def _result(result: JsonObject) -> IndexedResult:
    state = State(as_text(result["state"]))
    code = result_code(result)
    return IndexedResult(
        rule=canonical(rule_facts(result)),
        code=code,
        message=whole(as_text(result["message"])[:MAX_TEXT]) if code in _TELLING else "",
        exemption=_text(result["exemption"]),
        expires=_expires(as_text(result["message"])) if state is State.EXEMPT else "",
    )


def _expires(message: str) -> str:
    """When the exemption of a result ends, which its message says (muster.policy.results.exempted); "" for never."""
    found = _UNTIL.match(message)
    return found[1] if found else ""


def _system(document: JsonObject) -> str:
    image, lifecycle = as_object(document["image"]), as_object(document["lifecycle"])
    kind = _text(as_object(document["resource"])["type"]).lower()
    facts: JsonObject = {name: image[name] for name in _SYSTEM if image.get(name) is not None}
    if lifecycle.get("entitled") is True:
        facts["entitled"] = True
    facts["machine"] = kind.startswith(_MACHINES)
    if gallery := _text(image.get("galleryEndOfLifeDate")):
        facts["galleryEnd"] = gallery
    return canonical(facts)


def _searched(tags: JsonObject) -> str:
    return whole(" ".join(f"{name} {value}" for name, value in tags.items() if isinstance(value, str))[:MAX_TEXT])


def _tag(tags: JsonObject, wanted: str) -> str:
    return next((_text(value) for name, value in tags.items() if name.lower() == wanted.lower()), "")


def _text(value: Json) -> str:
    return whole(value) if isinstance(value, str) else ""
