"""Write the pages of docs that are made from the code."""

from pathlib import Path

from muster.facts.field_table import FIELDS
from muster.jobs.doctor.run import reference_rows
from muster.language.lint import RULES
from muster.report.checkup_page import checkup_page
from muster.report.field_reference import field_reference
from muster.report.lint_reference import lint_reference

DOCS = Path(__file__).parent.parent / "docs"

(DOCS / "reference" / "fields.md").write_text(field_reference(FIELDS), "utf-8")
(DOCS / "lint" / "README.md").write_text(lint_reference(RULES), "utf-8")
(DOCS / "doctor.md").write_text(checkup_page(reference_rows()), "utf-8")
