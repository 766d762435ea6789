"""Scale sets and their instances.

The instances of a Uniform scale set are resources below it, of which no event tells; those of a Flexible one are
ordinary machines.
Source: learn.microsoft.com/azure/virtual-machine-scale-sets/virtual-machine-scale-sets-orchestration-modes.
"""

from muster.values.json import JsonObject

SCALE_SET = "microsoft.compute/virtualmachinescalesets"
INSTANCE = "microsoft.compute/virtualmachinescalesets/virtualmachines"


def has_instances_below(body: JsonObject) -> bool:
    """Whether a resource is a scale set whose instances are resources below it. Old ones do not say how they are
    orchestrated, and are Uniform."""
    kind, properties = body.get("type"), body.get("properties")
    if not isinstance(kind, str) or kind.lower() != SCALE_SET or not isinstance(properties, dict):
        return False
    mode = properties.get("orchestrationMode", "Uniform")
    return isinstance(mode, str) and mode.lower() == "uniform"
