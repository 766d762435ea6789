"""Tell of each definition of a policies folder what its reference page needs: its cases as they came out, the
initiatives that include it, and what Azure Policy would not take."""

from collections.abc import Iterator, Mapping

from muster.facts.vocabulary import VOCABULARY
from muster.jobs.case_bench import Bench, CaseSubject
from muster.language.definition import Definition
from muster.language.lint import lint
from muster.language.lint.rule import Target
from muster.policy.cases import CaseFile
from muster.policy.directory import Directory, Entry
from muster.policy.files import ReadPolicies, read_policy_files, settle
from muster.policy.initiative import Initiative
from muster.policy.schemas import PolicySchemas
from muster.report.described import Described, Example, Membership
from muster.values.diagnostic import Level
from muster.values.errors import BrokenPolicySet


async def describe_policies(
    files: Mapping[str, str], cases: list[CaseFile], schemas: PolicySchemas, bench: Bench
) -> list[Described]:
    """All definitions in the order of their files. `files` has texts by path below the policies folder.

    Raises BrokenPolicySet with the faults of all files, or with those of a definition's cases that fail.
    """
    read = read_policy_files(files, schemas)
    settle([*read.remarks, *read.references])
    by_name = {one.definition.lower(): one for one in cases}
    return [
        await _described(entry, entry.value, read, by_name.get(entry.value.name.lower()), bench)
        for entry in read.definitions.entries
        if entry.value is not None
    ]


async def _described(
    entry: Entry[Definition], definition: Definition, read: ReadPolicies, cases: CaseFile | None, bench: Bench
) -> Described:
    file = entry.item.source.name
    folders = file.split("/")[1:-1]
    found = lint(definition, bench.aliases, VOCABULARY, Target.AZURE_POLICY)
    return Described(
        definition=definition,
        area=folders[0] if folders else "",
        file=file,
        cases=cases.source.name if cases is not None else "",
        examples=await _examples(CaseSubject(definition, entry.item, bench), cases),
        memberships=tuple(
            member for one in read.initiatives for member in _memberships(one, definition, read.definitions)
        ),
        obstacles=tuple(one for one in found if one.level is Level.ERROR),
    )


async def _examples(subject: CaseSubject, cases: CaseFile | None) -> tuple[Example, ...]:
    """The first case of each state."""
    found: dict[str, Example] = {}
    for case in cases.cases if cases is not None else ():
        if case.expect not in found:
            assert cases is not None
            outcome = await subject.run(case, cases.source.name)
            if outcome.failure is not None:
                raise BrokenPolicySet([outcome.failure])
            found[case.expect] = Example(case, case.expect, outcome.reasons)
    return tuple(found.values())


def _memberships(
    initiative: Initiative, definition: Definition, definitions: Directory[Definition]
) -> Iterator[Membership]:
    titles = {
        str(group.get("name", "")).lower(): str(group.get("displayName") or group.get("name", ""))
        for group in initiative.item.objects("policyDefinitionGroups")
    }
    for reference in initiative.references:
        found = definitions.find(reference.definition, reference.version).entry
        if found is not None and found.value is definition:
            groups = tuple(titles.get(name.lower(), name) for name in reference.groups)
            yield Membership(initiative.item.name, initiative.display_name, groups)
