"""The pages that scripts/write-reference.py writes."""

import runpy
from functools import cache
from pathlib import Path

from tests.conftest import ROOT


@cache
def written_pages() -> dict[Path, str]:
    """Every page that is made from the code and the policies, with the text that it should have."""
    script = runpy.run_path(str(ROOT / "scripts" / "write-reference.py"))
    return dict(script["pages"]())
