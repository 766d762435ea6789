"""Resources as the REST API writes them, from the flattened form in which `az vm show` and `az vm list` print them.

The command line lifts what is in `properties` to the level above, in a resource and in some of its members, adds
`resourceGroup`, and writes null for what is not there. Policies read the REST API's form.
"""

from muster.values.json import Json, JsonObject

_ROOT = frozenset(
    {
        "apiversion",
        "etag",
        "extendedlocation",
        "id",
        "identity",
        "instanceid",
        "kind",
        "location",
        "managedby",
        "managedbyextended",
        "name",
        "placement",
        "plan",
        "resources",
        "sku",
        "systemdata",
        "tags",
        "type",
        "zones",
    }
)
"""Members of a resource that the REST API has beside `properties`. Source: ARM's resource model and Compute's types."""

_SUBRESOURCES = {
    "networkinterfaces": frozenset({"id"}),
    "networkinterfaceconfigurations": frozenset({"id", "name", "tags"}),
    "ipconfigurations": frozenset({"id", "name"}),
    "publicipaddressconfiguration": frozenset({"name", "sku", "tags"}),
    "extensions": frozenset({"id", "name", "type", "location", "tags"}),
    "resources": _ROOT,
}
"""Members whose objects have a `properties` of their own -> what these objects have beside it, lower-cased."""

_ADDED = frozenset({"resourcegroup", "fqdns", "macs", "powerstate", "privateips", "publicips"})
"""What the command line adds to whatever has an id."""

_RENAMED = {"typepropertiestype": "type", "typehandlerversion": "typeHandlerVersion"}
"""An extension's own `type`, which flattening would have put onto the resource's."""


def rest_shape(body: JsonObject) -> JsonObject:
    """The REST API's form of a resource. One that has `properties` is in that form and stays as it is."""
    if isinstance(body.get("properties"), dict):
        return body
    return _lifted(body, _ROOT, _ADDED)


def resource_type(body: JsonObject) -> str:
    """The type that a body states, or that its id has; "" where there is neither."""
    stated, identifier = body.get("type"), body.get("id")
    if isinstance(stated, str) and stated:
        return stated
    if not isinstance(identifier, str):
        return ""
    namespace, *pairs = identifier.lower().rpartition("/providers/")[2].split("/")
    return "/".join((namespace, *pairs[0::2])) if pairs and "/providers/" in identifier.lower() else ""


def _lifted(value: JsonObject, beside: frozenset[str], dropped: frozenset[str] = frozenset()) -> JsonObject:
    """An object whose members but for those `beside` go back into `properties`."""
    shaped: JsonObject = {}
    properties: JsonObject = {}
    for name, member in value.items():
        if member is None or name.lower() in dropped:
            continue
        within = name.lower() not in beside
        target = properties if within else shaped
        target[_RENAMED.get(name.lower(), name) if within else name] = _member(name, member)
    return {**shaped, "properties": properties} if properties else shaped


def _member(name: str, value: Json) -> Json:
    beside = _SUBRESOURCES.get(name.lower())
    match value:
        case list():
            return [_element(item, beside) for item in value]
        case dict():
            return _element(value, beside)
        case _:
            return value


def _element(value: Json, beside: frozenset[str] | None) -> Json:
    if not isinstance(value, dict):
        return value
    if beside is None or value.get("properties") is not None:
        return {
            name: _member(name, member)
            for name, member in value.items()
            if member is not None and not ("id" in value and name.lower() in _ADDED)
        }
    return _lifted(value, beside, _ADDED)
