"""field() for a member that a count is at, which gives an array of one."""

from collections.abc import Iterator

from muster.language.analysis.leaves import field_named
from muster.language.analysis.possible import stars_bound
from muster.language.expression import Call
from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level

_OF_ARRAYS = frozenset({"contains", "exists", "in"})


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        for template in leaf.templates:
            call = template.expression
            if not isinstance(call, Call) or call.key != "field" or leaf.positive in _OF_ARRAYS:
                continue
            name = field_named(call)
            if name is not None and stars_bound(name.value.lower(), leaf.place.counts):
                yield Finding(
                    template.pointer,
                    f"Inside of a count field({quoted(name.value)}) gives an array with the one member that is being "
                    "counted, and an array never equals a single value.",
                    f"Write current({quoted(name.value)}), which gives the member itself.",
                    column=call.column,
                )


RULE = LintRule(
    "field-function-on-member", Level.WARNING, "field() inside of a count gives an array, not the member.", _check
)
