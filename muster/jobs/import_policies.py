"""Read policies as a tenant, or Azure's own repository, has them: what they are, what muster can do with them, and the
files of a policies folder that they make."""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from muster.facts.vocabulary import VOCABULARY
from muster.jobs.lint_policies import LintBench, lint_folder
from muster.language.source import Source, read_json
from muster.policy.exported import Exported, read_export
from muster.policy.kinds import Kind, parse_policy_id
from muster.policy.layout import Layout, lay_out
from muster.policy.survey import Machine, Surveyed, survey
from muster.policy.usable import STAND_IN_PATH, Usable, usable
from muster.report.import_report import Imported, ImportedDefinition, LeftOut
from muster.values.document import RelatedQuery

if TYPE_CHECKING:
    from muster.values.diagnostic import Diagnostic

LARGER = 4
"""How much larger than what a person writes an export may be: the list of all definitions has some 40 MB."""


def import_policies(
    texts: Mapping[str, str],
    bench: LintBench,
    machines: Iterable[Machine],
    hindrance: Callable[[RelatedQuery], str],
    *,
    against: str,
    counts_machines: bool,
) -> Imported:
    """Import the policies in some files, by name.

    `machines` run the images that definitions are held against, `against` is what a sentence calls them, and with
    `counts_machines` their number means something. `hindrance` says why a look-up can't be answered, "" where it can.
    """
    items: list[Exported] = []
    others: dict[str, int] = {}
    faults: list[Diagnostic] = []
    for name, text in texts.items():
        source = Source(name, text)
        value, wrong = read_json(source, larger=LARGER)
        faults += wrong
        if not wrong:
            found = read_export(source, value, bench.schemas)
            items += found.items
            faults += found.faults
            for what, count in found.others.items():
                others[what] = others.get(what, 0) + count
    layout = lay_out(items)
    result = usable(layout.files, bench.schemas)
    surveyed = _surveyed(result, machines, bench, hindrance)
    linted = lint_folder(layout.files, bench)
    return Imported(
        files_read=len(texts),
        read={kind: sum(item.kind is kind for item in layout.items.values()) for kind in Kind},
        usable={
            kind: sum(item.kind is kind and path in result.files for path, item in layout.items.items())
            for kind in Kind
        },
        repeated=layout.repeated,
        others=others,
        definitions=tuple(ImportedDefinition(layout.items[path], one) for path, one in surveyed.items()),
        left_out=tuple(_left_out(layout, result)),
        faults=(*faults, *layout.faults),
        diagnostics=tuple(map(layout.told, linted.diagnostics)),
        files=_worth_keeping(result, surveyed),
        machines=against,
        counts_machines=counts_machines,
    )


def _surveyed(
    result: Usable, machines: Iterable[Machine], bench: LintBench, hindrance: Callable[[RelatedQuery], str]
) -> dict[str, Surveyed]:
    """The usable definitions by file."""
    own = [one for one in result.policies.definitions if one.source.name != STAND_IN_PATH]
    found = survey(own, machines, bench.aliases, VOCABULARY, hindrance)
    return {one.standing.definition.source.name: one for one in found}


def _left_out(layout: Layout, result: Usable) -> Iterable[LeftOut]:
    for partly, faults_by_path in ((False, result.left_out), (True, result.replaced)):
        for path, faults in sorted(faults_by_path.items()):
            item = layout.items.get(path)
            if item is not None and not (partly and path in result.left_out):
                yield LeftOut(item, tuple(map(layout.told, faults)), partly)


def _worth_keeping(result: Usable, surveyed: Mapping[str, Surveyed]) -> dict[str, str]:
    """All but the definitions that are for nothing that muster judges and that nothing refers to."""
    policies = result.policies
    named = {_key(one.target) for one in (policy.assignment for policy in policies.policies)}
    named |= {_key(reference.definition) for one in policies.initiatives for reference in one.references}
    kept = {}
    for path, text in result.files.items():
        one = surveyed.get(path)
        if one is not None and not one.standing.types:
            definition = one.standing.definition
            if not {_key(definition.id), definition.name.lower()} & named:
                continue
        kept[path] = text
    return kept


def _key(reference: str) -> str:
    policy_id = parse_policy_id(reference)
    return policy_id.key if policy_id else reference.strip().lower()
