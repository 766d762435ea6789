"""Puts policies/ into the wheel, as muster/policies. All else about the package is in pyproject.toml.

In a checkout and in a deployed app the policies lie beside the package, where their authors edit them.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py


class WithPolicies(build_py):
    """Copies the policies into a built package; an editable one finds them in the checkout."""

    def run(self) -> None:
        """See setuptools.Command.run."""
        super().run()
        if not self.editable_mode:
            shutil.copytree("policies", Path(self.build_lib) / "muster" / "policies", dirs_exist_ok=True)


setup(cmdclass={"build_py": WithPolicies})
