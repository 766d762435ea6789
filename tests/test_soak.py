"""The soak of benchmarks/soak.py with a short setting."""

from pathlib import Path

import pytest

from benchmarks.soak import MAX_MEMORY_MB, Setting, soak
from muster.local.errors import MissingProgram
from muster.local.node import find_azurite
from tests.conftest import ROOT, unavailable


@pytest.mark.azurite
@pytest.mark.xdist_group("soak")
async def test_nothing_is_lost_doubled_or_turned_back(tmp_path: Path) -> None:
    try:
        find_azurite(ROOT)
    except MissingProgram as missing:
        unavailable(str(missing))
    outcome = await soak(Setting(events=80, kills=1, at_once=24), tmp_path)
    assert outcome.good, outcome
    assert (outcome.machines, outcome.kills) == (20, 1)
    assert outcome.delivered >= 80
    assert outcome.storage_failed > 0
    assert max(outcome.memory_mb) <= MAX_MEMORY_MB
