"""Write the pages of docs that are made from the code and the policies."""

import asyncio
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from muster.adapters.case_files import load_cases
from muster.adapters.fact_sources import load_fact_sources
from muster.adapters.policy_files import load_schemas, read_texts
from muster.cli import main
from muster.cli.command_reference import command_reference
from muster.facts.aliases import AzureAliases
from muster.facts.field_table import FIELDS
from muster.jobs.case_bench import Bench
from muster.jobs.describe_policies import describe_policies
from muster.jobs.doctor.run import reference_rows
from muster.language.lint import RULES
from muster.policy.kinds import Kind
from muster.report.checkup_page import checkup_page
from muster.report.definition_index import definition_index
from muster.report.definition_page import definition_page
from muster.report.described import Described
from muster.report.field_reference import field_reference
from muster.report.language_reference import language_reference
from muster.report.lint_reference import lint_reference

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
POLICY_PAGES = DOCS / "policies"
"""A folder of written pages only."""

AS_OF = date(2026, 11, 16)
"""The day of cases that name none, so that the pages do not change with the day on which they are written."""


def pages() -> Iterator[tuple[Path, str]]:
    """Every written page and its text."""
    yield DOCS / "reference" / "fields.md", field_reference(FIELDS)
    yield DOCS / "reference" / "language.md", language_reference()
    yield DOCS / "reference" / "cli.md", command_reference(main)
    yield DOCS / "lint" / "README.md", lint_reference(RULES)
    yield DOCS / "doctor.md", checkup_page(reference_rows())
    described = described_policies()
    yield POLICY_PAGES / "README.md", definition_index(described)
    for one in described:
        yield POLICY_PAGES / one.page, definition_page(one)


def described_policies() -> list[Described]:
    """The policies that muster ships."""
    folder = ROOT / "policies"
    loaded = load_cases(folder)
    texts, _ = read_texts(folder, tuple(kind.folder for kind in Kind))
    bench = Bench(AzureAliases(), load_fact_sources(folder), loaded.resources, loaded.recordings, AS_OF)
    return asyncio.run(describe_policies(texts, loaded.cases, load_schemas(), bench))


def write() -> None:
    """Write all pages, and remove those of definitions that are gone."""
    written = dict(pages())
    POLICY_PAGES.mkdir(exist_ok=True)
    for stale in set(POLICY_PAGES.glob("*.md")) - written.keys():
        stale.unlink()
    for path, text in written.items():
        path.write_text(text, "utf-8")


if __name__ == "__main__":
    write()
