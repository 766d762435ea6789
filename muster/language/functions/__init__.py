"""The template functions of policy rules, one table for the evaluator, the linter and the reference.

All template functions of Azure Resource Manager but those in EXCLUDED, and those that only rules have. Semantics:
learn.microsoft.com/azure/azure-resource-manager/templates/template-functions and, where it is silent, Microsoft's own
policy linter. To add one: a function and a row in the ROWS of its family, and a file of cases in the tests.
"""

from collections.abc import Mapping

from muster.language.functions import (
    arrays,
    comparison,
    contextual,
    conversion,
    dates,
    encoding,
    formatting,
    hashing,
    logical,
    network,
    numbers,
    objects,
    sequences,
    sets,
    strings,
)
from muster.language.functions.excluded import EXCLUDED
from muster.language.functions.function import ContextualFunction, TemplateFunction

_FAMILIES = (
    arrays,
    comparison,
    conversion,
    dates,
    encoding,
    formatting,
    hashing,
    logical,
    network,
    numbers,
    objects,
    sequences,
    sets,
    strings,
)

FUNCTIONS: Mapping[str, TemplateFunction] = {row.name.lower(): row for family in _FAMILIES for row in family.ROWS}
"""Lower-cased name -> function."""

CONTEXTUAL: Mapping[str, ContextualFunction] = {row.name.lower(): row for row in contextual.ROWS}
"""Lower-cased name -> signature of a function that the evaluator works out itself."""

__all__ = ["CONTEXTUAL", "EXCLUDED", "FUNCTIONS", "ContextualFunction", "TemplateFunction"]
