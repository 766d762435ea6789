"""Every file in infra/ is read, and every name in it is one of something that is there."""

import pytest

from tests.infra.bicep import edited, sources
from tests.infra.bicep_symbols import offences


def test_everything_is_read_and_every_name_is_one_of_something() -> None:
    assert offences(sources()) == []


@pytest.mark.parametrize(
    ("name", "old", "new", "said"),
    [
        ("main.bicep", "  scope: group\n  params: {", "  scope: group\n  params {", "can't be read"),
        ("watch/filter.json", '"operationNames": [', '"operationNames": ', "can't be read"),
        (
            "modules/evidence.bicep",
            "location: location\n    skuName",
            "location: locaton\n    skuName",
            "locaton, which is not",
        ),
        ("main.bicep", "'plan-${environmentName}-page'", "'plan-${environmnt}-page'", "environmnt, which is not there"),
        ("modules/queues.bicep", "for name in names:", "for name in queueNames:", "queueNames, which is not there"),
        ("modules/function-app.bicep", "'${identityId}': {}", "'${identity}': {}", "identity, which is not there"),
        ("main.bicep", "take(token, 6)", "takes(token, 6)", "calls takes, which is not known"),
        ("modules/host-storage.bicep", "'queues.bicep'", "'queue.bicep'", "queue.bicep, which is not there"),
        ("main.bicep", "loadJsonContent('roles/built", "loadJsonContent('role/built", "role/built-in.json, which is"),
        (
            "modules/evidence.bicep",
            "    versioning: true\n",
            "    versions: true\n",
            "gives versions, which modules/blob",
        ),
        ("main.bicep", "    dailyCapGb: dailyLogCapGb\n", "", "lacks dailyCapGb, which modules/monitoring"),
        ("main.bicep", "checkerHost.outputs.id", "checkerHost.outputs.resourceId", "checkerHost.outputs.resourceId"),
        ("main.bicep", "${page.outputs.hostName}", "${page.outputs.url}", "takes page.outputs.url"),
        ("main.bicep", "  name: 'alerts'\n  scope: group\n", "  name: 'alerts'\n", "has no scope"),
        ("modules/custom-role.bicep", "'subscription'", "'managementGroup'", "can't be reached from subscription"),
        ("modules/identity.bicep", "@description('Region.')\n", "", "location has no description"),
        ("main.bicep", "? 'queue' : 'none'", "? 'queues' : 'none'", "gives 'queues' as delivery, which watch/main"),
        ("main.bicep", "  name: 'alerts'\n", "", "alerts has no name"),
        ("modules/identity.bicep", "  tags: tags\n", "", "tags is not used"),
        ("modules/alerts.bicep", "alerts/latency.kql", "alerts/dead-letters.kql", "latency.kql: is used by nothing"),
        ("main.bicep", "var groupName =", "var pageName =", "pageName is declared twice"),
        ("management-group/onboard.json", "parameters('queueName')", "parameters('queue')", "queue is used and not"),
    ],
)
def test_a_wrong_name_is_noticed(name: str, old: str, new: str, said: str) -> None:
    found = offences(edited(name, old, new))
    assert any(said in one for one in found), found
