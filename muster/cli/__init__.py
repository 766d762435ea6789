"""The command line: one file a verb, imported only when its verb is called."""

from importlib import import_module

import click

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


class _Verbs(click.Group):
    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(VERBS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        command = import_module(f"muster.cli.{VERBS[name]}").command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Verbs)
@click.version_option(package_name="muster")
def main() -> None:
    """muster checks every Azure VM the moment it is deployed."""
