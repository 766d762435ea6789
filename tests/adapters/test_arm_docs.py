"""The page on what is read of Azure says what is read."""

import re

from muster.adapters.arm_client import ATTEMPTS, OPERATION_SECONDS, PATIENCE_SECONDS
from muster.adapters.arm_reader import IMAGE_SECONDS, SURROUNDINGS_SECONDS
from muster.adapters.arm_types import TYPES
from muster.local.arm.limits import Limits
from tests.conftest import ROOT

PAGE = (ROOT / "docs" / "azure.md").read_text("utf-8")
FLAT = " ".join(PAGE.split())


def test_every_type_is_named_and_no_other() -> None:
    listed = FLAT.partition("These types can be looked up:")[2].partition(" A look-up")[0]
    assert set(re.findall(r"`([^`]+)`", listed)) == {one.name for one in TYPES.values()}


def test_figures_are_those_of_the_code() -> None:
    assert f"tried up to {ATTEMPTS} times, waiting at most {PATIENCE_SECONDS:.0f} seconds in all" in FLAT
    assert f"waited for, at most {OPERATION_SECONDS:.0f} seconds in all" in FLAT
    assert f"kept for {IMAGE_SECONDS / 60:.0f} minutes" in FLAT
    assert SURROUNDINGS_SECONDS == 60
    limits = Limits()
    assert f"read {limits.bucket} times at once and {limits.refill} times a second" in FLAT
    assert f"{limits.graph} times in {limits.window} seconds" in FLAT
