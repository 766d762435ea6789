"""Points in time as Azure writes them and as muster writes them: UTC, ISO 8601."""

import re
from datetime import UTC, datetime

_ISO = re.compile(r"(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:?\d\d)?", re.ASCII | re.IGNORECASE)


def parse_instant(text: str) -> datetime:
    """Read a date and time with up to 9 digits of fraction (Azure writes 7, microseconds are kept), in UTC.

    Without an offset it is UTC. Raises ValueError on anything else.
    """
    match = _ISO.fullmatch(text)
    if match is None:
        raise ValueError("not an ISO 8601 date and time")
    seconds, fraction, offset = match.groups()
    offset = "+00:00" if offset in (None, "Z", "z") else offset
    try:
        return datetime.fromisoformat(f"{seconds}.{(fraction or '0')[:6]:0<6}{offset}").astimezone(UTC)
    except OverflowError as error:
        raise ValueError("a date outside of the calendar") from error


def format_instant(moment: datetime) -> str:
    """`2026-11-23T06:04:06Z`, with six digits of fraction where there is one."""
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
