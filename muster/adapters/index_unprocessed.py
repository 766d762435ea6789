"""What could not be processed, read from an index."""

import sqlite3
from collections.abc import Collection

from muster.jobs.index_unprocessed import MORE
from muster.values.listing import Unprocessed, UnprocessedReason, UnprocessedRow


def unprocessed_of(connection: sqlite3.Connection, subscriptions: Collection[str] | None, most: int) -> Unprocessed:
    """What is of these subscriptions, all where None, with at most so many rows."""
    only, values = "", []
    if subscriptions is not None:
        values = sorted(subscriptions)
        only = f"WHERE subscription IN ({', '.join('?' * len(values))})"
    reasons = tuple(
        UnprocessedReason(*row)
        for row in connection.execute(
            f"SELECT reason, count(*), min(at), max(at) FROM unprocessed {only} GROUP BY reason"  # noqa: S608 marks only
            " ORDER BY count(*) DESC, reason",
            values,
        )
    )
    rows = connection.execute(
        f"SELECT name, reason, at, subscription, resource, message FROM unprocessed {only}"  # noqa: S608 marks only
        " ORDER BY at DESC, name LIMIT ?",
        [*values, most],
    )
    total = connection.execute("SELECT count(*) FROM unprocessed").fetchone()[0]
    more = connection.execute("SELECT value FROM meta WHERE name = ?", (MORE,)).fetchone()
    return Unprocessed(
        reasons,
        tuple(UnprocessedRow(*row) for row in rows),
        total - sum(one.count for one in reasons),
        more is not None and more[0] == "true",
    )
