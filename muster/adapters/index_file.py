"""The index of findings as a SQLite file: what is in it, and how findings come into it.

A resource is a row with a fixed number, which is its bit in all masks (index_columns.py). Its results are one byte a
rule in `verdicts`, at the rule's number, so that 6,000,000 results take 6 MB; messages are kept once, however many
resources they are said of.
"""

import hashlib
import sqlite3
from array import array
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from muster.jobs.index_entry import IndexedResult, IndexEntry
from muster.values.listing import Damaged, UnprocessedRow

FORMAT = 2
"""Of the tables below. A file of another format is made anew from the findings."""

FOUND = """CREATE VIRTUAL TABLE found USING fts5 (
    text, content = '', detail = 'none', columnsize = 0, tokenize = 'unicode61 remove_diacritics 2'
)"""
"""The table that words are looked for in."""

_TABLES = f"""
PRAGMA page_size = 8192;
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE rule (number INTEGER PRIMARY KEY, facts TEXT NOT NULL UNIQUE);
CREATE TABLE word (number INTEGER PRIMARY KEY, kind TEXT NOT NULL, text TEXT NOT NULL, UNIQUE (kind, text));
CREATE TABLE said (number INTEGER PRIMARY KEY, digest INTEGER NOT NULL UNIQUE, text TEXT NOT NULL);
CREATE TABLE resource (
    number INTEGER PRIMARY KEY, key INTEGER NOT NULL UNIQUE, etag TEXT NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL,
    type INTEGER NOT NULL, subscription INTEGER NOT NULL, resource_group INTEGER NOT NULL, location INTEGER NOT NULL,
    owner INTEGER NOT NULL, system INTEGER NOT NULL, state INTEGER NOT NULL, observed_at TEXT NOT NULL,
    checked_at TEXT NOT NULL, text TEXT NOT NULL, verdicts BLOB NOT NULL, told BLOB NOT NULL
);
{FOUND};
CREATE TABLE exemption (
    resource INTEGER NOT NULL, rule INTEGER NOT NULL, id TEXT NOT NULL, expires TEXT NOT NULL,
    PRIMARY KEY (resource, rule)
) WITHOUT ROWID;
CREATE TABLE change (
    resource INTEGER NOT NULL, rule INTEGER NOT NULL, at TEXT NOT NULL, before INTEGER NOT NULL, after INTEGER NOT NULL,
    PRIMARY KEY (resource, rule)
) WITHOUT ROWID;
CREATE INDEX resource_title ON resource (title COLLATE NOCASE);
CREATE INDEX resource_observed ON resource (observed_at);
CREATE TABLE unprocessed (
    name TEXT PRIMARY KEY, reason TEXT NOT NULL, at TEXT NOT NULL, subscription TEXT NOT NULL, resource TEXT NOT NULL,
    message TEXT NOT NULL, opened INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE damaged (key INTEGER PRIMARY KEY, etag TEXT NOT NULL, name TEXT NOT NULL, why TEXT NOT NULL);
"""

WORDS = ("type", "subscription", "resource_group", "location", "owner", "system", "state")
"""Columns of `resource` that hold the number of a word of that kind."""

_COLUMNS = ("key", "etag", "id", "title", *WORDS, "observed_at", "checked_at", "text", "verdicts", "told")


def key_of(name: str) -> int:
    """A blob's name as 64 bits, which take a tenth of its place."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def open_file(path: Path, *, writable: bool = False) -> sqlite3.Connection:
    """The database in a file; it is made where it is not there, or of another format, and `writable`.

    The connection may be used by several threads, one at a time. Raises sqlite3.DatabaseError where the file is
    damaged or of another format.
    """
    if not writable:
        connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True, check_same_thread=False)
        if _format(connection) != FORMAT:
            connection.close()
            raise sqlite3.DatabaseError("an index of another format")
        return connection
    if path.exists() and not _usable(path):
        path.unlink()
    new = not path.exists()
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute("PRAGMA synchronous = OFF")
    if new:
        connection.executescript(_TABLES)
        connection.execute("INSERT INTO meta VALUES ('format', ?)", (str(FORMAT),))
    return connection


def _usable(path: Path) -> bool:
    try:
        open_file(path).close()
    except sqlite3.DatabaseError:
        return False
    return True


def _format(connection: sqlite3.Connection) -> int:
    try:
        row = connection.execute("SELECT value FROM meta WHERE name = 'format'").fetchone()
    except sqlite3.OperationalError as error:
        raise sqlite3.DatabaseError(str(error)) from error
    return int(row[0]) if row else 0


class IndexFile:
    """An index that is being written. Nothing is in the file before `commit`."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._db.execute("BEGIN")
        self._rules: dict[str, int] = dict(self._db.execute("SELECT facts, number FROM rule"))
        self._words: dict[tuple[str, str], int] = {
            (kind, text): number for number, kind, text in self._db.execute("SELECT number, kind, text FROM word")
        }

    def etags(self) -> dict[int, str]:
        """The etag of every blob that the index has seen, by the key of its name."""
        found = dict(self._db.execute("SELECT key, etag FROM resource").fetchall())
        return found | dict(self._db.execute("SELECT key, etag FROM damaged").fetchall())

    def key(self, name: str) -> int:
        """The key of a blob's name."""
        return key_of(name)

    def forget_unsaid(self) -> None:
        """Take out messages that nothing says any more."""
        said: set[int] = set()
        for (told,) in self._db.execute("SELECT told FROM resource"):
            said.update(array("I", told)[1::2])
        numbers = [number for (number,) in self._db.execute("SELECT number FROM said")]
        self._db.executemany("DELETE FROM said WHERE number = ?", [(one,) for one in numbers if one not in said])

    def put(self, name: str, etag: str, entry: IndexEntry, before: Sequence[IndexedResult] | None = None) -> None:
        """Add or replace a resource. `before` are the results of the evaluation before its latest, where there was
        one that could be read."""
        key = key_of(name)
        number = self._removed(key)
        words = [self._word(kind, getattr(entry, kind)) for kind in WORDS]
        verdicts, told = self._results(entry.results)
        row = (key, etag, entry.id, entry.title, *words, entry.observed_at, entry.checked_at, entry.searched)
        row += (verdicts, told)
        marks = ", ".join("?" * (len(_COLUMNS) + 1))
        number = self._db.execute(
            f"INSERT INTO resource (number, {', '.join(_COLUMNS)}) VALUES ({marks})",  # noqa: S608 names of ours
            (number, *row),
        ).lastrowid
        self._db.execute("INSERT INTO found (rowid, text) VALUES (?, ?)", (number, entry.searched))
        self._db.executemany(
            "INSERT OR REPLACE INTO exemption VALUES (?, ?, ?, ?)",
            [(number, self._rule(one), one.exemption, one.expires) for one in entry.results if one.exemption],
        )
        if before is not None:
            self._db.executemany(
                "INSERT OR REPLACE INTO change VALUES (?, ?, ?, ?, ?)",
                [(number, rule, entry.observed_at, old, new) for rule, old, new in self._changes(before, entry)],
            )

    def put_damaged(self, name: str, etag: str, why: str) -> None:
        """Say that a blob is no finding. What was known of its resource before goes."""
        key = key_of(name)
        self._removed(key)
        self._db.execute("INSERT INTO damaged VALUES (?, ?, ?, ?)", (key, etag, name, why))

    def remove(self, keys: Iterable[int]) -> None:
        """Forget blobs that are not there any more."""
        for key in keys:
            self._removed(key)

    def damaged(self) -> Iterator[Damaged]:
        """All blobs that are no findings."""
        for name, why in self._db.execute("SELECT name, why FROM damaged ORDER BY name"):
            yield Damaged(name, why)

    def unprocessed(self) -> dict[str, bool]:
        """The name of every record of what could not be processed, and whether it was opened."""
        return {name: bool(opened) for name, opened in self._db.execute("SELECT name, opened FROM unprocessed")}

    def put_unprocessed(self, rows: Iterable[UnprocessedRow], *, opened: bool) -> None:
        """Add or replace such records."""
        self._db.executemany(
            "INSERT OR REPLACE INTO unprocessed VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(one.name, one.reason, one.at, one.subscription, one.resource, one.message, opened) for one in rows],
        )

    def remove_unprocessed(self, names: Iterable[str]) -> None:
        """Forget such records."""
        self._db.executemany("DELETE FROM unprocessed WHERE name = ?", [(name,) for name in names])

    def note(self, name: str, value: str) -> None:
        """Keep a fact about the index itself."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def noted(self, name: str) -> str:
        """A fact about the index itself; "" where there is none."""
        row = self._db.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def commit(self) -> None:
        """Put everything so far into the file."""
        self._db.execute("COMMIT")
        self._db.execute("BEGIN")

    def close(self) -> None:
        """Close the file; what was not committed is lost."""
        self._db.close()

    def _removed(self, key: int) -> int | None:
        """Take a resource out; its number, which it gets again."""
        self._db.execute("DELETE FROM damaged WHERE key = ?", (key,))
        row = self._db.execute("SELECT number, text FROM resource WHERE key = ?", (key,)).fetchone()
        if row is None:
            return None
        number, text = row
        self._db.execute("INSERT INTO found (found, rowid, text) VALUES ('delete', ?, ?)", (number, text))
        for table, column in (("resource", "number"), ("exemption", "resource"), ("change", "resource")):
            self._db.execute(f"DELETE FROM {table} WHERE {column} = ?", (number,))  # noqa: S608 names of ours
        return int(number)

    def _word(self, kind: str, text: str) -> int:
        number = self._words.get((kind, text))
        if number is None:
            number = self._db.execute("INSERT INTO word (kind, text) VALUES (?, ?)", (kind, text)).lastrowid
            assert number is not None
            self._words[kind, text] = number
        return number

    def _rule(self, result: IndexedResult) -> int:
        number = self._rules.get(result.rule)
        if number is None:
            number = len(self._rules)
            self._db.execute("INSERT INTO rule VALUES (?, ?)", (number, result.rule))
            self._rules[result.rule] = number
        return number

    def _results(self, results: Iterable[IndexedResult]) -> tuple[bytes, bytes]:
        verdicts = bytearray(len(self._rules))
        told = array("I")
        for result in results:
            rule = self._rule(result)
            if rule >= len(verdicts):
                verdicts.extend(bytes(rule + 1 - len(verdicts)))
            verdicts[rule] = result.code
            if result.message:
                told.extend((rule, self._said(result.message)))
        return bytes(verdicts).rstrip(b"\0"), told.tobytes()

    def _said(self, text: str) -> int:
        digest = key_of(text)
        row = self._db.execute("SELECT number FROM said WHERE digest = ?", (digest,)).fetchone()
        if row is None:
            number = self._db.execute("INSERT INTO said (digest, text) VALUES (?, ?)", (digest, text)).lastrowid
            assert number is not None
            return number
        return int(row[0])

    def _changes(self, before: Iterable[IndexedResult], entry: IndexEntry) -> Iterator[tuple[int, int, int]]:
        """Rule, code before and code now of every result that is another."""
        old = {self._rule(one): one.code for one in before}
        new = {self._rule(one): one.code for one in entry.results}
        for rule in sorted(old.keys() | new.keys()):
            if old.get(rule, 0) != new.get(rule, 0):
                yield rule, old.get(rule, 0), new.get(rule, 0)
