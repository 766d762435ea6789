"""Values that an initiative passes to its definitions: templates over the initiative's own parameters."""

from collections.abc import Mapping

from muster.facts.alias_file import RawPaths
from muster.language.environment import Environment, Fields, Remarks
from muster.language.evaluate import compile_template
from muster.language.expression import ExpressionFault
from muster.language.template import Template, parse_template
from muster.values.errors import TemplateError
from muster.values.json import Json


def passed_value(value: Json, parameters: Mapping[str, Json]) -> Json:
    """A value with its expressions evaluated; `parameters` by lower-cased name.

    Raises TemplateError where an expression is malformed, fails, or needs a resource.
    """
    try:
        return template_value(parse_template(value, ""), parameters)
    except ExpressionFault as fault:
        text = str(fault).rstrip(".")
        raise TemplateError(text[:1].lower() + text[1:]) from fault


def template_value(template: Template, parameters: Mapping[str, Json]) -> Json:
    """As passed_value, for a parsed template."""
    environment = Environment(Fields(RawPaths()), parameters, {}, Remarks())
    evaluate, constant = compile_template(template, environment)
    if not constant:
        raise TemplateError("it needs a resource, and there is none where an initiative is assigned")
    return evaluate(None)  # type: ignore[arg-type] # a constant reads no frame
