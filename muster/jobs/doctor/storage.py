"""Storage: what the app does with its containers and queues, tried without leaving anything there.

Source of the codes and roles: learn.microsoft.com/rest/api/storageservices/authorize-with-azure-active-directory and
learn.microsoft.com/azure/storage/blobs/authorize-access-azure-active-directory.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence

from muster.jobs.doctor.installation import Came, Installation, Tried
from muster.values.checkup import Checked, Outcome

CONTAINERS, QUEUES = "storage-containers", "storage-queues"

_ALL, _READ = ("list", "read", "write"), ("list", "read")
CHECKER_CONTAINERS: Mapping[str, tuple[str, ...]] = dict.fromkeys(
    ("findings", "history", "unprocessed", "sweeps", "feed", "feed-state"), _ALL
)
PAGE_CONTAINERS: Mapping[str, tuple[str, ...]] = dict.fromkeys(("findings", "history"), _READ)
"""Container -> what an app of a role does with it."""

APP_QUEUES = ("muster-events", "muster-evaluations", "muster-sweeps")
"""The queues that triggers read."""

_NETWORK = frozenset({"AuthorizationFailure", "IpAuthorizationError", "PublicAccessNotPermitted"})
_KEY = frozenset({"AuthenticationFailed", "InvalidAuthenticationInfo", "NoAuthenticationInformation"})

Try = Callable[[str, Sequence[str]], Awaitable[tuple[Tried, ...]]]


async def containers(installation: Installation) -> list[Checked]:
    """Whether the app may do with each container what it does."""
    wanted = CHECKER_CONTAINERS if installation.checks_resources else PAGE_CONTAINERS
    role = "Storage Blob Data Contributor" if installation.checks_resources else "Storage Blob Data Reader"
    storage = installation.storage
    if storage is None:
        return [_no_account(CONTAINERS)]
    return await _each(CONTAINERS, wanted, storage.container, role, key=storage.blob_key)


async def queues(installation: Installation) -> list[Checked]:
    """Whether the app may take and put messages."""
    storage = installation.storage
    if storage is None:
        return [_no_account(QUEUES)]
    wanted = dict.fromkeys(APP_QUEUES, ("read", "write"))
    return await _each(QUEUES, wanted, storage.queue, "Storage Queue Data Contributor", key=storage.queue_key)


async def _each(
    check: str, wanted: Mapping[str, tuple[str, ...]], attempt: Try, role: str, *, key: bool
) -> list[Checked]:
    """One answer for each; where there is no answer to the first, the others are not asked for."""
    found: list[Checked] = []
    for name, actions in wanted.items():
        tried = await attempt(name, actions)
        silent = next((one for one in tried if one.came is Came.SILENT), None)
        if silent is not None:
            remedy = "See that the account is there, that its name is right, and that this network reaches it."
            found.append(Checked(check, Outcome.FAULT, f"Storage does not answer: {silent.code}.", remedy, name))
            break
        found.append(_judged(check, name, tried, role, key=key))
    return found


def _judged(check: str, name: str, tried: Sequence[Tried], role: str, *, key: bool) -> Checked:
    refused = [one for one in tried if one.came is Came.REFUSED]
    if refused:
        actions = ", ".join(one.action for one in refused)
        said = f"Storage refuses to {actions}: {refused[0].code}."
        return Checked(check, Outcome.FAULT, said, _remedy(refused[0].code, role, key=key), name)
    done = ", ".join(one.action for one in tried if one.came is Came.DONE)
    if any(one.came is Came.MISSING for one in tried):
        return Checked(check, Outcome.OK, "It is not there yet; it is made when it is needed.", "", name)
    return Checked(check, Outcome.OK, f"May {done}.", "", name)


def _remedy(code: str, role: str, *, key: bool) -> str:
    if code in _NETWORK:
        firewall = "The account's firewall turns this network away: let it in, or use a private endpoint."
        return f"{firewall} Or the key is not the account's." if key else firewall
    if code == "KeyBasedAuthenticationNotPermitted":
        return "The account takes no key: name it by __accountName, so that the app's identity is used."
    if code in _KEY or key:
        return "The key is not the account's (any more), or this machine's clock is wrong: see the connection string."
    return f"Assign the role {role} on the account to the app's identity; it takes some minutes to count."


def _no_account(check: str) -> Checked:
    return Checked(check, Outcome.UNKNOWN, "Which account it is can't be told.", "Set the settings right first.")
