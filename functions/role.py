"""Which functions this app is for.

The page is an app of its own, since App Service authentication before it would turn Event Grid away, and since its
identity needs to read findings and nothing else.
"""

import os
from collections.abc import Mapping

import azure.functions as func

from muster.settings.role import ALL, CHECKER, PAGE, role_of

__all__ = ["ALL", "CHECKER", "PAGE", "in_role"]


def in_role(role: str, blueprint: func.Blueprint, environ: Mapping[str, str] = os.environ) -> func.Blueprint:
    """The blueprint, or an empty one where the app is for something else. Raises UnusableSettings, so that an app whose
    role nobody can tell has no function at all."""
    return blueprint if role_of(environ) in (role, ALL) else func.Blueprint()
