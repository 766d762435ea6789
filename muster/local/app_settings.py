"""The settings that the local host gives to the function app, as Azure gives them: in the environment."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path


def app_settings(storage: str, policies: Path | None, arm_endpoint: str) -> dict[str, str]:
    """Settings by name (docs/reference/settings.md). `storage` is a connection string; with an `arm_endpoint` of this
    machine every subscription is watched, "" leaves both to the environment."""
    settings = {"AzureWebJobsStorage": storage, "MUSTER_STORAGE": storage, "MUSTER_PAGE_LOOPBACK": "true"}
    if policies is not None:
        settings["MUSTER_POLICIES"] = str(policies.resolve())
    if arm_endpoint:
        settings |= {"MUSTER_ARM_ENDPOINT": arm_endpoint, "MUSTER_SUBSCRIPTIONS": "*", "MUSTER_RECORDED_RESOURCES": ""}
    return settings


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
