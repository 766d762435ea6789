"""How long after a write a rule of the IfNotExists pair waits before it looks for related resources.

Source: learn.microsoft.com/azure/governance/policy/concepts/effect-audit-if-not-exists and
.../effect-deploy-if-not-exists: `evaluationDelay` is AfterProvisioning, AfterProvisioningSuccess,
AfterProvisioningFailure or an ISO 8601 duration of 0 to 360 minutes; PT10M where it is not given.
"""

import re
from datetime import timedelta

from muster.language.syntax import Then
from muster.values.json import Json

DEFAULT = timedelta(minutes=10)
LONGEST = timedelta(minutes=360)

_DURATION = re.compile(r"PT(?=\d)(?:(\d{1,2})H)?(?:(\d{1,3})M)?(?:(\d{1,5})S)?", re.ASCII | re.IGNORECASE)
_AFTER_PROVISIONING = "afterprovisioning"


def evaluation_delay(then: Then) -> timedelta:
    """The delay of one rule. What stands in place of a delay but is none counts as not given."""
    details = None if then.details is None else then.details.value
    written = _member(details)
    if not isinstance(written, str):
        return DEFAULT
    text = written.strip()
    if text.lower().startswith(_AFTER_PROVISIONING):
        # A resource is judged only when Azure is done with it.
        return timedelta(0)
    match = _DURATION.fullmatch(text)
    if match is None:
        return DEFAULT
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return min(timedelta(hours=hours, minutes=minutes, seconds=seconds), LONGEST)


def _member(details: Json) -> Json:
    if not isinstance(details, dict):
        return None
    return next((value for name, value in details.items() if name.lower() == "evaluationdelay"), None)
