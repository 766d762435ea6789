"""/api/health, for probes: a part of the checks of `muster doctor`, as this app.

Anybody may ask, so the answer has the names of checks and their outcomes and nothing else; what was found is in the
log. It is made at most every KEPT_SECONDS, by whoever asks first, in BOUND_SECONDS.

A platform starts an app anew that answers 503. So `fail` is for what keeps this app from serving; what a new start
would not mend (a late sweep, dead letters, an old catalogue) is never more than `warn`.
"""

import asyncio
import json
import logging
import os
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING

import azure.functions as func

if TYPE_CHECKING:
    from muster.jobs.doctor.installation import PolicyProbe, Software
    from muster.jobs.doctor.run import Check
    from muster.values.checkup import Checked

log = logging.getLogger(__name__)

blueprint = func.Blueprint()

KEPT_SECONDS = 30.0
BOUND_SECONDS = 8.0

_HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_WORSE = ("fail", "warn", "pass")


@blueprint.function_name("health")
@blueprint.route(route="api/health", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
async def health(req: func.HttpRequest) -> func.HttpResponse:
    """Answer a probe."""
    del req  # nothing in it counts
    statuses = await _worker.current()
    status = _worst(statuses.values())
    body = {"status": status, "checks": {name: [{"status": one}] for name, one in statuses.items()}}
    return func.HttpResponse(
        json.dumps(body),
        status_code=503 if status == "fail" else 200,
        mimetype="application/health+json",
        headers=_HEADERS,
    )


class _Worker:
    """The last answer of this worker, and what does not change while it runs."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = asyncio.Lock()
        self._statuses: dict[str, str] = {}
        self._at = 0.0
        self._policies: PolicyProbe | None = None

    async def current(self) -> dict[str, str]:
        """Name of a check -> pass, warn or fail."""
        loop = asyncio.get_running_loop()
        if self._loop is not loop:
            self._loop, self._lock, self._statuses = loop, asyncio.Lock(), {}
        async with self._lock:
            if not self._statuses or time.monotonic() - self._at >= KEPT_SECONDS:
                before, self._statuses = self._statuses, await self._look()
                self._at = time.monotonic()
                if before != self._statuses:
                    log.info("health: %s", _worst(self._statuses.values()))
        return self._statuses

    async def _look(self) -> dict[str, str]:
        from muster.jobs.doctor.run import CHECKS, examine
        from muster.settings.installation import installation, policies_here

        chosen = [check for check in CHECKS if check.serving or check.working]
        self._policies = self._policies or policies_here(os.environ)
        async with installation(os.environ, _software(), with_azure=False, policies=self._policies) as looked_at:
            found = await examine(looked_at, chosen, seconds=BOUND_SECONDS)
        return statuses_of(found, chosen)


_worker = _Worker()


def statuses_of(found: "Iterable[Checked]", checks: "Iterable[Check]") -> dict[str, str]:
    """The status of each check, and what is not as it must be told to the log. A check that nothing was found about is
    left out: it is not for an app of this role."""
    from muster.report.visible import visible
    from muster.values.checkup import Outcome

    serving = {check.name: check.serving for check in checks}
    statuses: dict[str, str] = {}
    for one in found:
        status = "pass" if one.outcome is Outcome.OK else "warn"
        if serving[one.check] and one.outcome in (Outcome.FAULT, Outcome.UNKNOWN):
            status = "fail"
        if status != "pass":
            log.warning("health, %s: %s", visible(f"{one.check} {one.subject}".rstrip()), visible(one.found))
        statuses[one.check] = _worst((statuses.get(one.check, "pass"), status))
    return statuses


def _worst(statuses: Iterable[str]) -> str:
    seen = set(statuses)
    return next((status for status in _WORSE if status in seen), "pass")


def _software() -> "Software":
    """Nothing of it is looked at here."""
    from muster.jobs.doctor.installation import Software

    return Software(python=(0, 0, 0), muster="", dependencies=(), host=None)
