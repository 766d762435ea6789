"""The documented limits of Azure Policy and of template expressions.

Source: learn.microsoft.com/azure/governance/policy/overview (maximum count of Azure Policy objects) and
learn.microsoft.com/azure/azure-resource-manager/templates/best-practices; run-time bounds as Azure Policy's
documentation gives them for template functions.
"""

IF_CONDITIONS = 4096
THEN_CONDITIONS = 128
FUNCTIONS_IN_RULE = 2048
FUNCTION_ARGUMENTS = 128
CONDITION_DEPTH = 64
EXPRESSION_DEPTH = 64
EXPRESSION_CHARACTERS = 81_920
FIELD_COUNTS_PER_ARRAY = 5
VALUE_COUNTS_PER_RULE = 10
VALUE_COUNT_ITERATIONS = 100
NESTED_ITERATIONS = 200_000
"""muster's own: members that counts inside one count may look at, a second's work. Azure bounds the time instead."""
