"""A fault or remark about a file, with its place kept symbolic until it is printed."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How bad a diagnostic is. SARIF's words, so that nothing is translated on output."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message to an author.

    `rule` is the stable id of the check (`unknown-operator`); `pointer` a JSON pointer (RFC 6901) into `file`;
    `offset`, where the fault is in the text itself (malformed JSON), a character offset that wins over the pointer;
    `in_key` puts the caret under the member's name instead of its value; `column_in_value` moves it into a string
    value, counted in characters of the decoded string. `message` says what is wrong and what follows,
    `hint` what to write instead.
    """

    rule: str
    level: Level
    message: str
    file: str = ""
    pointer: str = ""
    hint: str = ""
    in_key: bool = False
    offset: int | None = None
    column_in_value: int | None = None
