"""What must be there before what: the templates say it, so that one deployment is enough."""

import pytest

from tests.infra.bicep import Sources, Template, edited, names, sources, templates

BEFORE = {
    "main.bicep": {
        # An app starts when all is there that it reads and writes, and when its identity may.
        "checker": {"checkerIdentity", "checkerHost", "evidence", "monitoring", "notifications"},
        "page": {"pageIdentity", "pageHost", "evidence", "monitoring"},
        "pageAuthentication": {"page"},
        "evidence": {"recorderRole", "checkerIdentity", "pageIdentity", "deliveryIdentity"},
        # Events come when there is a queue for them, an identity that may write to it, and who reads them.
        "watch": {"deliveryIdentity", "deliveryToQueue", "evidence", "checkerHost", "checker", "alerts"},
        "deliveryToQueue": {"checkerHost"},
        "queueLogs": {"checkerHost", "monitoring"},
    },
    "modules/host-storage.bicep": {
        "packages": {"account"},
        "queues": {"account"},
        "ownsBlobs": {"account"},
        "usesQueues": {"account"},
    },
    "modules/evidence.bicep": {
        "containers": {"account"},
        "immutability": {"containers"},
        "lifecycle": {"containers"},
        "logs": {"containers"},
        "checkerChanges": {"containers"},
        "checkerAdds": {"containers"},
        "checkerReads": {"containers"},
        "pageReads": {"containers"},
        "takesDeadLetters": {"containers"},
    },
    "watch/main.bicep": {
        "events": {"topic", "queueAccess", "deadLetterAccess", "reads"},
        "queueAccess": {"existingTopic"},
        "deadLetterAccess": {"existingTopic"},
        "topic": {"group"},
        "reads": {"readerRole"},
        "alert": {"topic"},
    },
}
"""A module is there when all that it makes is."""


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


def late(given: Sources, name: str) -> set[str]:
    """What may be deployed too late: `module needs other`."""
    template = templates(given)[name]
    wanted = BEFORE[name].items()
    return {f"{one} needs {other}" for one, others in wanted for other in others - needs(template, one)}


@pytest.mark.parametrize("name", BEFORE)
def test_what_must_be_there_before_is_deployed_before(name: str) -> None:
    assert late(sources(), name) == set()


@pytest.mark.parametrize("name", sorted(templates(sources())))
def test_nothing_waits_for_itself(name: str) -> None:
    template = templates(sources())[name]
    for one in (*template.part("modules"), *template.part("resources")):
        assert one not in needs(template, one)


@pytest.mark.parametrize(
    ("name", "old", "said"),
    [
        ("main.bicep", "    deliveryToQueue\n", "watch needs deliveryToQueue"),
        ("watch/main.bicep", "    queueAccess\n", "events needs queueAccess"),
        ("modules/evidence.bicep", "  dependsOn: [\n    containers\n  ]\n", "checkerAdds needs containers"),
    ],
)
def test_a_missing_order_is_noticed(name: str, old: str, said: str) -> None:
    assert said in late(edited(name, old, ""), name)
