"""What requests are built from, and the one text of Azure's that is followed."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.adapters.arm_cloud import CLOUDS, find_cloud
from muster.adapters.arm_paths import MAX_LINK, next_target, policy_path, resource_path, result_target
from muster.adapters.arm_types import TYPES
from muster.policy.kinds import parse_policy_id
from muster.values.errors import BadInput
from muster.values.resource_id import ResourceId
from tests.adapters.arm_stage import SUBSCRIPTION, VM

HOST = "https://management.azure.com"
LIST = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines"


@pytest.mark.parametrize(
    ("link", "target"),
    [
        (f"{HOST}{LIST}?api-version=2024-07-01&$skiptoken=a%2Fb", f"{LIST}?api-version=2024-07-01&%24skiptoken=a%2Fb"),
        (f"{HOST}:443{LIST}?x=1", f"{LIST}?x=1"),
        (f"HTTPS://MANAGEMENT.AZURE.COM{LIST.upper()}?x=1", f"{LIST}?x=1"),
        (f"{HOST}{LIST}?x=", f"{LIST}?x="),
        (f"http://management.azure.com{LIST}?x=1", None),
        (f"https://management.azure.com.example.net{LIST}?x=1", None),
        (f"https://user@management.azure.com{LIST}?x=1", None),
        (f"https://management.azure.com:8443{LIST}?x=1", None),
        (f"{HOST}/subscriptions/{SUBSCRIPTION}/resourceGroups/other/providers/Microsoft.Compute/disks?x=1", None),
        (f"{HOST}{LIST}/../../x?x=1", None),
        (f"{HOST}{LIST}%2f..%2fx?x=1", None),
        (f"{HOST}{LIST}?x=1#y", None),
        (f"//example.net{LIST}", None),
        (LIST, None),
        ("", None),
        (None, None),
        (7, None),
        (f"{HOST}{LIST}?x=" + "y" * MAX_LINK, None),
        (f"{HOST}{LIST}?" + "x=1&" * 40, None),
        (f"https://[::1{LIST}", None),
        (f"https://management.azure.com:99999{LIST}", None),
    ],
)
def test_next_pages(link: object, target: str | None) -> None:
    if target is None:
        with pytest.raises(BadInput):
            next_target(link, HOST, LIST)
    else:
        assert next_target(link, HOST, LIST) == target


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: f"{HOST}{text}"))
def test_no_link_leads_anywhere_else(link: str) -> None:
    try:
        target = next_target(link, HOST, LIST)
    except BadInput:
        return
    assert target.partition("?")[0] == LIST


@given(st.text(max_size=80))
def test_a_link_of_the_same_list_keeps_its_query_and_nothing_more(query: str) -> None:
    try:
        target = next_target(f"{HOST}{LIST}?{query}", HOST, LIST)
    except BadInput:
        return
    assert target.startswith(f"{LIST}?")
    assert target.isascii()
    assert not set(target[len(LIST) + 1 :]) & set("\r\n /?#")


RESULT = f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Network/locations/westeurope/operationResults/0b-1"


@pytest.mark.parametrize(
    ("link", "target"),
    [
        (f"{HOST}{RESULT}?api-version=2024-05-01&t=1&c=a%2Bb", f"{RESULT}?api-version=2024-05-01&t=1&c=a%2Bb"),
        (f"{HOST}:443{RESULT}?x=1", f"{RESULT}?x=1"),
        (
            f"{HOST}{RESULT.lower()}?x=1",
            f"{RESULT}?x=1",
        ),
        (f"{HOST}{RESULT}", f"{RESULT}?"),
        (RESULT, None),
        (f"http://management.azure.com{RESULT}?x=1", None),
        (f"https://westeurope.management.azure.com{RESULT}?x=1", None),
        (f"https://management.azure.com.example.net{RESULT}?x=1", None),
        (f"https://management.azure.com@example.net{RESULT}?x=1", None),
        (f"https://user@management.azure.com{RESULT}?x=1", None),
        (f"https://management.azure.com:8443{RESULT}?x=1", None),
        (f"{HOST}{RESULT}?x=1#y", None),
        (f"{HOST}{RESULT}/more?x=1", None),
        (f"{HOST}{RESULT}%2fmore?x=1", None),
        (f"{HOST}{RESULT}/../x?x=1", None),
        (f"{HOST}{RESULT.replace('Microsoft.Network', 'Microsoft.Compute')}?x=1", None),
        (f"{HOST}{RESULT.replace('operationResults', 'operations')}?x=1", None),
        (f"{HOST}{RESULT.replace('westeurope', '..')}?x=1", None),
        (f"{HOST}{RESULT.replace(SUBSCRIPTION, SUBSCRIPTION.replace('1', '9'))}?x=1", None),
        (f"{HOST}{RESULT}?x=" + "y" * MAX_LINK, None),
        (f"{HOST}{RESULT}?" + "x=1&" * 40, None),
        ("", None),
        (None, None),
    ],
)
def test_results_of_operations(link: object, target: str | None) -> None:
    if target is None:
        with pytest.raises(BadInput):
            result_target(link, HOST, SUBSCRIPTION)
    else:
        assert result_target(link, HOST, SUBSCRIPTION) == target


@given(st.text(max_size=60) | st.text(max_size=40).map(lambda text: f"{HOST}{RESULT}{text}"))
def test_no_result_is_anywhere_else(link: str) -> None:
    try:
        target = result_target(link, HOST, SUBSCRIPTION)
    except BadInput:
        return
    assert target.startswith(RESULT.removesuffix("0b-1"))
    assert not set(target.partition("?")[2]) & set("\r\n /?#")


@pytest.mark.parametrize("text", ["AzurePublic", "azurepublic", " AzureChina ", "AzureUSGovernment"])
def test_clouds_are_named(text: str) -> None:
    cloud = find_cloud(text)
    assert cloud.url.startswith("https://management.")
    assert cloud.token_scope == f"{cloud.url}/.default"
    assert not cloud.loopback


@pytest.mark.parametrize(
    "text",
    [
        "",
        "https://management.azure.com",
        "https://example.net",
        "http://127.0.0.1",
        "http://127.0.0.1:0",
        "http://127.0.0.1:65536",
        "http://127.0.0.1:80/x",
        "http://127.0.0.1:80@example.net",
        "http://127.0.0.2:80",
        "http://localhost:80",
        "https://127.0.0.1:80",
        "http://[::1]:80",
    ],
)
def test_no_other_host_is_ever_asked(text: str) -> None:
    with pytest.raises(BadInput):
        find_cloud(text)


@given(st.text())
def test_whatever_a_setting_says_the_host_is_one_of_four(text: str) -> None:
    try:
        cloud = find_cloud(text)
    except BadInput:
        return
    assert cloud in CLOUDS.values() or cloud.url.startswith("http://127.0.0.1:")


def test_loopback_gets_no_token_of_azures() -> None:
    assert find_cloud("http://127.0.0.1:8080").loopback


@pytest.mark.parametrize("arm_type", TYPES.values(), ids=lambda arm_type: arm_type.name)
def test_every_type_has_a_path_of_its_own_ids(arm_type: object) -> None:
    name = arm_type.name  # type: ignore[attr-defined]
    namespace, *kinds = name.split("/")
    text = f"{str(VM).partition('/providers/')[0]}/providers/{namespace}/" + "/".join(f"{kind}/n" for kind in kinds)
    path = resource_path(ResourceId.parse(text), TYPES[name.lower()])
    assert path.lower() == text.lower()
    assert name.split("/")[0] in path


def test_names_are_encoded() -> None:
    odd = ResourceId.parse(f"{str(VM).rpartition('/')[0]}/a b'c+d@e")
    assert resource_path(odd, TYPES[odd.type]).endswith("/a%20b%27c%2Bd%40e")


PROVIDER = "/providers/microsoft.authorization"
ROOT_GROUP = "/providers/Microsoft.Management/managementGroups/Root%281%29"


@pytest.mark.parametrize(
    ("policy_id", "path"),
    [
        (f"{PROVIDER}/policydefinitions/a", "/providers/Microsoft.Authorization/policyDefinitions/a"),
        (f"{PROVIDER}/policySetDefinitions/a b", "/providers/Microsoft.Authorization/policySetDefinitions/a%20b"),
        (f"{PROVIDER}/policydefinitions/a/versions/1.0.0", "/providers/Microsoft.Authorization/policyDefinitions/a"),
        (
            f"/subscriptions/{SUBSCRIPTION.upper()}{PROVIDER}/policyDefinitions/a",
            f"/subscriptions/{SUBSCRIPTION}/providers/Microsoft.Authorization/policyDefinitions/a",
        ),
        (f"/providers/Microsoft.Management/managementGroups/Root (1){PROVIDER}/policyDefinitions/a", None),
        (
            f"/PROVIDERS/Microsoft.Management/managementGroups/Root(1){PROVIDER}/policyDefinitions/a",
            f"{ROOT_GROUP}/providers/Microsoft.Authorization/policyDefinitions/a",
        ),
        (f"/providers/Microsoft.Management/managementGroups/..{PROVIDER}/policyDefinitions/a", None),
        (f"/subscriptions/x{PROVIDER}/policyDefinitions/a", None),
        (f"/subscriptions/{SUBSCRIPTION}/resourceGroups/g{PROVIDER}/policyDefinitions/a", None),
        (f"{PROVIDER}/policyDefinitions/...", None),
        (f"{PROVIDER}/policyDefinitions/a%2e", None),
        (f"{PROVIDER}/policyDefinitions/a?b", None),
        (f"{PROVIDER}/policyDefinitions/a\\b", None),
        (f"{PROVIDER}/policyDefinitions/a\nb", None),
        (f"{PROVIDER}/policyDefinitions/\u00e4", None),
        (f"{PROVIDER}/policyDefinitions/{'a' * 261}", None),
    ],
)
def test_the_path_of_a_policy_is_built_of_checked_parts(policy_id: str, path: str | None) -> None:
    parsed = parse_policy_id(policy_id)
    assert parsed is not None
    assert policy_path(parsed) == path


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_policy_id_makes_a_path_with_more_segments(scope: str, name: str) -> None:
    parsed = parse_policy_id(f"{scope}{PROVIDER}/policyDefinitions/{name}")
    path = parsed and policy_path(parsed)
    if path:
        assert not {"", ".", ".."} & set(path.split("/")[1:])
        assert set(path) <= set(string.ascii_letters + string.digits + "/-._~%")
