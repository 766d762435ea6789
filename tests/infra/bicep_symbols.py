"""What a Bicep compiler would refuse, as far as it follows from names: symbols, modules, parameters, outputs, files."""

import json
import re
from collections.abc import Iterator
from typing import Any

from lark.exceptions import LarkError
from pycep.models import BicepElement

from tests.infra.bicep import Sources, Template, body, functions, names, outputs_used, parsed, templates

_NAMES = (
    "concat deployment empty environment filter guid join load_json_content load_text_content management_group replace"
    " resource_group split starts_with subscription subscription_resource_id take tenant to_lower union unique_string"
)

DEPLOYMENTS = frozenset({"main.bicep", "main.parameters.json"})

FUNCTIONS = frozenset(_NAMES.split())
"""The functions that are used, as the parser names them; each is one of Bicep's own
(learn.microsoft.com/azure/azure-resource-manager/bicep/bicep-functions)."""

_DECLARATION = re.compile(r"^(?:param|var|resource|module) (\w+)", re.MULTILINE)

KINDS = ("parameters", "variables", "resources", "modules")
_NESTED = {
    "resourceGroup": {"resourceGroup"},
    "subscription": {"subscription", "resourceGroup"},
    "managementGroup": {"managementGroup", "subscription", "resourceGroup"},
}


def offences(given: Sources) -> list[str]:
    """What is wrong, each as `file: what`."""
    found = [f"{name}: {what}" for name, text in given.items() for what in _unread(name, text)]
    if found:
        return found
    known = templates(given)
    for name, template in known.items():
        found += [f"{name}: {what}" for what in _wrong(template, known, given)]
    found += [f"{name}: {what}" for name, text in given.items() for what in _arm(name, text)]
    return found + [f"{name}: is used by nothing" for name in _unused(known, given)]


def _unused(known: dict[str, Template], given: Sources) -> set[str]:
    """Files that are no deployment of their own (docs/install.md) and that none takes in."""
    used: set[str] = set()
    for template in known.values():
        paths = [str(one["detail"]["path"]) for one in template.part("modules").values()]
        used.update(template.beside(path) for path in (*paths, *_loads(template.tree)))
    return {name for name in given if name.rpartition("/")[2] not in DEPLOYMENTS} - used


def _unread(name: str, text: str) -> Iterator[str]:
    try:
        if name.endswith(".bicep"):
            parsed(text)
        elif name.endswith(".json"):
            json.loads(text)
    except (LarkError, ValueError) as error:
        yield f"can't be read: {str(error).splitlines()[0]}"


def _wrong(template: Template, known: dict[str, Template], given: Sources) -> Iterator[str]:
    declared = _DECLARATION.findall(given[template.name])
    # The parser keeps the last of two.
    yield from (f"{name} is declared twice" for name in {one for one in declared if declared.count(one) > 1})
    used: set[str] = set()
    for kind in (*KINDS, "outputs"):
        for name, one in template.part(kind).items():
            values = [one.get(key) for key in ("default", "value", "config")]
            referred = set(names(values))
            used |= referred
            yield from (f"{name} refers to {missing}, which is not there" for missing in referred - set(declared))
            unknown = set(functions(values)) - FUNCTIONS
            yield from (f"{name} calls {function}, which is not known" for function in unknown)
            missing_files = [path for path in _loads(values) if template.beside(path) not in given]
            yield from (f"{name} loads {path}, which is not there" for path in missing_files)
            yield from _output_offences(name, values, template, known)
            if kind in ("parameters", "outputs") and not _described(one):
                yield f"{name} has no description"
            if kind in ("resources", "modules") and "name" not in body(one["config"]):
                yield f"{name} has no name"
    unused = {name for kind in ("parameters", "variables") for name in template.part(kind)} - used
    yield from (f"{name} is not used" for name in unused)
    for name, module in template.part("modules").items():
        yield from (f"{name} {what}" for what in _module_offences(module, template, known))


def _described(one: dict[str, Any]) -> bool:
    return any(decorator["type"] == "description" and decorator["argument"] for decorator in one["decorators"])


def _loads(node: Any) -> Iterator[str]:
    match node:
        case {"function": {"type": "load_json_content" | "load_text_content", "parameters": {"file_path": path}}}:
            yield str(path)
        case dict():
            for value in node.values():
                yield from _loads(value)
        case list():
            for value in node:
                yield from _loads(value)


def _output_offences(name: str, node: Any, template: Template, known: dict[str, Template]) -> Iterator[str]:
    for module, output in outputs_used(node):
        called = template.part("modules").get(module)
        target = called and known.get(template.beside(called["detail"]["path"]))
        if target and output not in target.part("outputs"):
            yield f"{name} takes {module}.outputs.{output}, which {target.name} does not give"


def _module_offences(module: dict[str, Any], template: Template, known: dict[str, Template]) -> Iterator[str]:
    target = known.get(template.beside(module["detail"]["path"]))
    if target is None:
        yield f"is of {module['detail']['path']}, which is not there"
        return
    config = body(module["config"])
    given = set(config.get("params", {}))
    takes = target.part("parameters")
    needs = {name for name, parameter in takes.items() if parameter["default"] is None}
    yield from (f"gives {name}, which {target.name} does not take" for name in given - set(takes))
    yield from (f"lacks {name}, which {target.name} needs" for name in needs - given)
    for name in given & set(takes):
        allowed = [decorator["argument"] for decorator in takes[name]["decorators"] if decorator["type"] == "allowed"]
        wrong = [value for value in _literals(config["params"][name]) if allowed and value not in allowed[0]]
        yield from (f"gives {value!r} as {name}, which {target.name} does not allow" for value in wrong)
    if target.scope not in _NESTED[template.scope]:
        yield f"is of the scope {target.scope}, which can't be reached from {template.scope}"
    if target.scope != template.scope and "scope" not in config:
        yield f"has no scope, and {target.name} is of the scope {target.scope}"


def _literals(node: Any) -> Iterator[Any]:
    """What an argument is, or may be, where the file says that outright."""
    match node:
        case {"operator": {"type": "conditional", "operands": {"true_value": first, "false_value": second}}}:
            yield from _literals(first)
            yield from _literals(second)
        case str() if not isinstance(node, BicepElement) and "${" not in node:
            yield node
        case int():
            yield node


def _arm(name: str, text: str) -> Iterator[str]:
    """Parameters of the templates in an ARM template that are used and not declared, or declared and not used."""
    value = json.loads(text) if name.endswith(".json") else None
    if isinstance(value, dict) and "resources" in value:
        yield from _template(value)


def _template(template: dict[str, Any]) -> Iterator[str]:
    resources = json.loads(json.dumps(template["resources"]))
    for resource in resources:
        inner = resource.get("properties", {}).pop("template", None)
        if inner is not None:
            yield from _template(inner)
            yield from (
                f"{resource['name']} and its template differ in {name}"
                for name in set(inner["parameters"]) ^ set(resource["properties"]["parameters"])
            )
    used = set(re.findall(r"parameters\('(\w+)'\)", json.dumps(resources)))
    yield from (f"{name} is used and not declared" for name in used - set(template["parameters"]))
    yield from (f"{name} is declared and not used" for name in set(template["parameters"]) - used)
