"""What an export is: a text that begins, has a part for each finding document, and ends.

However many findings there are, an export holds a bounded number of facts about them.
"""

import json
from collections.abc import Iterator
from typing import Protocol

from muster.report.json_lines import finding_lines
from muster.report.stated import stated
from muster.values.json import JsonObject

EXPORT_FORMATS = ("json", "jsonl", "csv", "sarif", "ocsf", "html")
"""The names of all formats."""


class Export(Protocol):
    """One export in one format. Texts follow each other without anything between them."""

    def head(self) -> str:
        """How it begins."""
        ...

    def part(self, finding: JsonObject) -> Iterator[str]:
        """What a finding document adds. Raises BadInput (damagedFinding) before the first text where it is none."""
        ...

    def tail(self) -> str:
        """How it ends."""
        ...


class JsonExport:
    """The finding documents as one JSON array. ASCII only."""

    def __init__(self) -> None:
        self._separator = "\n"

    def head(self) -> str:
        """The array's begin."""
        return "["

    def part(self, finding: JsonObject) -> Iterator[str]:
        """The document, on a line of its own."""
        stated(finding)
        text = json.dumps(finding, separators=(",", ":"))
        separator, self._separator = self._separator, ",\n"
        yield f"{separator}{text}"

    def tail(self) -> str:
        """The array's end."""
        return "\n]\n"


class JsonLinesExport:
    """A line for each resource and definition, as `muster check --format jsonl` has them."""

    def head(self) -> str:
        """Nothing."""
        return ""

    def part(self, finding: JsonObject) -> Iterator[str]:
        """The lines of the document's results."""
        stated(finding)
        for line in finding_lines(finding):
            yield f"{line}\n"

    def tail(self) -> str:
        """Nothing."""
        return ""
