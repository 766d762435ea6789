"""`muster policies`: policies of others. One file a verb."""

import click

from muster.cli.policies_import import import_


@click.group()
def command() -> None:
    """Policies that are in Azure Policy, or are to be."""


command.add_command(import_)
