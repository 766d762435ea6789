"""From settings to what is looked at: what can't be used is noted, and hinders nothing else."""

from pathlib import Path

import pytest

from muster.jobs.doctor.installation import Software
from muster.settings.installation import installation, policies_here
from muster.settings.page import policies_of
from muster.values.errors import BadInput

SOFTWARE = Software((3, 13, 0), "0.1.0", (), None)
EMULATOR = "UseDevelopmentStorage=true"
ONE = "11111111-2222-3333-4444-555555555555"


async def test_every_setting_that_can_not_be_used_is_noted() -> None:
    environ = {
        "MUSTER_STORAGE": EMULATOR,
        "MUSTER_SUBSCRIPTIONS": "mine",
        "MUSTER_RECORD_CALLER": "perhaps",
        "MUSTER_TOPIC_ENDPOINT": "ftp://x",
        "MUSTER_PAGE_GROUPS": "everybody",
        "MUSTER_POLICIES": "/no/such/folder",
    }
    async with installation(environ, SOFTWARE) as made:
        named = {said.partition(":")[0] for said in made.unusable}
        assert named == set(environ) - {"MUSTER_STORAGE"}
        assert made.storage is not None
        assert made.azure is None
        with pytest.raises(BadInput):
            await made.policies.look()


async def test_the_page_needs_findings_alone() -> None:
    async with installation({"MUSTER_ROLE": "page", "MUSTER_STORAGE": EMULATOR}, SOFTWARE) as made:
        assert (made.unusable, made.role, made.azure) == ((), "page", None)
        assert made.storage is not None


async def test_a_role_that_is_none() -> None:
    async with installation({"MUSTER_ROLE": "pages", "MUSTER_STORAGE": EMULATOR}, SOFTWARE) as made:
        assert any(said.startswith("MUSTER_ROLE") for said in made.unusable)


async def test_azure_is_not_asked_where_bodies_are_recorded(tmp_path: Path) -> None:
    environ = {"MUSTER_STORAGE": EMULATOR, "MUSTER_RECORDED_RESOURCES": str(tmp_path)}
    async with installation(environ, SOFTWARE) as made:
        assert (made.recorded, made.azure, made.unusable) == (True, None, ())


async def test_a_cloud_that_is_none() -> None:
    environ = {"MUSTER_STORAGE": EMULATOR, "MUSTER_SUBSCRIPTIONS": ONE, "MUSTER_ARM_ENDPOINT": "https://example.net"}
    async with installation(environ, SOFTWARE) as made:
        assert made.azure is None
        assert any(said.startswith("MUSTER_ARM_ENDPOINT") for said in made.unusable)


@pytest.mark.parametrize("text", ["nonsense", "BlobEndpoint=x;AccountKey=s3cret", "AccountName=a"])
async def test_a_connection_string_that_is_none_is_noted_without_it(text: str) -> None:
    async with installation({"MUSTER_STORAGE": text, "MUSTER_SUBSCRIPTIONS": ONE}, SOFTWARE) as made:
        assert made.storage is None
        assert any("no connection string" in said for said in made.unusable)
        assert not any(text in said or "s3cret" in said for said in made.unusable)


async def test_where_settings_are_those_of_an_app() -> None:
    for environ, hosted in (({}, False), ({"WEBSITE_SITE_NAME": "app"}, True), ({"IDENTITY_ENDPOINT": "x"}, True)):
        async with installation({"MUSTER_STORAGE": EMULATOR, **environ}, SOFTWARE, with_azure=False) as made:
            assert made.hosted is hosted


def test_uploaded_policies_are_not_in_a_folder(tmp_path: Path) -> None:
    for text in ("blob://policies", " BLOB://policies/prod "):
        assert policies_here({"MUSTER_POLICIES": text}) is None
        assert policies_of({"MUSTER_POLICIES": text}) is None, "the page shows lifetimes by muster's own catalogue"
    assert policies_here({"MUSTER_POLICIES": "/no/such/folder"}) is None
    assert policies_here({"MUSTER_POLICIES": str(tmp_path)}) is not None
    assert policies_of({"MUSTER_POLICIES": str(tmp_path)}) == tmp_path
