"""The reference page of muster's own fields, from the table of them."""

from collections.abc import Iterable

from muster.facts.field_table import Field

HEAD = """\
# muster's own fields

Written by `scripts/write-reference.py` from `muster/facts/field_table.py`; edits here are lost.

A rule reads these fields like aliases, on virtual machines, scale sets, their instances and gallery images. Dates are
days in UTC (`YYYY-MM-DD`): compare them with `[substring(utcNow(), 0, 10)]`, or ask for the days that are left. The
last day of support still counts as supported.

- **Unknown** is a state of its own: a condition on a field whose value is unknown is unknown, and so is everything that
  depends on it. A field that is marked *always known* never is, so that a rule can ask whether anything is known.
- **Missing** is what is known not to exist. A condition on it answers as Azure Policy answers for a missing property.
- What the catalogue does not say of a trait is unknown.
- `Muster.Network` is about virtual machines; on everything else it is unknown. What comes through a load balancer is
  not read, and what Azure Virtual Network Manager decides only with [effective rules](../azure.md#open-ports).
"""


def field_reference(fields: Iterable[Field]) -> str:
    """The page in Markdown, with a line end at its end."""
    sections: dict[str, list[Field]] = {}
    for field in fields:
        room, _, name = field.name.partition("/")
        sections.setdefault(f"{room}/traits" if name.startswith("traits.") else room, []).append(field)
    parts = [HEAD]
    for title, members in sections.items():
        rows = "\n".join(map(_row, members))
        parts.append(f"\n## {title}\n\n| field | type | what it says | missing when |\n|---|---|---|---|\n{rows}\n")
    return "".join(parts)


def _row(field: Field) -> str:
    values = f": {', '.join(f'`{value}`' for value in field.values)}" if field.values else ""
    always = " *Always known.*" if field.always_known else ""
    clock = " Follows from the day on which it is asked." if field.from_clock else ""
    return f"| `{field.name}` | {field.type} | {field.meaning}{values}.{always}{clock} | {field.absent or 'never'} |"
