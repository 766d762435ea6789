"""Write the workbook of Azure Monitor that shows infra/queries/*.kql."""

import json
from pathlib import Path
from typing import Any

INFRA = Path(__file__).parent.parent / "infra"

PANELS = {
    "events": ("What became of events", "areachart"),
    "latency": ("From the event to the finding, seconds", "linechart"),
    "evaluations": ("Evaluations by state", "areachart"),
    "throttles": ("Calls to Azure Resource Manager, and throttled ones", "linechart"),
    "cache": ("Answered by what is kept", "linechart"),
    "queues": ("Messages that wait", "linechart"),
    "sweep": ("The last sweep, and the catalogue's age", "table"),
    "dead-letters": ("What was kept as unprocessed", "table"),
}
"""The queries that are shown, with a title and a form each. trace.kql asks for one deployment and is for a person."""

_ITEM_TEXT, _ITEM_QUERY, _ITEM_PARAMETERS = 1, 3, 9
_PARAMETER_TIME_RANGE = 4
_LOGS = 0


def workbook() -> dict[str, Any]:
    """The workbook as Azure Monitor's gallery takes it."""
    introduction = {
        "type": _ITEM_TEXT,
        "name": "introduction",
        "content": {"json": "## muster\n\nDescribed in docs/telemetry.md."},
    }
    return {
        "version": "Notebook/1.0",
        "items": [introduction, _time_range(), *(_panel(name, *shown) for name, shown in PANELS.items())],
        "fallbackResourceIds": ["Azure Monitor"],
        "$schema": "https://github.com/Microsoft/Application-Insights-Workbooks/blob/master/schema/workbook.json",
    }


def _time_range() -> dict[str, Any]:
    hours = (4, 24, 72, 168, 720)
    parameter = {
        "id": "0d4a5f0e-6d0c-4f0b-8b57-0a6a8c5d9e11",
        "version": "KqlParameterItem/1.0",
        "name": "TimeRange",
        "type": _PARAMETER_TIME_RANGE,
        "isRequired": True,
        "value": {"durationMs": 24 * 3_600_000},
        "typeSettings": {"selectableValues": [{"durationMs": each * 3_600_000} for each in hours]},
    }
    content = {"version": "KqlParameterItem/1.0", "parameters": [parameter], "style": "pills"}
    return {"type": _ITEM_PARAMETERS, "name": "time", "content": content}


def _panel(name: str, title: str, form: str) -> dict[str, Any]:
    content = {
        "version": "KqlItem/1.0",
        "query": (INFRA / "queries" / f"{name}.kql").read_text("utf-8"),
        "size": 0,
        "title": title,
        "timeContextFromParameter": "TimeRange",
        "queryType": _LOGS,
        "resourceType": "microsoft.insights/components",
        "visualization": form,
    }
    return {"type": _ITEM_QUERY, "name": name, "customWidth": "50", "content": content}


def text() -> str:
    """The workbook's file."""
    return json.dumps(workbook(), indent=2) + "\n"


if __name__ == "__main__":
    (INFRA / "workbook" / "muster.workbook.json").write_text(text(), "utf-8")
