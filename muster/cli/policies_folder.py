"""The policies folder of a command that works on its files."""

import os
from pathlib import Path

import click

from muster.adapters.policy_files import find_policies
from muster.values.errors import BadInput


def policies_folder(given: Path | None = None) -> Path:
    """The folder that was given, else the one that all commands use; short where it lies below the current folder.

    Raises UsageError where there is none.
    """
    try:
        found = find_policies(given, os.environ)
    except BadInput as fault:
        raise click.UsageError(str(fault)) from fault
    here = Path.cwd()
    return found.relative_to(here) if found.is_absolute() and found.is_relative_to(here) else found
