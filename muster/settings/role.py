"""What an app is for: one that checks, one that shows the page, or both."""

from collections.abc import Mapping

from muster.settings.app import UnusableSettings

ROLE = "MUSTER_ROLE"
CHECKER, PAGE, ALL = "checker", "page", "all"


def role_of(environ: Mapping[str, str]) -> str:
    """The role of an app. Raises UnusableSettings."""
    own = environ.get(ROLE, "").strip().lower() or ALL
    if own not in (CHECKER, PAGE, ALL):
        raise UnusableSettings(f"{ROLE}: {own[:80]!r} is none of {CHECKER}, {PAGE} and {ALL}")
    return own
