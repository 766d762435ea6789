"""What the app is made of: Python, libraries, and the settings of its Functions host."""

from muster.jobs.doctor.installation import Installation
from muster.values.checkup import Checked, Outcome
from muster.values.json import Json, JsonObject

PYTHON, DEPENDENCIES, HOST, PROGRAMS = "python-version", "dependencies", "host-json", "local-programs"

OLDEST, NEWEST = (3, 11), (3, 13)
"""The versions of Python that Azure Functions runs and muster is tested on."""

LEAST_TRIES = 5
_FILE = "Take host.json as muster ships it."


async def python_version(installation: Installation) -> list[Checked]:
    """Whether this Python is one that muster is tested on."""
    version = installation.software.python
    shown = ".".join(map(str, version))
    if OLDEST <= version[:2] <= NEWEST:
        return [Checked(PYTHON, Outcome.OK, f"Python {shown}, muster {installation.software.muster}.")]
    said = f"Python {shown} is not among {'.'.join(map(str, OLDEST))} to {'.'.join(map(str, NEWEST))}."
    outcome = Outcome.WARNING if version[:2] > NEWEST else Outcome.FAULT
    return [Checked(PYTHON, outcome, said, "Use one of these.")]


async def dependencies(installation: Installation) -> list[Checked]:
    """Whether the libraries are those that requirements.txt asks for."""
    found = [
        Checked(
            DEPENDENCIES,
            Outcome.FAULT,
            f"Version {one.installed or 'none'} is installed, {one.wanted or 'any'} is wanted.",
            "Install requirements.txt again.",
            one.name,
        )
        for one in installation.software.dependencies
        if not one.fits
    ]
    count = len(installation.software.dependencies)
    if not count:
        said = "Which libraries are wanted can't be told: there is no requirements.txt."
        return [Checked(DEPENDENCIES, Outcome.UNKNOWN, said)]
    return found or [Checked(DEPENDENCIES, Outcome.OK, f"{count} libraries, all in the versions that are wanted.")]


async def host_json(installation: Installation) -> list[Checked]:
    """Whether host.json still says what the triggers rely on."""
    host = installation.software.host
    if host is None:
        said = "This is an installed muster without a function app; its host.json is not here."
        return [Checked(HOST, Outcome.OK, said)]
    if isinstance(host, str):
        return [Checked(HOST, Outcome.FAULT, f"{host}.", _FILE)]
    return _host(host) or [Checked(HOST, Outcome.OK, "Queues and routes are as the triggers need them.")]


def _host(host: JsonObject) -> list[Checked]:
    queues, http = (_below(host, "extensions", name) for name in ("queues", "http"))
    found = []
    hidden = queues.get("visibilityTimeout", "00:00:00")
    if not isinstance(hidden, str) or not hidden.strip("0:. "):
        said = "A message that failed comes back at once: one throttled minute spends all its tries."
        found.append(("visibilityTimeout", said))
    tries = queues.get("maxDequeueCount", 5)
    if not isinstance(tries, int) or tries < LEAST_TRIES:
        found.append(("maxDequeueCount", f"{str(tries)[:20]} tries are too few to live through a short outage."))
    encoding = queues.get("messageEncoding", "base64")
    if str(encoding).lower() != "base64":
        found.append(("messageEncoding", "muster writes base64, and so does Event Grid."))
    if http.get("routePrefix", "api") != "":
        found.append(("routePrefix", "The page and /api/health are not where they should be."))
    return [Checked(HOST, Outcome.FAULT, said, _FILE, name) for name, said in found]


async def local_programs(installation: Installation) -> list[Checked]:
    """Whether what `muster up` starts is there."""
    missing = installation.software.programs
    if missing is None:
        return []
    if missing:
        return [Checked(PROGRAMS, Outcome.FAULT, f"{said}.", "Run make setup.") for said in missing]
    return [Checked(PROGRAMS, Outcome.OK, "Node and Azurite are there.")]


def _below(value: Json, *names: str) -> JsonObject:
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}
