"""Who may see what: nobody without the platform's word, and nothing beyond the groups."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.settings.app import UnusableSettings
from muster.settings.page import access_of
from muster.web.access import PRINCIPAL, Access, Refused, viewer

GROUP, OTHER = "11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"
SUB, SUB2 = "aaaaaaaa-0000-0000-0000-000000000001", "aaaaaaaa-0000-0000-0000-000000000002"
HOSTED = {"WEBSITE_SITE_NAME": "muster-page", "WEBSITE_AUTH_ENABLED": "True"}


def principal(*claims: tuple[str, str], kind: str = "aad") -> dict[str, str]:
    value = {"auth_typ": kind, "claims": [{"typ": name, "val": one} for name, one in claims]}
    return {PRINCIPAL: base64.b64encode(json.dumps(value).encode()).decode(), "host": "page.example"}


def test_a_principal_of_the_platform_sees_everything_where_no_groups_are_set() -> None:
    seen = viewer(access_of(HOSTED), principal(("preferred_username", "ada@example.org")))
    assert (seen.name, seen.subscriptions) == ("ada@example.org", None)


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"WEBSITE_AUTH_ENABLED": "True"},
        {"WEBSITE_SITE_NAME": "p"},
        {"WEBSITE_SITE_NAME": "p", "WEBSITE_AUTH_ENABLED": "False"},
        {"WEBSITE_SITE_NAME": "p", "MUSTER_PAGE_LOOPBACK": "true"},
    ],
)
@pytest.mark.parametrize("host", ["page.example", "127.0.0.1:7071", "localhost"])
def test_a_principal_that_no_platform_has_validated_counts_for_nothing(environ: dict[str, str], host: str) -> None:
    with pytest.raises(Refused) as refused:
        viewer(access_of(environ), principal(("name", "Mallory")) | {"host": host})
    assert refused.value.status == 401


@pytest.mark.parametrize(
    "header",
    [
        "",
        "not base64 at all",
        base64.b64encode(b"{").decode(),
        base64.b64encode(b"[]").decode(),
        base64.b64encode(b"{}").decode(),
        base64.b64encode(b'{"auth_typ": "aad"}').decode(),
        base64.b64encode(b'{"auth_typ": "aad", "claims": []}').decode(),
        base64.b64encode(b'{"auth_typ": "", "claims": [{"typ": "name", "val": "x"}]}').decode(),
        base64.b64encode(b"[" * 60_000).decode(),
        "A" * 70_000,
    ],
)
def test_without_a_whole_principal_nobody_is_let_in(header: str) -> None:
    with pytest.raises(Refused) as refused:
        viewer(access_of(HOSTED), {PRINCIPAL: header, "host": "127.0.0.1"})
    assert refused.value.status == 401


@given(st.binary(max_size=200))
def test_any_header_at_all_is_refused_or_read(raw: bytes) -> None:
    with pytest.raises(Refused):
        viewer(Access(platform=True, groups={}), {PRINCIPAL: base64.b64encode(raw).decode()})


@pytest.mark.parametrize("host", ["127.0.0.1:7071", "localhost:7071", "localhost", "[::1]:7071", "127.0.0.1"])
def test_on_this_machine_whoever_uses_it_sees_everything(host: str) -> None:
    assert viewer(access_of({"MUSTER_PAGE_LOOPBACK": "true"}), {"host": host}).subscriptions is None


@pytest.mark.parametrize("host", ["", "evil.example", "127.0.0.1.evil.example:7071", "evil.example:127", "localhost.x"])
def test_another_host_name_that_leads_to_this_machine_is_refused(host: str) -> None:
    with pytest.raises(Refused):
        viewer(access_of({"MUSTER_PAGE_LOOPBACK": "true"}), {"host": host})


def test_groups_add_up_and_a_star_is_everything() -> None:
    access = access_of(HOSTED | {"MUSTER_PAGE_GROUPS": f"{GROUP}={SUB.upper()};{OTHER}={SUB2}"})
    one = viewer(access, principal(("groups", GROUP.upper())))
    both = viewer(access, principal(("groups", GROUP), ("groups", OTHER)))
    assert one.subscriptions == frozenset({SUB})
    assert both.subscriptions == frozenset({SUB, SUB2})
    everything = access_of(HOSTED | {"MUSTER_PAGE_GROUPS": f"{GROUP}={SUB};{OTHER}=*"})
    assert viewer(everything, principal(("groups", GROUP), ("groups", OTHER))).subscriptions is None


@pytest.mark.parametrize("claims", [[("name", "x")], [("groups", OTHER)], [("roles", GROUP)], [("hasgroups", "true")]])
def test_who_is_in_no_group_that_is_named_sees_nothing(claims: list[tuple[str, str]]) -> None:
    with pytest.raises(Refused) as refused:
        viewer(access_of(HOSTED | {"MUSTER_PAGE_GROUPS": f"{GROUP}={SUB}"}), principal(*claims))
    assert refused.value.status == 403


@pytest.mark.parametrize("text", ["x", f"{GROUP}", f"{GROUP}=", f"{GROUP}=x", f"x={SUB}", f"{GROUP}={SUB};y", "=*"])
def test_groups_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(UnusableSettings, match="MUSTER_PAGE_GROUPS"):
        access_of({"MUSTER_PAGE_GROUPS": text})
