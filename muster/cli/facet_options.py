"""The facets of the page as options of the command line."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, TypeVar

import click

from muster.values.selection import PHASES, SKIPS_IMAGE, Facet, Selection
from muster.values.states import Severity, State

if TYPE_CHECKING:
    from muster.facts.catalogue import Catalogue
    from muster.values.json import JsonObject
    from muster.values.listing import Lifetime

Command = TypeVar("Command", bound=Callable[..., object])

_HELP: Mapping[Facet, tuple[str, Sequence[str]]] = {
    Facet.STATE: ("State of the resource.", tuple(map(str, State))),
    Facet.SEVERITY: ("Severity of a result that is NonCompliant, Error or Unknown.", tuple(map(str, Severity))),
    Facet.POLICY: ("Policy with such a result, by its reference or definition.", ()),
    Facet.CONTROL: ("Control with such a result: a group of its initiative, '(none)' for none.", ()),
    Facet.DISTRIBUTION: ("Product: ubuntu, rhel.", ()),
    Facet.RELEASE: ("Product and release: 'ubuntu 22.04'.", ()),
    Facet.PHASE: ("Phase of support on the day --as-of.", PHASES),
    Facet.SUBSCRIPTION: ("Id of a subscription.", ()),
    Facet.RESOURCE_GROUP: ("Name of a resource group.", ()),
    Facet.LOCATION: ("Location.", ()),
    Facet.OWNER: ("Value of the owner tag, '(none)' for none.", ()),
}


_OF_RESULTS: Mapping[Facet, tuple[str, Sequence[str]]] = {
    Facet.STATE: ("State of the result.", (*map(str, State), SKIPS_IMAGE)),
    Facet.SEVERITY: ("Severity of the result.", tuple(map(str, Severity))),
    Facet.POLICY: ("Policy, by its reference or definition.", ()),
    Facet.CONTROL: ("Control: a group of the policy's initiative, '(none)' for none.", ()),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the options say."""

    selection: Selection
    owner_tag: str


def facet_options(command: Command) -> Command:
    """Add the options that choose resources, as the page's list of resources does, to a command, whose keyword
    parameters get them as `wanted_of` takes them."""
    return _with_options(command, _HELP)


def result_facet_options(command: Command) -> Command:
    """As `facet_options`, but they choose results, as the page's list of findings does."""
    return _with_options(command, {**_HELP, **_OF_RESULTS})


def _with_options(command: Command, described: Mapping[Facet, tuple[str, Sequence[str]]]) -> Command:
    command = click.option("--owner-tag", default="owner", show_default=True, help="Tag that says whose it is.")(
        command
    )
    command = click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Day (UTC) of phases; today.")(command)
    command = click.option("--search", default="", help="Words that begin so, in ids, owners and tags.")(command)
    for facet in reversed(Facet):
        text, values = described[facet]
        kind = click.Choice(values, case_sensitive=False) if values else None
        command = click.option(option_of(facet), f"facet_{facet.name.lower()}", multiple=True, type=kind, help=text)(
            command
        )
    return command


def option_of(facet: Facet) -> str:
    """The option of a facet."""
    return "--resource-group" if facet is Facet.RESOURCE_GROUP else f"--{facet}"


def wanted_of(options: Mapping[str, object]) -> Wanted:
    """What the options of `facet_options` say."""
    chosen: dict[Facet, tuple[str, ...]] = {}
    for facet in Facet:
        values = options.get(f"facet_{facet.name.lower()}")
        if isinstance(values, tuple) and values:
            lower = facet in (Facet.SUBSCRIPTION, Facet.RESOURCE_GROUP, Facet.LOCATION, Facet.POLICY)
            chosen[facet] = tuple(value.lower() if lower else value for value in values)
    day = options.get("as_of")
    as_of = day.date() if isinstance(day, datetime) else None
    return Wanted(Selection(chosen, str(options.get("search") or ""), as_of=as_of), str(options["owner_tag"]))


def chosen_findings(
    findings: "Sequence[JsonObject]", wanted: Wanted, catalogue: "Catalogue"
) -> "tuple[list[JsonObject], int]":
    """The findings that are wanted, by an index of them as the page has it, and how many could not be read."""
    if not wanted.selection.narrowed:
        return list(findings), 0
    from dataclasses import replace

    from muster.adapters.index_file import IndexFile, open_file
    from muster.adapters.index_reader import IndexReader
    from muster.jobs.index_entry import index_entry
    from muster.jobs.lifetimes import lifetime
    from muster.values.errors import BadInput

    damaged = 0
    by_id: dict[str, JsonObject] = {}
    with TemporaryDirectory(prefix="muster-") as folder:
        path = Path(folder) / "index.sqlite"
        file = IndexFile(open_file(path, writable=True))
        for finding in findings:
            try:
                entry = index_entry(finding, owner_tag=wanted.owner_tag)
            except BadInput:
                damaged += 1
                continue
            by_id[entry.id] = finding
            file.put(entry.id.lower(), "", entry)
        file.commit()
        file.close()

        def lifetimes(system: "JsonObject", day: date) -> "Lifetime":
            return lifetime(system, catalogue, day)

        reader = IndexReader(open_file(path), lifetimes)
        selection = replace(wanted.selection, size=max(len(by_id), 1))
        rows = reader.resources(selection, None, datetime.now(UTC).date()).rows
        reader.close()
    return [by_id[row.id] for row in rows], damaged
