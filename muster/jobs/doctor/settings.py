"""Settings: known, usable, and not at odds with one another."""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches

from muster.jobs.doctor.installation import Installation
from muster.values.checkup import Checked, Outcome

KNOWN, USABLE, AGREE = "settings-known", "settings-usable", "settings-agree"

_PREFIXES = ("MUSTER_", "AzureWebJobsStorage__")
_TABLE = "docs/reference/settings.md lists the settings."
_STORAGES = ("MUSTER_STORAGE", "AzureWebJobsStorage")
_CLOSE = 0.8
"""How much alike two names are of which one is meant to be the other; all have their beginning in common."""
_IDENTITY_FORMS = ("__accountName", "__blobServiceUri", "__queueServiceUri")


async def known(installation: Installation) -> list[Checked]:
    """Whether every setting is one that muster reads. One that is close to another is misspelt: a fault."""
    found = []
    for name in sorted(installation.environ):
        if not name.startswith(_PREFIXES) or name in installation.known:
            continue
        near = get_close_matches(name[:80], installation.known, n=1, cutoff=_CLOSE)
        outcome = Outcome.FAULT if near else Outcome.WARNING
        said = "muster reads no setting of this name, so that it counts for nothing."
        remedy = f"Did you mean {near[0]}? Rename it." if near else f"Remove it. {_TABLE}"
        found.append(Checked(KNOWN, outcome, said, remedy, name))
    return found or [Checked(KNOWN, Outcome.OK, "Every setting is one that muster reads.")]


async def usable(installation: Installation) -> list[Checked]:
    """Whether the values can be used."""
    if not installation.unusable:
        return [Checked(USABLE, Outcome.OK, "Every value can be used.")]
    remedy = f"Set it right. {_TABLE}"
    return [Checked(USABLE, Outcome.FAULT, f"{said}.", remedy) for said in installation.unusable]


async def agree(installation: Installation) -> list[Checked]:
    """Whether settings contradict one another, or the place where the app runs."""
    found = [*_accounts(installation.environ), *_place(installation), *_alone(installation.environ)]
    return found or [Checked(AGREE, Outcome.OK, "No setting contradicts another.")]


def _accounts(environ: Mapping[str, str]) -> Iterator[Checked]:
    for name in _STORAGES:
        others = [f"{name}{form}" for form in _IDENTITY_FORMS if environ.get(f"{name}{form}", "").strip()]
        if environ.get(name, "").strip() and others:
            said = f"It is a connection string, so that {', '.join(others)} count for nothing."
            yield Checked(AGREE, Outcome.WARNING, said, f"Remove {name}, and the identity is used.", name)


def _place(installation: Installation) -> Iterator[Checked]:
    environ = installation.environ
    if not installation.hosted:
        return
    for name in _STORAGES:
        text = environ.get(name, "").strip()
        if "usedevelopmentstorage" in text.lower() or "devstoreaccount1" in text.lower():
            yield Checked(
                AGREE,
                Outcome.FAULT,
                "It is the emulator, which Azure does not have.",
                f"Set {name}__accountName.",
                name,
            )
        elif "accountkey=" in text.lower():
            said = "It has the account's key in it."
            remedy = f"Set {name}__accountName in its place: the app's identity needs no key."
            yield Checked(AGREE, Outcome.WARNING, said, remedy, name)
    if environ.get("MUSTER_RECORDED_RESOURCES", "").strip():
        said = "Recorded bodies are read in place of Azure."
        yield Checked(AGREE, Outcome.FAULT, said, "Remove it.", "MUSTER_RECORDED_RESOURCES")
    if environ.get("MUSTER_ARM_ENDPOINT", "").strip().lower().startswith("http://"):
        said = "It names a server of this machine in place of Azure."
        yield Checked(AGREE, Outcome.FAULT, said, "Remove it, or name a cloud.", "MUSTER_ARM_ENDPOINT")
    if environ.get("MUSTER_PAGE_LOOPBACK", "").strip().lower() == "true":
        said = "It counts for nothing in App Service."
        yield Checked(AGREE, Outcome.WARNING, said, "Remove it.", "MUSTER_PAGE_LOOPBACK")
    worker = environ.get("FUNCTIONS_WORKER_RUNTIME", "python").strip().lower()
    if worker != "python":
        yield Checked(
            AGREE, Outcome.FAULT, "The app is written in Python.", "Set it to python.", "FUNCTIONS_WORKER_RUNTIME"
        )


def _alone(environ: Mapping[str, str]) -> Iterator[Checked]:
    if not environ.get("MUSTER_TOPIC_ENDPOINT", "").strip():
        for name in ("MUSTER_TOPIC_CLIENT_ID", "MUSTER_TOPIC_SEVERITY"):
            if environ.get(name, "").strip():
                said = "No topic is named, so that it counts for nothing."
                yield Checked(AGREE, Outcome.WARNING, said, "Set MUSTER_TOPIC_ENDPOINT, or remove it.", name)
