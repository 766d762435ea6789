"""The resource types that muster reads: how Azure spells each, and the api-version it is asked for with.

One table for requests, permissions and the role. Source: learn.microsoft.com/azure/templates, the resource types'
pages; stable versions, but where a type has previews only.
"""

from dataclasses import dataclass

from muster.policy.kinds import Kind

_COMPUTE = "2024-07-01"
_DISKS = "2024-03-02"
_GALLERIES = "2024-03-03"
_NETWORK = "2024-05-01"


@dataclass(frozen=True, slots=True)
class ArmType:
    """A resource type. `name` as Azure spells it; `expand` is the `$expand` of a read, "" for none."""

    name: str
    api_version: str
    expand: str = ""

    @property
    def action(self) -> str:
        """The ARM action of a read, single or list."""
        return f"{self.name}/read"

    @property
    def segments(self) -> tuple[str, ...]:
        """The type's own names behind its namespace."""
        return tuple(self.name.split("/")[1:])


_TYPES = (
    ArmType("Microsoft.Compute/virtualMachines", _COMPUTE, "instanceView"),
    ArmType("Microsoft.Compute/virtualMachines/extensions", _COMPUTE),
    ArmType("Microsoft.Compute/virtualMachineScaleSets", _COMPUTE),
    ArmType("Microsoft.Compute/virtualMachineScaleSets/extensions", _COMPUTE),
    ArmType("Microsoft.Compute/virtualMachineScaleSets/virtualMachines", _COMPUTE, "instanceView"),
    ArmType("Microsoft.Compute/disks", _DISKS),
    ArmType("Microsoft.Compute/diskEncryptionSets", _DISKS),
    ArmType("Microsoft.Compute/images", _COMPUTE),
    ArmType("Microsoft.Compute/galleries/images", _GALLERIES),
    ArmType("Microsoft.Compute/galleries/images/versions", _GALLERIES),
    ArmType("Microsoft.Network/networkInterfaces", _NETWORK),
    ArmType("Microsoft.Network/publicIPAddresses", _NETWORK),
    ArmType("Microsoft.Network/networkSecurityGroups", _NETWORK),
    ArmType("Microsoft.Network/virtualNetworks/subnets", _NETWORK),
    ArmType("Microsoft.Authorization/locks", "2020-05-01"),
    ArmType("Microsoft.Automanage/configurationProfileAssignments", "2022-05-04"),
    ArmType("Microsoft.GuestConfiguration/guestConfigurationAssignments", "2022-01-25"),
    ArmType("Microsoft.Insights/dataCollectionRuleAssociations", "2022-06-01"),
    ArmType("Microsoft.Insights/diagnosticSettings", "2021-05-01-preview"),
    ArmType("Microsoft.Maintenance/configurationAssignments", "2023-04-01"),
    ArmType("Microsoft.Resources/links", "2016-09-01"),
    ArmType("Microsoft.Security/advancedThreatProtectionSettings", "2019-01-01"),
    ArmType("Microsoft.Security/assessments", "2021-06-01"),
    ArmType("Microsoft.Security/complianceResults", "2017-08-01"),
    ArmType("Microsoft.Security/pricings", "2024-01-01"),
)

TYPES = {one.name.lower(): one for one in _TYPES}
"""Lower-cased type -> how it is read."""

_POLICY = "2023-04-01"
POLICY_TYPES = {
    Kind.DEFINITION: ArmType("Microsoft.Authorization/policyDefinitions", _POLICY),
    Kind.INITIATIVE: ArmType("Microsoft.Authorization/policySetDefinitions", _POLICY),
    Kind.ASSIGNMENT: ArmType("Microsoft.Authorization/policyAssignments", _POLICY),
    Kind.EXEMPTION: ArmType("Microsoft.Authorization/policyExemptions", "2022-07-01-preview"),
}
"""What Azure Policy is made of. Exemptions have previews only."""

POLICY_VERSIONS = {
    kind: ArmType(f"{POLICY_TYPES[kind].name}/versions", _POLICY) for kind in (Kind.DEFINITION, Kind.INITIATIVE)
}
"""The versions that there are of a definition or an initiative."""

EFFECTIVE_RULES = "effectiveNetworkSecurityGroups"
EFFECTIVE_RULES_ACTION = f"Microsoft.Network/networkInterfaces/{EFFECTIVE_RULES}/action"
"""An action of network interfaces: an opt-in with a role of its own."""

SUBSCRIPTION = ArmType("Microsoft.Resources/subscriptions", "2022-12-01")
RESOURCE_GROUP = ArmType("Microsoft.Resources/subscriptions/resourceGroups", "2024-03-01")
SYSTEM_TOPIC = ArmType("Microsoft.EventGrid/systemTopics", "2022-06-15")
TOPIC_SUBSCRIPTION = ArmType("Microsoft.EventGrid/systemTopics/eventSubscriptions", "2022-06-15")
EVENT_SUBSCRIPTION = ArmType("Microsoft.EventGrid/eventSubscriptions", "2022-06-15")
"""What `muster doctor` looks at; judging does not need it, and the role has no permission for it."""

GRAPH_VERSION = "2022-10-01"
GRAPH_ACTION = "Microsoft.ResourceGraph/resources/read"
BACKUP_ITEMS = "microsoft.recoveryservices/backupprotecteditems"
"""What policies call a backup's protected item. It lies in a vault, so that it is found by Resource Graph alone."""
PROTECTED_ITEM = ArmType("Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems", "")
