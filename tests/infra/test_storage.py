"""Storage: no keys, nothing public, what the code uses is there, and what is kept for how long."""

from typing import Any

import pytest

from muster.adapters.blob_dead_letters import DEAD_LETTERS
from muster.adapters.blob_documents import SWEEPS
from muster.adapters.blob_feed import FEED, FEED_STATE
from muster.adapters.blob_findings import FINDINGS, HISTORY, UNPROCESSED
from tests.infra.bicep import edited
from tests.infra.bicep_deployment import Deployment, Made, installed

SAFE = {
    "allowBlobPublicAccess": False,
    "allowCrossTenantReplication": False,
    "allowSharedKeyAccess": False,
    "minimumTlsVersion": "TLS1_2",
    "supportsHttpsTrafficOnly": True,
}
ACCOUNTS = "Microsoft.Storage/storageAccounts"
EVIDENCE = {FINDINGS, HISTORY, UNPROCESSED, FEED, FEED_STATE, SWEEPS, DEAD_LETTERS, "policies"}


def of_type(deployment: Deployment, kind: str) -> list[Made]:
    return [one for one in deployment.everything() if one.type == kind]


def unsafe(deployment: Deployment) -> list[str]:
    """What is not closed: `name: setting`."""
    accounts = of_type(deployment, ACCOUNTS)
    found = [
        f"{one.name}: {key}" for one in accounts for key, value in SAFE.items() if one.properties.get(key) != value
    ]
    containers = of_type(deployment, f"{ACCOUNTS}/blobServices/containers")
    found += [f"{one.name}: publicAccess" for one in containers if one.properties.get("publicAccess") != "None"]
    for site in of_type(deployment, "Microsoft.Web/sites"):
        config = site.properties.get("siteConfig", {})
        found += [f"{site.name}: httpsOnly"] * (site.properties.get("httpsOnly") is not True)
        found += [f"{site.name}: minTlsVersion"] * (config.get("minTlsVersion") != "1.2")
        found += [f"{site.name}: ftpsState"] * (config.get("ftpsState") != "Disabled")
    for policy in of_type(deployment, "Microsoft.Web/sites/basicPublishingCredentialsPolicies"):
        found += [f"{policy.name}: allow"] * (policy.properties["allow"] is not False)
    for topic in of_type(deployment, "Microsoft.EventGrid/topics"):
        found += [f"{topic.name}: disableLocalAuth"] * (topic.properties.get("disableLocalAuth") is not True)
    for component in of_type(deployment, "Microsoft.Insights/components"):
        found += [f"{component.name}: DisableLocalAuth"] * (component.properties.get("DisableLocalAuth") is not True)
    return found


def test_nothing_is_open() -> None:
    made = installed()
    assert unsafe(made) == []
    assert len(of_type(made, ACCOUNTS)) == 3
    assert len(of_type(made, "Microsoft.Web/sites/basicPublishingCredentialsPolicies")) == 4


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        (
            "modules/storage-account.bicep",
            "allowSharedKeyAccess: false",
            "allowSharedKeyAccess: true",
            "allowSharedKey",
        ),
        ("modules/storage-account.bicep", "    minimumTlsVersion: 'TLS1_2'\n", "", "minimumTlsVersion"),
        ("modules/storage-account.bicep", "allowBlobPublicAccess: false", "allowBlobPublicAccess: true", "allowBlob"),
        ("modules/blob-containers.bicep", "publicAccess: 'None'", "publicAccess: 'Blob'", "publicAccess"),
        ("modules/function-app.bicep", "    httpsOnly: true\n", "", "httpsOnly"),
        ("modules/function-app.bicep", "allow: false", "allow: true", "allow"),
        ("modules/notification-topic.bicep", "disableLocalAuth: true", "disableLocalAuth: false", "disableLocalAuth"),
        ("modules/monitoring.bicep", "    DisableLocalAuth: true\n", "", "DisableLocalAuth"),
    ],
)
def test_what_is_open_is_noticed(name: str, old: str, new: str, said: str) -> None:
    assert any(said in one for one in unsafe(installed(edited(name, old, new))))


def containers_of(deployment: Deployment, account: str) -> set[str]:
    made = of_type(deployment, f"{ACCOUNTS}/blobServices/containers")
    return {one.name for one in made if one.id.split("/")[8].startswith(account)}


def test_the_containers_are_those_of_the_code_and_apart_from_those_of_the_hosts() -> None:
    made = installed()
    assert containers_of(made, "stevidence") == EVIDENCE
    assert containers_of(made, "stchecker") == containers_of(made, "stpage") == {"packages"}


def test_a_container_that_is_missing_is_noticed() -> None:
    assert containers_of(installed(edited("modules/evidence.bicep", "  'unprocessed'\n", "")), "stevidence") != EVIDENCE


def evidence_service(**parameters: Any) -> dict[str, Any]:
    made = of_type(installed(**parameters), f"{ACCOUNTS}/blobServices")
    (found,) = (one for one in made if one.id.split("/")[8].startswith("stevidence"))
    return found.properties


def test_event_grid_gets_in_where_the_network_is_closed() -> None:
    for one in of_type(installed(), ACCOUNTS):
        assert one.properties["networkAcls"]["bypass"] == "AzureServices"


def test_what_is_deleted_or_replaced_can_be_had_back() -> None:
    had = evidence_service(softDeleteDays=30)
    assert had["isVersioningEnabled"] is True
    assert had["deleteRetentionPolicy"] == had["containerDeleteRetentionPolicy"] == {"enabled": True, "days": 30}


def test_history_is_immutable_where_that_is_asked_for() -> None:
    kind = f"{ACCOUNTS}/blobServices/containers/immutabilityPolicies"
    assert of_type(installed(), kind) == []
    (policy,) = of_type(installed(historyImmutableDays=365), kind)
    assert policy.id.split("/")[-3] == HISTORY
    assert policy.properties == {"immutabilityPeriodSinceCreationInDays": 365, "allowProtectedAppendWrites": False}


def deleted_after(**parameters: Any) -> dict[str, int]:
    """Container -> days after which its blobs are deleted."""
    (made,) = of_type(installed(**parameters), f"{ACCOUNTS}/managementPolicies")
    found = {}
    for rule in made.properties["policy"]["rules"]:
        days = rule["definition"]["actions"].get("baseBlob", {}).get("delete")
        for prefix in rule["definition"]["filters"]["prefixMatch"]:
            assert prefix.rstrip("/") in EVIDENCE
            if days:
                found[prefix.rstrip("/")] = int(days["daysAfterModificationGreaterThan"])
    return found


def test_history_is_kept_for_ever_unless_a_retention_is_given() -> None:
    assert deleted_after() == {FEED: 365, UNPROCESSED: 180, DEAD_LETTERS: 180}
    assert deleted_after(historyRetentionDays=3650)[HISTORY] == 3650


def test_findings_and_policies_are_never_deleted_by_age() -> None:
    assert {FINDINGS, "policies", SWEEPS, FEED_STATE}.isdisjoint(deleted_after(historyRetentionDays=1))


def test_old_versions_go_but_those_of_history_and_policies() -> None:
    """An index is written anew with every change, so that its versions would grow without bound."""
    (made,) = of_type(installed(), f"{ACCOUNTS}/managementPolicies")
    rules = [rule["definition"] for rule in made.properties["policy"]["rules"]]
    (versions,) = (rule for rule in rules if "version" in rule["actions"])
    assert {prefix.rstrip("/") for prefix in versions["filters"]["prefixMatch"]} == EVIDENCE - {HISTORY, "policies"}
