"""Two policy sets as one judge."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from muster.adapters.policies_together import PoliciesTogether
from muster.adapters.policy_files import load_schemas
from muster.facts.aliases import AzureAliases
from muster.policy.bound import BoundPolicySet, bind
from muster.policy.files import load_policy_files
from muster.values.document import Document
from muster.values.surroundings import Surrounding
from tests.policy import exports

NOW = datetime(2026, 11, 28, tzinfo=UTC)
MACHINE = Document({"id": f"{exports.GROUP}/providers/{exports.MACHINE}/vm", "name": "vm", "type": exports.MACHINE})


def judge(*bodies: dict[str, Any]) -> BoundPolicySet:
    folders = {"policyDefinitions": "definitions", "policyAssignments": "assignments", "policyExemptions": "exemptions"}
    files = {f"{folders[one['type'].split('/')[1]]}/{one['name']}.json": json.dumps(one) for one in bodies}
    return bind(load_policy_files(files, load_schemas()), AzureAliases())


def looked_up(kind: str, delay: str, name: str) -> dict[str, Any]:
    details = {"type": f"{exports.MACHINE}/{kind}", "evaluationDelay": delay}
    then = {"effect": "auditIfNotExists", "details": details}
    return exports.definition(name, policyRule={**exports.rule(), "then": then})


ONE, OTHER = looked_up("extensions", "PT10M", "one"), looked_up("runCommands", "PT30M", "other")
OF_ONE = exports.assignment("of-one", str(ONE["id"]))
OF_OTHER = exports.assignment("of-other", str(OTHER["id"]), "/providers/Microsoft.Management/managementGroups/g")
ENDS = exports.exemption("ends", str(OF_ONE["id"]), expiresOn="2026-12-01T00:00:00Z")


def both() -> PoliciesTogether:
    return PoliciesTogether(judge(ONE, OF_ONE, ENDS), judge(OTHER, OF_OTHER))


def test_both_are_asked_and_both_answer() -> None:
    found = both()
    document = Document(MACHINE.resource, management_groups=("g",), now=NOW)
    assert [result.rule.assignment_id for result in found.evaluate(document, NOW).results] == [
        OF_ONE["id"],
        OF_OTHER["id"],
    ]
    assert found.needs(document).surroundings == {Surrounding.MANAGEMENT_GROUPS}
    kinds = [query.resource_type.rpartition("/")[2] for query in found.related_queries(document)]
    assert kinds == ["extensions", "runcommands"]
    assert found.evaluation_delay(document) == timedelta(minutes=30)
    assert [end.id for end in found.exemptions_ending(datetime(2027, 1, 1, tzinfo=UTC))] == [ENDS["id"]]


def test_what_either_is_about_is_judged() -> None:
    disks = {"if": {"field": "type", "equals": "Microsoft.Compute/disks"}, "then": {"effect": "audit"}}
    third = exports.definition("third", policyRule=disks)
    found = PoliciesTogether(judge(ONE, OF_ONE), judge(third, exports.assignment("of-third", str(third["id"]))))
    types = (exports.MACHINE.lower(), "microsoft.compute/disks", "a.b/c")
    assert [found.judges(one) for one in types] == [True, True, False]


def test_an_assignment_that_both_have_counts_once_as_the_first_has_it() -> None:
    mine = exports.assignment("of-one", str(OTHER["id"]))
    found = PoliciesTogether(judge(OTHER, mine), judge(ONE, OF_ONE)).evaluate(MACHINE, NOW)
    assert [result.rule.definition_id for result in found.results] == [OTHER["id"]]


def test_the_version_is_another_where_either_is() -> None:
    first, second, third = judge(ONE, OF_ONE), judge(OTHER, OF_OTHER), judge(OTHER)
    versions = {
        PoliciesTogether(one, other).version
        for one, other in ((first, second), (first, third), (second, first), (third, second))
    }
    assert len(versions) == 4


def test_a_look_up_that_both_need_is_made_once() -> None:
    once = judge(ONE, OF_ONE)
    assert len(PoliciesTogether(once, judge(ONE, OF_ONE)).related_queries(MACHINE)) == 1
