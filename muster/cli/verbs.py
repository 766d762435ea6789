"""A command of verbs, each of which is imported when it is called, so that the others start fast."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click


class Verbs(click.Group):
    """`verbs`: each verb -> the module in this folder whose `command` it is."""

    def __init__(self, *args: Any, verbs: Mapping[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._modules = dict(verbs)

    def list_commands(self, _context: click.Context) -> list[str]:
        """See click.Group."""
        return sorted(self._modules)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        """See click.Group."""
        if name not in self._modules:
            return None
        command = import_module(f"muster.cli.{self._modules[name]}").command
        assert isinstance(command, click.Command)
        return command
