"""Rules that know machines by the names of their images."""

import re
from collections.abc import Iterator

from muster.language.lint.linted import Linted
from muster.language.lint.rule import Finding, LintRule, quoted
from muster.values.diagnostic import Level

_NAME = re.compile(
    r"microsoft\.compute/image(publisher|offer|sku)"
    r"|microsoft\.compute/.*imagereference\.(publisher|offer|sku)"
    r"|muster\.image/(publisher|offer|sku)",
    re.IGNORECASE,
)
_LOOKING = frozenset({"equals", "in", "like", "contains", "match", "matchInsensitively"})


def _check(linted: Linted) -> Iterator[Finding]:
    for leaf in linted.leaves:
        if leaf.looks_for and leaf.positive in _LOOKING and not leaf.place.related and _NAME.fullmatch(leaf.field):
            yield Finding(
                leaf.comparison.subject.pointer,
                f"The rule knows its machines by {quoted(leaf.field)}. It silently skips every image that it does not "
                "name: newer releases, other publishers, your own galleries.",
                "Ask for the system, or for Muster.Image/product, which is known of other images, too.",
            )
            return


RULE = LintRule("image-names-only", Level.NOTE, "A rule skips every image whose name it does not list.", _check)
