"""addDays, which only policy rules have.

Dates are universal ISO 8601 as .NET reads and writes them: `yyyy-MM-ddTHH:mm:ss.FFFFFFFZ`, or an offset where all
seven digits of the fraction stand. Written back, they have seven digits always.
"""

import re
from datetime import UTC, datetime, timedelta

from muster.language.functions.arguments import INT32, integer, text
from muster.language.functions.function import strict
from muster.values.errors import TemplateError
from muster.values.json import Json

_DATE = re.compile(
    r"(\d{4}-\d\d-\d\dT(?:[01]\d|2[0-3]):\d\d:\d\d)(?:(?:\.(\d{1,7}))?Z|\.(\d{7})([+-]\d\d:\d\d))", re.ASCII
)


def add_days(moment: Json, days: Json) -> Json:
    """Days may be negative; the time of day stays."""
    match = _DATE.fullmatch(text(moment, "dateTime"))
    added = integer(days, "numberOfDaysToAdd", INT32)
    if match is None:
        raise TemplateError("dateTime must look like 2026-01-31T12:00:00Z")
    try:
        start = datetime.fromisoformat(match[1] + (match[4] or "+00:00"))
        result = start.astimezone(UTC) + timedelta(days=added)
    except (ValueError, OverflowError):
        raise TemplateError("the date is none, or would fall outside of the years 1 to 9999") from None
    fraction = (match[2] or match[3] or "").ljust(7, "0")
    return f"{result.replace(tzinfo=None).isoformat(timespec='seconds')}.{fraction}Z"


ROWS = (
    strict(
        "addDays(dateTime, numberOfDaysToAdd)",
        add_days,
        "Adds days to a date and time in UTC, as 2026-01-31T12:00:00.0000000Z.",
    ),
)
