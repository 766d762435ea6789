"""A forecast as one page that needs nothing else: a timeline and the tables."""

from typing import Protocol

from muster.report.forecast import Fate, Forecast
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
        columns=COLUMNS,
        unknown_columns=UNKNOWN_COLUMNS,
        group_columns=GROUP_COLUMNS,
        months=[(month, list(machine_rows(lines))) for month, lines in forecast.months.items()],
        ended=list(machine_rows(forecast.of(Fate.ENDED))),
        unknown=list(unknown_rows(forecast.of(Fate.UNKNOWN))),
        groups=[
            ("owner", list(group_rows(forecast.by(lambda line: line.owner)))),
            ("subscription", list(group_rows(forecast.by(lambda line: line.subscription)))),
        ],
    )
