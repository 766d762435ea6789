"""The formats that findings are exported in, by name, with what they load."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

import muster
from muster.report.csv_findings import CsvExport
from muster.report.export import Export, JsonExport, JsonLinesExport
from muster.report.html_findings import HtmlExport
from muster.report.ocsf import OcsfExport
from muster.report.sarif import SarifExport


def new_export(form: str, made_at: datetime, titles: Mapping[str, str]) -> Export:
    """An export in a format of EXPORT_FORMATS. A report carries `made_at`; `titles` names products (`ubuntu` ->
    `Ubuntu`)."""
    match form:
        case "json":
            return JsonExport()
        case "jsonl":
            return JsonLinesExport()
        case "csv":
            return CsvExport()
        case "sarif":
            return SarifExport(muster.__version__)
        case "ocsf":
            return OcsfExport(muster.__version__)
        case _:
            return HtmlExport(_report_template(), made_at, titles)


@cache
def _report_template() -> Template:
    environment = Environment(
        loader=PackageLoader("muster.report"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    return environment.get_template("findings.html")
