"""What can be wrong with this machine, each with what to do about it in its message.

LocalFault
├── MissingProgram   Node or Azurite is not installed
├── AzuriteFailed    Azurite did not start or ended on its own
└── UnusableApp      function_app.py can't be loaded, or has a kind of trigger that the local host does not drive
"""

from muster.values.errors import MusterError


class LocalFault(MusterError):
    """Base of the faults of the local host."""


class MissingProgram(LocalFault):
    """A program that the local host needs is not installed."""


class AzuriteFailed(LocalFault):
    """Azurite did not start or ended on its own."""


class UnusableApp(LocalFault):
    """The function app can't be run by the local host."""
