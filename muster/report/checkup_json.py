"""What a look at an installation came to, as JSON for programs."""

from collections.abc import Iterable

from muster.report.checkup_page import page_of
from muster.values.checkup import Checked, Outcome
from muster.values.json import JsonObject


def checkup_json(checked: Iterable[Checked]) -> JsonObject:
    """`outcome` is the worst of all: fault, then unknown, then warning, then ok."""
    found = list(checked)
    return {
        "schemaVersion": "1.0",
        "outcome": worst(one.outcome for one in found),
        "checks": [
            {
                "check": one.check,
                "subject": one.subject or None,
                "outcome": one.outcome,
                "found": one.found,
                "remedy": one.remedy or None,
                "documentation": page_of(one.check),
            }
            for one in found
        ],
    }


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of all."""
    seen = set(outcomes)
    return next((one for one in (Outcome.FAULT, Outcome.UNKNOWN, Outcome.WARNING) if one in seen), Outcome.OK)
