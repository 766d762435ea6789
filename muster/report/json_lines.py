"""Findings as JSON lines: one line per resource and definition."""

import json
from collections.abc import Iterator

from muster.values.json import JsonObject, as_list, as_object

_MEMBERS = ("assignment", "definition", "state", "effect", "severity", "reasons")


def finding_lines(finding: JsonObject) -> Iterator[str]:
    """The results of a finding document, a line each (without its end), in the document's order.

    `{"resource", "assignment", "definition", "state", "effect", "severity", "reasons"}`; reasons as in the document.
    ASCII only: whatever a name holds, it can't act on a terminal.
    """
    resource = as_object(finding["resource"])["id"]
    for result in map(as_object, as_list(finding["results"])):
        yield json.dumps({"resource": resource, **{member: result[member] for member in _MEMBERS}})
