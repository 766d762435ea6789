"""What a template refers to."""

from muster.language.expression import Call, Text
from muster.language.template import Template


def parameter_of(template: Template) -> str:
    """The lower-cased name of the parameter that a template is nothing but; empty where it is more or less."""
    expression = template.expression
    if isinstance(expression, Call) and expression.key == "parameters" and len(expression.arguments) == 1:
        name = expression.arguments[0]
        return name.value.lower() if isinstance(name, Text) else ""
    return ""
