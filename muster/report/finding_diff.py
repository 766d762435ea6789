"""What is different between two findings of one resource."""

from dataclasses import dataclass

from muster.values.json import Json, JsonObject, as_list, as_object, as_text, canonical


@dataclass(frozen=True, slots=True)
class ResultDifference:
    """A result whose state or message is another. A state of "" says that there was no such result."""

    id: str
    policy: str
    before: str
    after: str
    message: str


@dataclass(frozen=True, slots=True)
class FactDifference:
    """A fact about image or lifecycle that is another; values as JSON text, "" where it is not there."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """All differences of two findings."""

    results: tuple[ResultDifference, ...]
    facts: tuple[FactDifference, ...]


_FROM_CLOCK = frozenset({"asOf", "ageInDays", "daysToEndOfSupport", "daysToExtendedEnd", "catalogueAgeInDays"})


def finding_diff(before: JsonObject, after: JsonObject) -> Difference:
    """The differences. Raises KeyError or TypeError where one is no finding."""
    old, new = _results(before), _results(after)
    results = tuple(
        ResultDifference(
            identifier,
            as_text((new.get(identifier) or old[identifier])["displayName"]),
            _state(old.get(identifier)),
            _state(new.get(identifier)),
            as_text((new.get(identifier) or old[identifier])["message"]),
        )
        for identifier in dict.fromkeys((*new, *old))
        if _state(old.get(identifier)) != _state(new.get(identifier))
    )
    was, now = _facts(before), _facts(after)
    names = sorted(was.keys() | now.keys())
    facts = tuple(
        FactDifference(name, _shown(was, name), _shown(now, name)) for name in names if was.get(name) != now.get(name)
    )
    return Difference(results, facts)


def _results(finding: JsonObject) -> dict[str, JsonObject]:
    return {as_text(result["id"]): result for result in map(as_object, as_list(finding["results"]))}


def _state(result: JsonObject | None) -> str:
    return as_text(result["state"]) if result else ""


def _facts(finding: JsonObject) -> dict[str, Json]:
    return {
        f"{section}.{name}": value
        for section in ("image", "lifecycle")
        for name, value in as_object(finding[section]).items()
        if name not in _FROM_CLOCK
    }


def _shown(facts: dict[str, Json], name: str) -> str:
    if name not in facts:
        return ""
    value = facts[name]
    return value if isinstance(value, str) else canonical(value)
