"""`muster policies`: policy files from and for elsewhere."""

import click

from muster.cli.verbs import Verbs

VERBS = {"guardrail": "policies_guardrail", "import": "policies_import"}
"""Verb -> the module in this folder whose `command` it is."""


@click.group("policies", cls=Verbs, verbs=VERBS)
def command() -> None:
    """Policies from Azure Policy, and for it."""
