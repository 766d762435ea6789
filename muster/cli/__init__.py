"""The command line: one file a verb, imported only when its verb is called."""

import click

from muster.cli.verbs import Verbs

VERBS: dict[str, str] = {
    "check": "check",
    "coverage": "coverage",
    "deadletters": "deadletters",
    "doctor": "doctor",
    "explain": "explain",
    "findings": "findings",
    "forecast": "forecast",
    "history": "history",
    "image": "image",
    "lifecycle": "lifecycle",
    "impact": "impact",
    "lint": "lint",
    "policies": "policies",
    "send": "send",
    "test": "test",
    "sweep": "sweep",
    "up": "up",
}
"""Verb -> the module in this folder whose `command` it is."""


@click.group(cls=Verbs, verbs=VERBS)
@click.version_option(package_name="muster")
def main() -> None:
    """muster checks every Azure VM the moment it is deployed."""
