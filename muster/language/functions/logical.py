"""not, and the constants that expressions have no words for."""

from muster.language.functions.arguments import boolean
from muster.language.functions.function import strict
from muster.values.json import Json


def negated(arg: Json) -> Json:
    """Booleans only."""
    return not boolean(arg, "arg1")


ROWS = (
    strict("false()", lambda: False, "Returns false."),
    strict("not(arg1)", negated, "Returns the opposite of a boolean."),
    strict("null()", lambda: None, "Returns null."),
    strict("true()", lambda: True, "Returns true."),
)
