"""The functions that the evaluator works out itself, for their arity and the reference."""

from muster.language.functions.function import contextual

ROWS = (
    contextual("and(arg1, arg2, ...)", "Tells whether all of several booleans are true."),
    contextual("coalesce(arg1, ...)", "Returns the first argument that is not null, or null."),
    contextual("current(indexName?)", "Returns the member that the count around it is at, or a property of it."),
    contextual("field(fieldName)", "Returns the value of a field of the resource that the rule is about."),
    contextual("if(condition, trueValue, falseValue)", "Returns one of two values; the other is not worked out."),
    contextual("or(arg1, arg2, ...)", "Tells whether any of several booleans is true."),
    contextual("parameters(parameterName)", "Returns the value of a parameter."),
    contextual("policy()", "Returns the ids of the assignment, the definition and the initiative at work."),
    contextual("requestContext()", "Returns the API version, and the caller, of the request that is judged."),
    contextual("resourceGroup()", "Returns the resource group of the resource that the rule is about."),
    contextual("subscription()", "Returns the subscription of the resource that the rule is about."),
    contextual("utcNow()", "Returns the time of the evaluation, as 2026-01-31T12:00:00.0000000Z."),
)
