"""`muster policies`: policy files from and for elsewhere."""

from importlib import import_module

import click

VERBS = {"guardrail": "policies_guardrail", "import": "policies_import"}
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


@click.group("policies", cls=_Verbs)
def command() -> None:
    """Policies from Azure Policy, and for it."""
