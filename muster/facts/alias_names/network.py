"""What reaches a machine over the network. The notation is that of `alias_tree`.

Members of a resource that are resources themselves (a security rule in its group, an address in its interface) keep
their properties below a `properties` of their own, which the alias leaves out. The last types are here because their
`sku` is not at the root, as it is elsewhere.
"""

import re

_RULE = """
    access description destinationAddressPrefix destinationAddressPrefixes[*]
    destinationApplicationSecurityGroups[*](id) destinationPortRange destinationPortRanges[*] direction priority
    protocol provisioningState sourceAddressPrefix sourceAddressPrefixes[*] sourceApplicationSecurityGroups[*](id)
    sourcePortRange sourcePortRanges[*]
"""
_SUBNET = """
    addressPrefix addressPrefixes[*] applicationGatewayIPConfigurations[*](id) defaultOutboundAccess
    delegations[*](etag id name :actions[*] :provisioningState :serviceName) ipAllocations[*](id)
    ipConfigurationProfiles[*](id) ipConfigurations[*](id) natGateway(id) networkSecurityGroup(id)
    privateEndpointNetworkPolicies privateEndpoints[*](id) privateLinkServiceNetworkPolicies provisioningState
    purpose routeTable(id) serviceEndpointPolicies[*](id) serviceEndpoints[*](locations[*] provisioningState
    service) sharingScope
"""


def _inside(properties: str) -> str:
    """The same properties where the resource is a member of another: each below a `properties` of its own."""
    return re.sub(r"(?:^|(?<=\s))(\w[^\s(]*(?:\([^)]*\))?)", r":\1", properties)


_RULES = f"etag id name type {_inside(_RULE)}"
_SUBNETS = f"etag id name type {_inside(_SUBNET)}"

NAMES = {
    "Microsoft.Network/networkInterfaces": f"""
        auxiliaryMode auxiliarySku defaultOutboundConnectivityEnabled disableTcpStateTracking
        dnsSettings(appliedDnsServers[*] dnsServers[*] internalDnsNameLabel internalDomainNameSuffix internalFqdn)
        dscpConfiguration(id) enableAcceleratedNetworking enableIPForwarding hostedWorkloads[*]
        ipConfigurations[*](etag id name type :applicationGatewayBackendAddressPools[*](id)
            :applicationSecurityGroups[*](id) :gatewayLoadBalancer(id) :loadBalancerBackendAddressPools[*](id)
            :loadBalancerInboundNatRules[*](id) :primary :privateIPAddress :privateIPAddressPrefixLength
            :privateIPAddressVersion :privateIPAllocationMethod :privateLinkConnectionProperties(fqdns[*] groupId
            requiredMemberName) :provisioningState :publicIPAddress(id) :subnet({_SUBNETS})
            :virtualNetworkTaps[*](id))
        macAddress migrationPhase networkSecurityGroup(id) nicType primary privateEndpoint(id)
        privateLinkService(id) provisioningState resourceGuid tapConfigurations[*](id name) virtualMachine(id)
        vnetEncryptionSupported workloadType /extendedLocation(name type)
    """,
    "Microsoft.Network/networkSecurityGroups": f"""
        defaultSecurityRules[*]({_RULES}) flowLogs[*](id) flushConnection
        networkInterfaces[*](id) provisioningState resourceGuid
        securityRules[*]({_RULES}) subnets[*](id)
    """,
    "Microsoft.Network/networkSecurityGroups/securityRules": _RULE,
    "Microsoft.Network/publicIPAddresses": """
        ddosSettings(ddosProtectionPlan(id) protectionMode) deleteOption
        dnsSettings(domainNameLabel domainNameLabelScope fqdn reverseFqdn) idleTimeoutInMinutes ipAddress
        ipConfiguration(id) ipTags[*](ipTagType tag) linkedPublicIPAddress(id) migrationPhase natGateway(id)
        provisioningState publicIPAddressVersion publicIPAllocationMethod publicIPPrefix(id) resourceGuid
        servicePublicIPAddress(id) /extendedLocation(name type) /sku(name tier) /zones[*]
    """,
    "Microsoft.Network/virtualNetworks": f"""
        addressSpace(addressPrefixes[*]) bgpCommunities(regionalCommunity virtualNetworkCommunity)
        ddosProtectionPlan(id) dhcpOptions(dnsServers[*]) enableDdosProtection enableVmProtection
        encryption(enabled enforcement) flowLogs[*](id) flowTimeoutInMinutes ipAllocations[*](id)
        privateEndpointVNetPolicies provisioningState resourceGuid subnets[*]({_SUBNETS})
        virtualNetworkPeerings[*](etag id name type :allowForwardedTraffic :allowGatewayTransit
            :allowVirtualNetworkAccess :doNotVerifyRemoteGateways :peeringState :peeringSyncLevel :provisioningState
            :remoteAddressSpace(addressPrefixes[*]) :remoteVirtualNetwork(id) :useRemoteGateways)
        /extendedLocation(name type)
    """,
    "Microsoft.Network/virtualNetworks/subnets": _SUBNET,
    "Microsoft.Network/applicationGateways": "sku(capacity family name tier)",
    "Microsoft.Network/azureFirewalls": "sku(name tier)",
    "Microsoft.Network/firewallPolicies": "sku(tier)",
    "Microsoft.Network/virtualNetworkGateways": "sku(capacity name tier)",
    "Microsoft.KeyVault/vaults": "sku(family name)",
    "Microsoft.OperationalInsights/workspaces": "sku(capacityReservationLevel name)",
}
