"""Whether a text has a word, as the index of findings finds it: in its words' beginnings, whatever case and accents."""

import sqlite3

from muster.adapters.index_file import FOUND


class SearchedWords:
    """Looks into one text after the other with the index's own search."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._db.execute(FOUND)
        self._text: str | None = None

    def has(self, text: str, word: str) -> bool:
        """Whether a text has a word that begins so; `word` has letters and digits only."""
        if text != self._text:
            self._db.execute("INSERT INTO found (found) VALUES ('delete-all')")
            self._db.execute("INSERT INTO found (rowid, text) VALUES (1, ?)", (text,))
            self._text = text
        return self._db.execute("SELECT 1 FROM found WHERE found MATCH ?", (f'"{word}"*',)).fetchone() is not None
