"""All checks, in the order in which they are shown, and running them."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from muster.jobs.doctor import azure, events, policies, settings, storage, versions, work
from muster.jobs.doctor.installation import Installation
from muster.values.checkup import Checked, Outcome
from muster.values.errors import MusterError

SECONDS = 120.0
"""What one check may take."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `looks_at` is a sentence of the reference; `page`: an app that only shows findings has it too.

    `serving` and `working`: /api/health has it, and there a fault says that the app can't serve, or is no more than a
    warning, since starting the app anew would not mend it."""

    name: str
    looks_at: str
    run: Callable[[Installation], Awaitable[list[Checked]]]
    page: bool = True
    serving: bool = False
    working: bool = False
    azure: bool = False


CHECKS: Sequence[Check] = (
    Check(
        settings.KNOWN,
        "Each setting that begins with `MUSTER_` or `AzureWebJobsStorage__` is one that muster or the host reads.",
        settings.known,
    ),
    Check(settings.USABLE, "Each setting's value can be used.", settings.usable, serving=True),
    Check(
        settings.AGREE,
        "No setting contradicts another, or the place where the app runs: a key beside an identity, the emulator or"
        " recorded bodies in Azure.",
        settings.agree,
    ),
    Check(
        storage.CONTAINERS,
        "Listing, reading and writing are tried in each container. A write is one whose condition can't hold, so that"
        " nothing is left behind. A container that is not there yet is made when it is needed.",
        storage.containers,
        serving=True,
    ),
    Check(
        storage.QUEUES,
        "Reading and writing are tried at each queue; the message that would be changed does not exist.",
        storage.queues,
        page=False,
        serving=True,
    ),
    Check(
        azure.IDENTITY,
        "A token for Azure Resource Manager can be had, and whose it is.",
        azure.identity,
        page=False,
        azure=True,
    ),
    Check(
        azure.SUBSCRIPTIONS,
        "Each watched subscription can be read and is enabled.",
        azure.subscriptions,
        page=False,
        azure=True,
    ),
    Check(
        azure.PERMISSIONS,
        "Every read that the assigned policies may ask for is tried in each watched subscription, on something that"
        " does not exist: Azure answers 403 before it looks. Rows that Resource Graph leaves out, as it does with"
        " items of backup vaults that may not be read, can't be noticed. Where `MUSTER_EFFECTIVE_RULES` is `true`,"
        " asking for effective rules is tried too, but not the read of their result.",
        azure.permissions,
        page=False,
        azure=True,
    ),
    Check(
        azure.INVENTORY,
        "Resource Graph lists machines, as the sweep asks it to.",
        azure.inventory,
        page=False,
        azure=True,
    ),
    Check(
        events.SUBSCRIPTION,
        "An event subscription delivers to the queue `muster-events` or to `on_vm_written`, its filters let through"
        " what muster handles, and it has a place for dead letters. Needs `Microsoft.EventGrid/systemTopics/read` and"
        " `Microsoft.EventGrid/systemTopics/eventSubscriptions/read`, and where it finds none there"
        " `Microsoft.EventGrid/eventSubscriptions/read`; the app itself needs none of them.",
        events.event_subscription,
        page=False,
        azure=True,
    ),
    Check(
        work.INDEX,
        "The index of findings was brought up to date within 10 minutes: the app's timers run.",
        work.index_current,
        working=True,
    ),
    Check(work.FINDINGS, "A resource was checked within two days.", work.last_finding),
    Check(
        work.SWEEP,
        "A sweep ended within two days, listed everything, and judged all that it listed.",
        work.last_sweep,
        page=False,
        working=True,
    ),
    Check(
        work.EVENTS,
        "The last sweep found nothing that no event had told of.",
        work.events_arrive,
        page=False,
    ),
    Check(
        work.QUEUES,
        "The first message of `muster-events` waits for 15 minutes at most, that of `muster-sweeps` for 6 hours.",
        work.queues_taken,
        page=False,
        working=True,
    ),
    Check(
        work.GIVEN_UP,
        "No poison messages, no dead letters, nothing in the container `unprocessed`.",
        work.given_up,
        page=False,
        working=True,
    ),
    Check(
        policies.SET,
        "The policy set has no fault, and something is assigned.",
        policies.policy_set,
        page=False,
        serving=True,
    ),
    Check(
        policies.CATALOGUE,
        "The catalogue of releases was compared with its sources within 90 days.",
        policies.catalogue_age,
        working=True,
    ),
    Check(versions.PYTHON, "Python is 3.11 to 3.13.", versions.python_version),
    Check(
        versions.DEPENDENCIES, "Libraries are in the versions that `requirements.txt` asks for.", versions.dependencies
    ),
    Check(
        versions.HOST,
        "host.json hides a message that failed for a while, tries it often enough, reads base64, and has no prefix"
        " before routes.",
        versions.host_json,
    ),
    Check(versions.PROGRAMS, "On this machine: Node and Azurite, which `muster up` starts.", versions.local_programs),
)


async def examine(
    installation: Installation, checks: Iterable[Check] = CHECKS, *, seconds: float = SECONDS
) -> list[Checked]:
    """What all checks come to that concern an app of this role, in their order."""
    chosen = [
        check
        for check in checks
        if (check.page or installation.checks_resources) and not (check.azure and installation.recorded)
    ]
    answers = await asyncio.gather(*(_one(check, installation, seconds) for check in chosen))
    return [one for answer in answers for one in answer]


async def _one(check: Check, installation: Installation, seconds: float) -> list[Checked]:
    """A check that could not be carried out is Unknown, whatever hindered it."""
    try:
        async with asyncio.timeout(seconds):
            return await check.run(installation)
    except TimeoutError:
        return [Checked(check.name, Outcome.UNKNOWN, f"No answer came within {seconds:g} seconds.", "Try again.")]
    except MusterError as fault:
        return [Checked(check.name, Outcome.UNKNOWN, f"{fault}.", "See the faults above; else try again.")]


def reference_rows() -> list[tuple[str, str, bool, str]]:
    """The table of checks, for its page (muster/report/checkup_page.py)."""
    return [
        (check.name, check.looks_at, check.page, "fails" if check.serving else "warns" if check.working else "")
        for check in CHECKS
    ]
