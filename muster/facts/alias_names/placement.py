"""Where machines stand, and the rest of Microsoft.Compute. The notation is that of `alias_tree`."""

NAMES = {
    "Microsoft.Compute/availabilitySets": """
        managed
        platformFaultDomainCount
        platformUpdateDomainCount
        proximityPlacementGroup(id)
        scheduledEventsPolicy(allInstancesDown(automaticallyApprove)
            scheduledEventsAdditionalPublishingTargets(eventGridAndResourceGraph(enable
            scheduledEventsApiVersion)) userInitiatedReboot(automaticallyApprove)
            userInitiatedRedeploy(automaticallyApprove))
        /sku(capacity name tier)
        statuses[*](code displayStatus level message time)
        virtualMachines[*](id)
        virtualMachineScaleSetMigrationInfo(defaultVirtualMachineScaleSetInfo(constrainedMaximumCapacity
            defaultVirtualMachineScaleSet(id)) migrateToVirtualMachineScaleSet(id))
    """,
    "Microsoft.Compute/capacityReservationGroups": """
        capacityReservations[*](id)
        reservationType
        sharingProfile(subscriptionIds[*](id))
        virtualMachinesAssociated[*](id)
        /zones[*]
    """,
    "Microsoft.Compute/capacityReservationGroups/capacityReservations": """
        platformFaultDomainCount
        provisioningState
        provisioningTime
        reservationId
        scheduleProfile(end start)
        /sku(capacity name tier)
        timeCreated
        virtualMachinesAssociated[*](id)
        /zones[*]
    """,
    "Microsoft.Compute/cloudServices": """
        allowModelOverride
        configuration
        configurationUrl
        extensionProfile(extensions[*](:autoUpgradeMinorVersion :forceUpdateTag name :protectedSettings
            :protectedSettingsFromKeyVault(secretUrl sourceVault(id)) :provisioningState :publisher
            :rolesAppliedTo[*] :settings :type :typeHandlerVersion))
        networkProfile(loadBalancerConfigurations[*](:frontendIPConfigurations[*](name :privateIPAddress
            :publicIPAddress(id) :subnet(id)) id name) slotType swappableCloudService(id))
        osProfile(secrets[*](sourceVault(id) vaultCertificates[*](certificateUrl isBootstrapCertificate)))
        packageUrl
        provisioningState
        roleProfile(roles[*](name sku(capacity name tier)))
        startCloudService
        uniqueId
        upgradeMode
        /zones[*]
    """,
    "Microsoft.Compute/hostGroups": """
        additionalCapabilities(ultraSSDEnabled)
        hosts[*](id)
        platformFaultDomainCount
        supportAutomaticPlacement
        /zones[*]
    """,
    "Microsoft.Compute/hostGroups/hosts": """
        autoReplaceOnFailure
        hostId
        licenseType
        platformFaultDomain
        provisioningState
        provisioningTime
        /sku(capacity name tier)
        timeCreated
        virtualMachines[*](id)
    """,
    "Microsoft.Compute/interconnectBlocks": """
        interconnectBlockId
        interconnectGroup(id)
        provisioningState
        provisioningTime
        /sku(capacity name tier)
        timeCreated
        virtualMachinesAssociated[*](id)
        /zones[*]
    """,
    "Microsoft.Compute/proximityPlacementGroups": """
        availabilitySets[*](colocationStatus(code displayStatus level message time) id)
        colocationStatus(code displayStatus level message time)
        intent(vmSizes[*])
        proximityPlacementGroupType
        virtualMachines[*](colocationStatus(code displayStatus level message time) id)
        virtualMachineScaleSets[*](colocationStatus(code displayStatus level message time) id)
        /zones[*]
    """,
    "Microsoft.Compute/sshPublicKeys": """
        publicKey
    """,
}
