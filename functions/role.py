"""Which functions this app is for.

The page is an app of its own, since App Service authentication before it would turn Event Grid away, and since its
identity needs to read findings and nothing else.
"""

import os
from collections.abc import Mapping

import azure.functions as func

from functions.settings import UnusableSettings

ROLE = "MUSTER_ROLE"
CHECKER, PAGE, ALL = "checker", "page", "all"


def in_role(role: str, blueprint: func.Blueprint, environ: Mapping[str, str] = os.environ) -> func.Blueprint:
    """The blueprint, or an empty one where the app is for something else. Raises UnusableSettings, so that an app whose
    role nobody can tell has no function at all."""
    own = environ.get(ROLE, "").strip().lower() or ALL
    if own not in (CHECKER, PAGE, ALL):
        raise UnusableSettings(f"{ROLE}: {own!r} is none of {CHECKER}, {PAGE} and {ALL}")
    return blueprint if own in (role, ALL) else func.Blueprint()
