"""A forecast as JSON."""

from collections.abc import Iterable

from muster.report.forecast import Fate, Forecast, Line
from muster.values.json import Json, JsonObject


def forecast_json(forecast: Forecast) -> JsonObject:
    """What falls by month, the other fates as lists, and counts by owner tag and subscription ("" where there is
    none)."""
    months: list[Json] = [{"month": month, "machines": _lines(lines)} for month, lines in forecast.months.items()]
    others: JsonObject = {fate.value: _lines(forecast.of(fate)) for fate in Fate if fate is not Fate.FALLS}
    return {
        "from": forecast.first.isoformat(),
        "to": forecast.last.isoformat(),
        "machines": forecast.machines,
        "counts": _counts(forecast.counts()),
        "months": months,
        **others,
        "byOwner": {owner: _counts(counts) for owner, counts in forecast.by(lambda line: line.owner).items()},
        "bySubscription": {
            subscription: _counts(counts)
            for subscription, counts in forecast.by(lambda line: line.subscription).items()
        },
    }


def _counts(counts: dict[Fate, int]) -> JsonObject:
    return {fate.value: count for fate, count in counts.items()}


def _lines(lines: Iterable[Line]) -> list[Json]:
    return [_line(line) for line in lines]


def _line(line: Line) -> JsonObject:
    return {
        "resource": line.resource,
        "name": line.name,
        "type": line.type,
        "subscription": line.subscription,
        "resourceGroup": line.resource_group,
        "owner": line.owner,
        "product": line.product,
        "cycle": line.cycle,
        "system": line.system,
        "cause": line.cause.value,
        "lastDay": line.last_day.isoformat() if line.last_day else None,
        "extendedProgramme": line.programme or None,
        "extendedEndDate": line.extended_end.isoformat() if line.extended_end else None,
        "entitled": line.entitled,
        "successor": line.successor or None,
        "why": line.why,
    }
