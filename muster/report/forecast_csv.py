"""A forecast as CSV: a row a line, all fates, safe to open in a spreadsheet."""

import csv
import io

from muster.report.csv_cell import csv_cell
from muster.report.forecast import Forecast, Line
from muster.report.visible import visible

COLUMNS = (
    *("fate", "lastDay", "month", "cause", "name", "type", "system", "product", "cycle", "owner", "subscription"),
    *("resourceGroup", "extendedProgramme", "extendedEndDate", "entitled", "successor", "why", "resource"),
)


def forecast_csv(forecast: Forecast) -> str:
    """The text, lines ended as RFC 4180 has it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    writer.writerows(map(_row, forecast.lines))
    return text.getvalue()


def _row(line: Line) -> list[str]:
    cells = (
        line.fate.value,
        line.last_day.isoformat() if line.last_day else "",
        line.month,
        line.cause.value,
        line.name,
        line.type,
        line.system,
        line.product,
        line.cycle,
        line.owner,
        line.subscription,
        line.resource_group,
        line.programme,
        line.extended_end.isoformat() if line.extended_end else "",
        {True: "yes", False: "no", None: "unknown"}[line.entitled],
        line.successor,
        line.why,
        line.resource,
    )
    return [csv_cell(visible(cell)) for cell in cells]
