"""Write the pages of docs/reference that are made from the code."""

from pathlib import Path

from muster.facts.field_table import FIELDS
from muster.report.field_reference import field_reference

REFERENCE = Path(__file__).parent.parent / "docs" / "reference"

(REFERENCE / "fields.md").write_text(field_reference(FIELDS), "utf-8")
