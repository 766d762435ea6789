"""Roles: each identity has what its code needs, on what it needs it for, and nothing else."""

import json

import pytest

from muster.adapters.blob_dead_letters import DEAD_LETTERS
from muster.adapters.blob_documents import SWEEPS
from muster.adapters.blob_feed import FEED, FEED_STATE
from muster.adapters.blob_findings import FINDINGS, HISTORY, UNPROCESSED
from muster.adapters.storage_queue import EVENTS
from tests.infra.bicep import Sources, edited, sources
from tests.infra.bicep_deployment import SUBSCRIPTION, governed, installed, watched
from tests.infra.grants import BUILT_IN, Grant, blob_actions, grants

CHECKER, PAGE, DELIVERY = "id-prod-checker", "id-prod-page", "id-prod-delivery"
POLICIES = "policies"

INSTALLED = {
    Grant(CHECKER, "muster reader", SUBSCRIPTION),
    # The Functions host: the package, locks of timers, queues of triggers.
    Grant(CHECKER, "Storage Blob Data Owner", "stchecker"),
    Grant(CHECKER, "Storage Queue Data Contributor", "stchecker"),
    Grant(CHECKER, "Storage Blob Data Contributor", f"stevidence/{FINDINGS}"),
    Grant(CHECKER, "Storage Blob Data Contributor", f"stevidence/{FEED_STATE}"),
    Grant(CHECKER, "Storage Blob Data Contributor", f"stevidence/{SWEEPS}"),
    Grant(CHECKER, "muster recorder", f"stevidence/{HISTORY}"),
    Grant(CHECKER, "muster recorder", f"stevidence/{UNPROCESSED}"),
    Grant(CHECKER, "muster recorder", f"stevidence/{FEED}"),
    Grant(CHECKER, "Storage Blob Data Reader", f"stevidence/{POLICIES}"),
    Grant(CHECKER, "EventGrid Data Sender", "evgt-prod"),
    Grant(CHECKER, "Monitoring Metrics Publisher", "appi-prod"),
    Grant(PAGE, "Storage Blob Data Owner", "stpage"),
    Grant(PAGE, "Storage Blob Data Reader", f"stevidence/{FINDINGS}"),
    Grant(PAGE, "Storage Blob Data Reader", f"stevidence/{HISTORY}"),
    Grant(PAGE, "Monitoring Metrics Publisher", "appi-prod"),
    Grant(DELIVERY, "Storage Queue Data Message Sender", f"stchecker/{EVENTS}"),
    Grant(DELIVERY, "Storage Blob Data Contributor", f"stevidence/{DEAD_LETTERS}"),
}

NEEDED = {
    # Latest findings are replaced, marks of what changed are set again and removed, and the index is leased.
    FINDINGS: {"read", "add", "write", "delete"},
    # Checkpoints are replaced, a sweep's batches are removed.
    FEED_STATE: {"read", "add", "write"},
    SWEEPS: {"read", "add", "write", "delete"},
    HISTORY: {"read", "add"},
    UNPROCESSED: {"read", "add"},
    FEED: {"read", "add"},
    POLICIES: {"read"},
}
"""What the adapters do with each container of the evidence."""


def test_the_roles_have_the_ids_that_azure_gave_them() -> None:
    assert json.loads(sources()["roles/built-in.json"]) == BUILT_IN


def test_who_gets_what() -> None:
    assert grants(installed()) == INSTALLED


def test_who_asks_for_effective_rules_may() -> None:
    effective = "muster effective rules"
    assert grants(installed(effectiveRules=True)) == INSTALLED | {Grant(CHECKER, effective, SUBSCRIPTION)}
    assert grants(watched(effectiveRules=True)) - grants(watched()) == {Grant("checker", effective, SUBSCRIPTION)}
    assert grants(governed(effectiveRules=True)) - grants(governed()) == {Grant("checker", effective, "mg")}


def test_each_container_can_be_used_as_the_code_uses_it() -> None:
    for container, needed in NEEDED.items():
        assert needed <= checker_may(container), container


def checker_may(container: str, given: Sources | None = None) -> set[str]:
    """What the checker may do with blobs of a container of the evidence."""
    given = sources() if given is None else given
    places = {f"stevidence/{container}", "stevidence", "rg-prod", SUBSCRIPTION}
    held = [grant.role for grant in grants(installed(given)) if grant.who == CHECKER and grant.where in places]
    return set().union(*(blob_actions(role, given) for role in held))


@pytest.mark.parametrize("container", [HISTORY, UNPROCESSED, FEED])
def test_the_checker_adds_evidence_and_neither_deletes_nor_overwrites_it(container: str) -> None:
    assert checker_may(container) == {"read", "add"}


@pytest.mark.parametrize("made", [installed, governed])
def test_a_role_is_assigned_to_an_identity_that_may_be_new(made: object) -> None:
    """Without its type Azure looks the principal up first, and does not find one that was made a moment ago."""
    assert callable(made)
    assigned = [one for one in made().everything() if one.type.endswith("/roleAssignments")]
    assert {one.properties.get("principalType") for one in assigned} == {"ServicePrincipal"}


def test_the_page_changes_nothing_of_the_evidence() -> None:
    for grant in grants(installed()):
        if grant.who == PAGE and grant.where.startswith("stevidence"):
            assert blob_actions(grant.role, sources()) == {"read"}


def test_a_topic_that_was_there_delivers_as_itself() -> None:
    topic = (
        f"/subscriptions/{SUBSCRIPTION}/resourceGroups/theirs/providers/Microsoft.EventGrid/systemTopics/their-topic"
    )
    assert grants(watched(systemTopicId=topic)) == {
        Grant("checker", "muster reader", SUBSCRIPTION),
        Grant("their-topic", "Storage Queue Data Message Sender", f"stchecker/{EVENTS}"),
        Grant("their-topic", "Storage Blob Data Contributor", f"stevidence/{DEAD_LETTERS}"),
    }


def test_over_a_management_group_the_checker_reads_and_the_policy_onboards() -> None:
    assert grants(governed()) == {
        Grant("checker", "muster reader", "mg"),
        Grant("muster-watch", "muster onboarder", "mg"),
        Grant("muster-watch", "Managed Identity Operator", DELIVERY),
        Grant("muster-watch", "muster destination", "stchecker"),
        Grant("muster-watch", "muster destination", "stevidence"),
    }


@pytest.mark.parametrize("made", [installed, governed])
def test_a_custom_role_is_what_its_file_says_and_has_a_name_of_its_own_in_the_tenant(made: object) -> None:
    assert callable(made)
    for one in made(effectiveRules=True).everything():
        if one.type == "Microsoft.Authorization/roleDefinitions":
            name, _, place = str(one.properties["roleName"]).partition(" (")
            role = json.loads(sources()[f"roles/{name.replace(' ', '-')}.json"])
            assert one.properties["permissions"][0]["actions"] == role["Actions"]
            assert one.properties["permissions"][0].get("dataActions", []) == role["DataActions"]
            assert one.properties["assignableScopes"][0].endswith(place.removesuffix(")"))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("roles/built-in.json", "b7e6dc6d-f1e8", "b7e6dc6d-6df1"),
        (
            "modules/host-storage.bicep",
            "builtIn['Storage Queue Data Contributor']",
            "builtIn['Storage Queue Data Contribute']",
        ),
    ],
)
def test_a_role_that_azure_does_not_have_is_noticed(name: str, old: str, new: str) -> None:
    with pytest.raises(KeyError):
        grants(installed(edited(name, old, new)))


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("modules/evidence.bicep", "  'sweeps'\n]", "  'sweeps'\n  'history'\n]"),
        ("roles/muster-recorder.json", "blobs/read", "blobs/delete"),
    ],
)
def test_a_checker_that_may_delete_history_is_noticed(name: str, old: str, new: str) -> None:
    assert "delete" in checker_may(HISTORY, edited(name, old, new))
