"""A forecast as one page that needs nothing else: a timeline and the tables."""

from collections.abc import Iterable
from typing import Protocol

from muster.report.forecast import Cause, Fate, Forecast
from muster.report.forecast_table import (
    COLUMNS,
    GROUP_COLUMNS,
    UNKNOWN_COLUMNS,
    group_rows,
    headline,
    machine_rows,
    unknown_rows,
)
from muster.report.forecast_timeline import timeline
from muster.report.visible import visible


class Template(Protocol):
    """A template that escapes what it is given (templates/forecast.html, loaded with autoescape)."""

    def render(self, **context: object) -> str:
        """The page."""
        ...


def forecast_html(forecast: Forecast, template: Template) -> str:
    """The page's text."""
    return template.render(
        forecast=forecast,
        headline=headline(forecast),
        timeline=timeline(forecast),
        causes={Cause.RELEASE: "", Cause.GALLERY: ", gallery image", Cause.DEPRECATION: ", deprecation"},
        columns=COLUMNS,
        unknown_columns=UNKNOWN_COLUMNS,
        group_columns=GROUP_COLUMNS,
        months=[(month, _shown(machine_rows(lines))) for month, lines in forecast.months.items()],
        ended=_shown(machine_rows(forecast.of(Fate.ENDED))),
        unknown=_shown(unknown_rows(forecast.of(Fate.UNKNOWN))),
        groups=[
            ("owner", _shown(group_rows(forecast.by(lambda line: line.owner)))),
            ("subscription", _shown(group_rows(forecast.by(lambda line: line.subscription)))),
        ],
    )


def _shown(rows: Iterable[tuple[str, ...]]) -> list[list[str]]:
    return [[visible(cell) for cell in row] for row in rows]
