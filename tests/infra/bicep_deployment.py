"""What a deployment comes to: the resources that Bicep files make with given parameters, as far as that can be known
without Azure. A name, an id and what the files say are values; what Azure makes up (a client id) is a text that says
what it would be."""

import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pycep.models import BicepElement

from tests.infra.bicep import Sources, Template, body, expression, interpolations, sources, templates

SUBSCRIPTION = "11111111-2222-3333-4444-555555555555"
TENANT = "99999999-2222-3333-4444-555555555555"
GROUP = "/providers/Microsoft.Management/managementGroups/mg"


class Later(str):
    """What only Azure knows: `ID.properties.clientId`."""

    __slots__ = ()


@dataclass(frozen=True)
class Scope:
    """Where something is deployed: the id of a management group, subscription or resource group."""

    id: str

    @property
    def subscription(self) -> dict[str, str]:
        """What subscription() gives here."""
        return {"id": "/".join(self.id.split("/")[:3]), "subscriptionId": self.id.split("/")[2]}


@dataclass(frozen=True)
class Made:
    """One resource. `id` is where it is, `on` what it extends: a role's or a diagnostic setting's scope."""

    type: str
    api_version: str
    name: str
    id: str
    existing: bool
    on: str
    config: dict[str, Any]

    @property
    def properties(self) -> dict[str, Any]:
        """Its properties; none where there are none."""
        return dict(self.config.get("properties", {}))


@dataclass(frozen=True)
class _Function:
    parameter: str
    expression: Any


class Deployment:
    """One file with its parameters, at a scope."""

    def __init__(self, given: Sources, name: str, parameters: Mapping[str, Any], scope: Scope) -> None:
        self._sources = given
        self._template: Template = templates(given)[name]
        self._scope = scope
        self._values: dict[str, Any] = {}
        for parameter, declared in self._template.part("parameters").items():
            if parameter in parameters:
                self._values[parameter] = parameters[parameter]
            else:
                assert declared["default"] is not None, f"{name} needs {parameter}"
                self._values[parameter] = self._of(declared["default"])

    def output(self, name: str) -> Any:
        """The value of an output."""
        return self._of(self._template.part("outputs")[name]["value"])

    def variable(self, name: str) -> Any:
        """The value of a variable."""
        return self._named(name, {})

    def module(self, name: str) -> "Deployment":
        """A module that is deployed once."""
        found = self._named(name, {})
        assert isinstance(found, Deployment)
        return found

    def everything(self) -> Iterator[Made]:
        """Each resource that is made, by this file and by its modules."""
        for name, declared in self._template.part("resources").items():
            if not declared["existing"] and self._deployed(declared["config"]):
                found = self._named(name, {})
                yield from found if isinstance(found, list) else [found]
        for name, declared in self._template.part("modules").items():
            if self._deployed(declared["config"]):
                found = self._named(name, {})
                for one in found if isinstance(found, list) else [found]:
                    yield from one.everything()

    def _deployed(self, config: Any) -> bool:
        condition = config.get("condition") if "config" in config else None
        return condition is None or bool(self._of(condition))

    def _named(self, name: str, bound: Mapping[str, Any]) -> Any:
        if name in bound:
            return bound[name]
        if name not in self._values:
            self._values[name] = self._resolved(name)
        return self._values[name]

    def _resolved(self, name: str) -> Any:
        part = self._template.part
        if name in part("variables"):
            return self._of(part("variables")[name]["value"])
        make: Callable[[str, Any, Mapping[str, Any]], Any] = self._resource
        declared = part("resources").get(name)
        if declared is None:
            make, declared = self._module, part("modules")[name]
        config = declared["config"]
        if "loop_type" in config:
            return [make(name, config["config"], bound) for bound in self._turns(config, {})]
        return make(name, body(config), {})

    def _turns(self, loop: Any, bound: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
        detail = loop["loop_type"]["detail"]
        for index, item in enumerate(self._of(detail["array_name"], bound)):
            turn = {**bound, str(detail["item_name"]): item}
            yield turn | ({str(detail["index_name"]): index} if "index_name" in detail else {})

    def _resource(self, name: str, config: Any, bound: Mapping[str, Any]) -> Made:
        declared = self._template.part("resources")[name]
        made = self._of(body(config), bound)
        kind, own = str(declared["type"]), str(made["name"])
        on, parent = made.get("scope"), made.get("parent")
        if isinstance(parent, Made):
            identity = f"{parent.id}/{kind.rpartition('/')[2]}/{own}"
        elif kind == "Microsoft.Resources/resourceGroups":
            identity = f"{self._scope.id}/resourceGroups/{own}"
        else:
            base = on.id if isinstance(on, (Made, Scope)) else self._scope.id
            identity = f"{base}/providers/{kind}/{own}"
        extended = on.id if isinstance(on, (Made, Scope)) else self._scope.id
        return Made(kind, str(declared["api_version"]), own, identity, bool(declared["existing"]), extended, made)

    def _module(self, name: str, config: Any, bound: Mapping[str, Any]) -> "Deployment":
        detail = self._template.part("modules")[name]["detail"]
        given = self._of(body(config), bound)
        match given.get("scope"):
            case Made(id=place) | Scope(id=place):
                scope = Scope(place)
            case {"id": place}:
                scope = Scope(str(place))
            case _:
                scope = self._scope
        return Deployment(self._sources, self._template.beside(detail["path"]), given.get("params", {}), scope)

    def _of(self, node: Any, bound: Mapping[str, Any] | None = None) -> Any:
        bound = bound or {}
        match node:
            case BicepElement():
                return self._named(str(node), bound)
            case str():
                return self._text(node, bound)
            case list():
                return [self._of(item, bound) for item in node]
            case {"loop_type": _, "config": config}:
                return [self._of(config, turn) for turn in self._turns(node, bound)]
            case {"type": "lambda_expression", "detail": detail}:
                return _Function(str(detail["var_1"]), detail["expression"])
            case {"function": {"type": kind, **rest}}:
                arguments: Any = rest.get("parameters") or {}
                return self._call(str(kind), list(arguments.values()), bound)
            case {"operator": {"type": kind, "operands": operands}}:
                return self._operator(str(kind), list(operands.values()), bound)
            case dict():
                return {self._text(str(key).strip("'"), bound): self._of(value, bound) for key, value in node.items()}
        return node

    def _text(self, text: str, bound: Mapping[str, Any]) -> str:
        for inner in set(interpolations(text)):
            text = text.replace(f"${{{inner}}}", str(self._of(expression(inner), bound)))
        return text.replace("\\'", "'")

    def _operator(self, kind: str, operands: list[Any], bound: Mapping[str, Any]) -> Any:
        first = operands[0]
        match kind:
            case "conditional":
                return self._of(operands[1 if self._of(first, bound) else 2], bound)
            case "property_accessor":
                return self._member(self._of(first, bound), operands[1], bound)
            case "index_accessor":
                return self._of(first, bound)[self._of(operands[1], bound)]
            case "not":
                return not self._of(first, bound)
            case "or":
                return self._of(first, bound) or self._of(operands[1], bound)
            case "equals":
                return self._of(first, bound) == self._of(operands[1], bound)
            case "not_equals":
                return self._of(first, bound) != self._of(operands[1], bound)
            case "greater_than":
                return self._of(first, bound) > self._of(operands[1], bound)
            case "minus":
                return -int(first)
        raise AssertionError(f"operator {kind}")

    def _member(self, owner: Any, node: Any, bound: Mapping[str, Any]) -> Any:
        match node:
            case BicepElement():
                return _property(owner, str(node))
            case {"operator": {"type": "property_accessor", "operands": operands}}:
                return self._member(self._member(owner, operands["operand_1"], bound), operands["operand_2"], bound)
            case {"operator": {"type": "index_accessor", "operands": operands}}:
                return self._member(owner, operands["operand_1"], bound)[self._of(operands["operand_2"], bound)]
        raise AssertionError(f"{node} behind a dot: put parentheses around it")

    def _call(self, kind: str, nodes: list[Any], bound: Mapping[str, Any]) -> Any:
        args = [self._of(node, bound) for node in nodes if node is not None]
        match kind, args:
            case "load_json_content", [path]:
                return json.loads(self._sources[self._template.beside(path)])
            case "load_text_content", [path]:
                return self._sources[self._template.beside(path)]
            case "subscription", []:
                return self._scope.subscription
            case "subscription", [one]:
                return {"id": f"/subscriptions/{one}", "subscriptionId": one}
            case "resource_group", [name]:
                return Scope(f"{self._scope.subscription['id']}/resourceGroups/{name}")
            case "resource_group", [name, subscription]:
                return Scope(f"/subscriptions/{subscription}/resourceGroups/{name}")
            case "filter", [items, _Function() as function]:
                return [item for item in items if self._of(function.expression, {**bound, function.parameter: item})]
        return _FUNCTIONS[kind](*args)


def _property(owner: Any, name: str) -> Any:
    match owner:
        case Deployment():
            return _Outputs(owner) if name == "outputs" else None
        case _Outputs():
            return owner.of.output(name)
        case Made():
            return getattr(owner, name) if name in {"id", "name"} else Later(f"{owner.id}.{name}")
        case Later():
            return Later(f"{owner}.{name}")
    return owner[name]


@dataclass(frozen=True)
class _Outputs:
    of: Deployment


def _union(*objects: dict[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for one in objects:
        merged |= one
    return merged


_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "concat": lambda *lists: [item for one in lists for item in one],
    "deployment": lambda: {"location": "westeurope"},
    "empty": lambda value: not value,
    "environment": lambda: {"authentication": {"loginEndpoint": "https://login.microsoftonline.com/"}},
    "guid": lambda *parts: str(uuid.uuid5(uuid.NAMESPACE_OID, "\n".join(parts))),
    "join": lambda items, delimiter: delimiter.join(items),
    "management_group": lambda: {"id": GROUP, "name": GROUP.rpartition("/")[2]},
    "replace": lambda text, old, new: text.replace(old, new),
    "split": lambda text, delimiter: text.split(delimiter),
    "starts_with": lambda text, prefix: text.lower().startswith(prefix.lower()),
    "subscription_resource_id": lambda *parts: f"/providers/{parts[-2]}/{parts[-1]}",
    "take": lambda text, count: text[:count],
    "tenant": lambda: {"tenantId": TENANT},
    "to_lower": str.lower,
    "union": _union,
    # Digits only, so that names are told from what makes them unique.
    "unique_string": lambda *parts: f"{uuid.uuid5(uuid.NAMESPACE_OID, '/'.join(parts)).int % 10**13:013}",
}


def installed(given: Sources | None = None, **parameters: Any) -> Deployment:
    """main.bicep, deployed with these parameters."""
    return _deployed("main.bicep", given, {"environmentName": "prod", "location": "westeurope", **parameters})


def watched(given: Sources | None = None, **parameters: Any) -> Deployment:
    """watch/main.bicep, deployed by itself into a subscription, with the ids of an installation elsewhere."""
    return _deployed("watch/main.bicep", given, {"location": "westeurope", **elsewhere(), **parameters})


def governed(given: Sources | None = None, **parameters: Any) -> Deployment:
    """management-group/main.bicep, deployed over an installation."""
    ids = {key: value for key, value in elsewhere().items() if key != "checkerId"}
    names = {"location": "westeurope", "eventSubscriptionName": "muster-prod", "resourceGroupName": "rg-prod-watch"}
    return _deployed("management-group/main.bicep", given, {**names, **ids, **parameters}, GROUP)


def elsewhere() -> dict[str, str]:
    """What the outputs of an installation in another subscription say."""
    group = "/subscriptions/21111111-2222-3333-4444-555555555555/resourceGroups/rg-prod/providers"
    return {
        "checkerPrincipalId": "checker",
        "checkerId": f"{group}/Microsoft.Web/sites/func-prod-checker",
        "deliveryIdentityId": f"{group}/Microsoft.ManagedIdentity/userAssignedIdentities/id-prod-delivery",
        "queueAccountId": f"{group}/Microsoft.Storage/storageAccounts/stchecker",
        "deadLetterAccountId": f"{group}/Microsoft.Storage/storageAccounts/stevidence",
    }


def _deployed(name: str, given: Sources | None, parameters: dict[str, Any], scope: str = "") -> Deployment:
    return Deployment(
        sources() if given is None else given, name, parameters, Scope(scope or f"/subscriptions/{SUBSCRIPTION}")
    )
