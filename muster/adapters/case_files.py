"""The cases of a policies folder, with all that they are run with."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from muster.adapters.policy_files import own_policies, read_texts
from muster.adapters.recorded_azure import RecordedAzure
from muster.adapters.resource_files import read_resources
from muster.jobs.test_policies import CASES, read_cases
from muster.policy.cases import CaseFile, CaseReader
from muster.policy.kinds import Kind
from muster.values.answers import FoundMany, ListAnswer, NotRead
from muster.values.diagnostic import Diagnostic
from muster.values.document import RelatedQuery
from muster.values.errors import InvalidResourceId
from muster.values.json import JsonObject
from muster.values.resource_id import ResourceId


@dataclass(frozen=True)
class LoadedCases:
    """Texts of definitions and cases by path below the policies folder, the cases that could be read, what is wrong
    with files, and the bodies that cases name by those names. `folders` are those that resources were read from."""

    texts: Mapping[str, str]
    cases: list[CaseFile]
    faults: tuple[Diagnostic, ...]
    resources: Mapping[str, JsonObject]
    recorded: Mapping[ResourceId, JsonObject]
    folders: frozenset[Path]

    def recordings(self, related: Sequence[JsonObject] | None, now: datetime) -> RecordedAzure:
        """The Azure of a case (muster/jobs/case_bench.py): the recorded resources beside those that cases name, or,
        where a case says which related resources there are, these and no others."""
        if related is None:
            return RecordedAzure(self.recorded, lambda: now)
        return _Whole(_by_id(related), now)


class _Whole(RecordedAzure):
    """A recording of everything that there is: what is not in it does not exist."""

    def __init__(self, bodies: Mapping[ResourceId, JsonObject], now: datetime) -> None:
        super().__init__(bodies, lambda: now)
        self._now = now

    async def related(self, query: RelatedQuery) -> ListAnswer:
        """See AzureReader.related."""
        answer = await super().related(query)
        return FoundMany((), self._now) if isinstance(answer, NotRead) else answer


def load_cases(policies: Path) -> LoadedCases:
    """Read definitions/ and cases/ of a policies folder, and the resources that cases name, which are in files relative
    to the folder that the policies folder lies in."""
    texts, unread = read_texts(policies, (Kind.DEFINITION.folder, CASES))
    cases, faults = read_cases(texts, case_reader())
    beside = policies.resolve().parent
    named = {case.resource_file for one in cases for case in one.cases if case.resource_file}
    resources = {name: body for name in sorted(named) if (body := _body(beside / name)) is not None}
    folders = frozenset((beside / name).parent for name in resources)
    recorded = _by_id([found.body for found in read_resources(sorted(folders)).resources])
    return LoadedCases(texts, cases, (*unread, *faults), resources, recorded, folders)


def case_reader() -> CaseReader:
    """Reads files of cases by muster's own schema."""
    return CaseReader(json.loads((own_policies() / "schemas" / f"{CASES}.schema.json").read_text("utf-8")))


def _body(path: Path) -> JsonObject | None:
    if not path.is_file():
        return None
    found = read_resources([path]).resources
    return found[0].body if len(found) == 1 else None


def _by_id(bodies: Sequence[JsonObject]) -> dict[ResourceId, JsonObject]:
    """Bodies by their ids; one whose id is none can't be asked for."""
    found = {}
    for body in bodies:
        try:
            found[ResourceId.parse(body.get("id"))] = body
        except InvalidResourceId:
            continue
    return found
