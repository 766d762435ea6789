"""Fixtures of all tests."""

import asyncio
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from hypothesis import HealthCheck, settings

from muster.local.azurite import azurite
from muster.local.errors import MissingProgram
from muster.local.node import find_azurite

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"

# In continuous integration a change is judged by the same examples as the one before it, and a busy machine decides
# nothing; everywhere else property tests look for new ones.
settings.register_profile(
    "ci", derandomize=True, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow]
)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared test material beside the checkout; tests that need it are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("shared test material is not beside this checkout")
    return SHARED


def unavailable(reason: str) -> NoReturn:
    """Skip a test for want of something that set-up installs; fail where nothing may be skipped (CI)."""
    if os.environ.get("MUSTER_SKIP_NOTHING"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The connection string of this session's Azurite. All tests share its containers: use resource ids of your own."""
    try:
        program = find_azurite(ROOT)
    except MissingProgram as missing:
        unavailable(str(missing))
    with asyncio.Runner() as runner:
        emulator = azurite(program, tmp_path_factory.mktemp("azurite"))
        endpoints = runner.run(emulator.__aenter__())
        yield endpoints.connection_string
        runner.run(emulator.__aexit__(None, None, None))
