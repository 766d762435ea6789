"""The settings that the local host gives to the function app, as Azure gives them: in the environment."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def app_settings(storage: str, policies: Path | None, recorded_resources: Path | None) -> dict[str, str]:
    """Settings by name (docs/reference/settings.md). `storage` is a connection string."""
    paths = {"MUSTER_POLICIES": policies, "MUSTER_RECORDED_RESOURCES": recorded_resources}
    given = {name: str(path.resolve()) for name, path in paths.items() if path is not None}
    return {"MUSTER_STORAGE": storage, **given}


@contextmanager
def environment(settings: Mapping[str, str]) -> Iterator[None]:
    """The environment with settings in it until the block is left."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
