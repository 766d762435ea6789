"""What must be there before what: the templates say it, so that one deployment is enough."""

import pytest

from tests.infra.bicep import Sources, Template, edited, names, sources, templates

BEFORE = {
    # An app starts with what its identity may do, its package's container and its queues.
    "checker": {
        "checkerIdentity",
        "checkerPackages",
        "checkerQueues",
        "checkerHostBlobs",
        "checkerHostQueues",
        "checkerChanges",
        "checkerAdds",
        "checkerReads",
        "monitoring",
        "notifications",
    },
    "page": {"pageIdentity", "pagePackages", "pageHostBlobs", "pageReads", "monitoring"},
    "pageAuthentication": {"page"},
    # Events come when there is a queue for them, an identity that may write to it, and who reads them.
    "watch": {"deliveryIdentity", "deliveryToQueue", "deliveryToDeadLetters", "checkerQueues", "checker", "alerts"},
    "checkerAdds": {"recorderRole", "evidenceContainers"},
    "checkerChanges": {"evidenceContainers"},
    "checkerReads": {"evidenceContainers"},
    "pageReads": {"evidenceContainers"},
    "deliveryToDeadLetters": {"evidenceContainers"},
    "historyImmutability": {"evidenceContainers"},
    "evidenceLifecycle": {"evidenceContainers"},
    "evidenceContainers": {"evidence"},
    "deliveryToQueue": {"checkerQueues"},
    "evidenceLogs": {"evidenceContainers", "monitoring"},
    "queueLogs": {"checkerQueues", "monitoring"},
}
WATCH_BEFORE = {
    "events": {"topic", "queueAccess", "deadLetterAccess", "reads"},
    "queueAccess": {"existingTopic"},
    "deadLetterAccess": {"existingTopic"},
    "topic": {"group"},
    "reads": {"readerRole"},
    "alert": {"topic"},
}


def needs(template: Template, name: str, seen: frozenset[str] = frozenset()) -> set[str]:
    """All modules and resources that are deployed before one, by its references and dependsOn."""
    made = template.part("modules") | template.part("resources")
    variables = template.part("variables")
    of = made.get(name) or variables.get(name)
    if of is None or name in seen:
        return set()
    found: set[str] = set()
    for one in set(names([of.get("config"), of.get("value")])):
        found |= needs(template, one, seen | {name}) | ({one} if one in made else set())
    return found


def late(given: Sources, name: str, before: dict[str, set[str]]) -> set[str]:
    """What may be deployed too late: `module needs other`."""
    template = templates(given)[name]
    return {f"{one} needs {other}" for one, wanted in before.items() for other in wanted - needs(template, one)}


@pytest.mark.parametrize(("name", "before"), [("main.bicep", BEFORE), ("watch/main.bicep", WATCH_BEFORE)])
def test_what_must_be_there_before_is_deployed_before(name: str, before: dict[str, set[str]]) -> None:
    assert late(sources(), name, before) == set()


@pytest.mark.parametrize("name", sorted(templates(sources())))
def test_nothing_waits_for_itself(name: str) -> None:
    template = templates(sources())[name]
    for one in (*template.part("modules"), *template.part("resources")):
        assert one not in needs(template, one)


def test_a_missing_order_is_noticed() -> None:
    given = edited("main.bicep", "    checkerHostQueues\n", "")
    assert late(given, "main.bicep", BEFORE) == {"checker needs checkerHostQueues"}
    given = edited("watch/main.bicep", "    queueAccess\n", "")
    assert late(given, "watch/main.bicep", WATCH_BEFORE) == {"events needs queueAccess"}
