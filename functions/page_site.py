"""The templates and assets of the page, as they lie in muster/web."""

from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from muster.report.visible import visible
from muster.web.links import WORDS, resource_address
from muster.web.site import Site


def load_site() -> Site:
    """The pages, ready to answer. Everything that a template shows is escaped, and what can't be printed is shown as
    an escape, so that no name hides or turns round what stands beside it."""
    environment = Environment(
        loader=PackageLoader("muster.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters["words"] = lambda value: WORDS.get(value, value)
    environment.filters["number"] = lambda value: f"{value:,}"
    environment.filters["instant"] = lambda value: f"{str(value)[:10]} {str(value)[11:16]}"
    environment.filters["days"] = _days
    environment.filters["age"] = _age
    environment.globals["resource_address"] = resource_address
    assets = files("muster.web") / "assets"
    return Site(
        {name: environment.get_template(name) for name in environment.list_templates(["html"])},
        {item.name: item.read_bytes() for item in assets.iterdir() if item.is_file()},
    )


def _shown(value: object) -> object:
    return value if isinstance(value, Markup) or not isinstance(value, str) else visible(value)


def _days(count: int) -> str:
    """`12 days`, `3 years, 2 months`; without a sign."""
    left = abs(count)
    if left < 90:
        return f"{left} day{'s' * (left != 1)}"
    months = round(left / 30.44)
    if months < 24:
        return f"{months} months"
    years, months = divmod(months, 12)
    return f"{years} years" + (f", {months} month{'s' * (months != 1)}" if months else "")


def _age(seconds: int) -> str:
    """`12 seconds`, `3 minutes`, `2 hours`."""
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' * (count != 1)}"
    return f"{seconds} second{'s' * (seconds != 1)}"
