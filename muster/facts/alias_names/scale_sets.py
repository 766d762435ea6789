"""Virtual machine scale sets, their instances and extensions. The notation is that of `alias_tree`."""

NAMES = {
    "Microsoft.Compute/virtualMachineScaleSets": """
        additionalCapabilities(enableFips1403Encryption hibernationEnabled ultraSSDEnabled)
        automaticRepairsPolicy(enabled gracePeriod repairAction)
        computerNamePrefix=virtualMachineProfile.computerNamePrefix
        constrainedMaximumCapacity
        doNotRunExtensionsOnOverprovisionedVMs
        extensionProfile=virtualMachineProfile.extensionProfile(extensions[*](:autoUpgradeMinorVersion
            :enableAutomaticUpgrade name :provisioningState :publisher :settings(workspaceId) :type
            :typeHandlerVersion))
        highSpeedInterconnectPlacement
        hostGroup(id)
        !networkInterfaceConfigurations[*]=virtualMachineProfile.networkProfile.networkInterfaceConfigurations(:enableIPForwarding
            !:ipConfigurations[*](!:subnet(id)) !:networkSecurityGroup(id))
        !networkProfile=virtualMachineProfile.networkProfile(!healthProbe(id))
        orchestrationMode
        !osDisk=virtualMachineProfile.storageProfile.osDisk(caching createOption imageUrl=image.url
            !managedDisk(storageAccountType) name vhdContainers)
        !osProfile=virtualMachineProfile.osProfile(adminPassword adminUsername
            linuxConfiguration(disablePasswordAuthentication) windowsConfiguration(enableAutomaticUpdates
            provisionVMAgent))
        overProvision
        platformFaultDomainCount
        priorityMixPolicy(baseRegularPriorityCount regularPriorityPercentageAboveBase)
        provisioningState
        proximityPlacementGroup(id)
        resiliencyPolicy(automaticZoneRebalancingPolicy(enabled rebalanceBehavior rebalanceStrategy)
            resilientVMCreationPolicy(enabled) resilientVMDeletionPolicy(enabled)
            zoneAllocationPolicy(maxInstancePercentPerZonePolicy(enabled value) maxZoneCount))
        scaleInPolicy(forceDeletion prioritizeUnhealthyVMs rules[*])
        scheduledEventsPolicy(allInstancesDown(automaticallyApprove)
            scheduledEventsAdditionalPublishingTargets(eventGridAndResourceGraph(enable
            scheduledEventsApiVersion)) userInitiatedReboot(automaticallyApprove)
            userInitiatedRedeploy(automaticallyApprove))
        singlePlacementGroup
        /sku(capacity name tier)
        skuProfile(allocationStrategy vmSizes[*](name rank))
        spotRestorePolicy(enabled restoreTimeout)
        timeCreated
        uniqueId
        upgradePolicy(automaticOSUpgrade=automaticOSUpgradePolicy.enableAutomaticOSUpgrade
            automaticOSUpgradePolicy(disableAutomaticRollback enableAutomaticOSUpgrade osRollingUpgradeDeferral
            useRollingUpgradePolicy) autoOSUpgradePolicy(disableAutoRollback) mode
            rollingUpgradePolicy(enableCrossZoneUpgrade maxBatchInstancePercent maxSurge
            maxUnhealthyInstancePercent maxUnhealthyUpgradedInstancePercent pauseTimeBetweenBatches
            prioritizeUnhealthyInstances rollbackFailedInstancesOnPolicyBreach))
        virtualMachineProfile(additionalCapabilities(ultraSSDEnabled)
            applicationProfile(galleryApplications[*](configurationReference enableAutomaticUpgrade order
            packageReferenceId tags treatFailureAsDeploymentFailure)) billingProfile(maxPrice)
            capacityReservation(capacityReservationGroup(id)) diagnosticsProfile(bootDiagnostics(enabled
            storageUri)) evictionPolicy extensionProfile(extensions[*](:autoUpgradeMinorVersion
            :enableAutomaticUpgrade :forceUpdateTag id name :protectedSettings
            :protectedSettingsFromKeyVault(secretUrl sourceVault(id)) :provisionAfterExtensions[*]
            :provisioningState :publisher :settings :suppressFailures :type :typeHandlerVersion)
            extensionsTimeBudget) hardwareProfile(vmSizeProperties(vCPUsAvailable vCPUsPerCore)) licenseType
            networkProfile(healthProbe(id) networkApiVersion networkInterfaceConfigurations[*](:auxiliaryMode
            :auxiliarySku :deleteOption :disableTcpStateTracking :dnsSettings(dnsServers[*])
            :enableAcceleratedNetworking :enableFpga :enableIPForwarding id
            :ipConfigurations[*](:applicationGatewayBackendAddressPools[*](id) :applicationSecurityGroups[*](id)
            id :loadBalancerBackendAddressPools[*](id) :loadBalancerInboundNatPools[*](id) name :primary
            :privateIPAddressVersion :publicIPAddressConfiguration(:deleteOption :dnsSettings(domainNameLabel
            domainNameLabelScope) :idleTimeoutInMinutes :ipTags[*](ipTagType tag) name :publicIPAddressVersion
            :publicIPPrefix(id) sku(name tier)) :subnet(id)) name :networkSecurityGroup(id) :primary tags))
            osProfile(adminPassword adminUsername allowExtensionOperations computerNamePrefix customData
            linuxConfiguration(disablePasswordAuthentication enableVMAgentPlatformUpdates
            patchSettings(assessmentMode automaticByPlatformSettings(bypassPlatformSafetyChecksOnUserSchedule
            rebootSetting) patchMode) provisionVMAgent ssh(publicKeys[*](keyData path)))
            requireGuestProvisionSignal secrets[*](sourceVault(id) vaultCertificates[*](certificateStore
            certificateUrl)) windowsConfiguration(additionalUnattendContent[*](componentName content passName
            settingName) enableAutomaticUpdates enableVMAgentPlatformUpdates patchSettings(assessmentMode
            automaticByPlatformSettings(bypassPlatformSafetyChecksOnUserSchedule rebootSetting)
            enableHotpatching patchMode) provisionVMAgent timeZone winRM(listeners[*](certificateUrl
            protocol)))) priority scheduledEventsProfile(osImageNotificationProfile(enable notBeforeTimeout)
            terminateNotificationProfile(enable notBeforeTimeout))
            securityPostureReference(excludeExtensions[*](:autoUpgradeMinorVersion :enableAutomaticUpgrade
            :forceUpdateTag id location name :protectedSettingsFromKeyVault(secretUrl sourceVault(id))
            :provisionAfterExtensions[*] :provisioningState :publisher :suppressFailures tags type
            :typeHandlerVersion) id isOverridable) securityProfile(encryptionAtHost
            encryptionIdentity(userAssignedIdentityResourceId) proxyAgentSettings(addProxyAgentExtension enabled
            imds(inVMAccessControlProfileReferenceId mode) keyIncarnationId mode
            wireServer(inVMAccessControlProfileReferenceId mode)) securityType uefiSettings(secureBootEnabled
            vTpmEnabled)) serviceArtifactReference(id) storageProfile(dataDisks[*](caching createOption
            deleteOption diskIOPSReadWrite diskMBpsReadWrite diskSizeGB lun managedDisk(diskEncryptionSet(id)
            securityProfile(diskEncryptionSet(id) securityEncryptionType) storageAccountType) name
            writeAcceleratorEnabled) diskControllerType imageReference(communityGalleryImageId exactVersion id
            offer publisher sharedGalleryImageId sku version) osDisk(caching createOption deleteOption
            diffDiskSettings(option placement) diskSizeGB image(uri) managedDisk(diskEncryptionSet(id)
            securityProfile(diskEncryptionSet(id) securityEncryptionType) storageAccountType) name osType
            vhdContainers[*] writeAcceleratorEnabled)) timeCreated userData)
        zonalPlatformFaultDomainAlignMode
        zoneBalance
        /zones[*]
    """,
    "Microsoft.Compute/virtualMachineScaleSets/extensions": """
        autoUpgradeMinorVersion
        enableAutomaticUpgrade
        forceUpdateTag
        protectedSettings
        protectedSettingsFromKeyVault(secretUrl sourceVault(id))
        provisionAfterExtensions[*]
        provisioningState
        publisher
        settings(timestamp workspaceId)
        suppressFailures
        type
        typeHandlerVersion
    """,
    "Microsoft.Compute/virtualMachineScaleSets/virtualMachines": """
        additionalCapabilities(enableFips1403Encryption hibernationEnabled ultraSSDEnabled)
        availabilitySet(id)
        diagnosticsProfile(bootDiagnostics(enabled storageUri))
        !extensions=(autoUpgradeMinorVersion forceUpdateTag protectedSettings publisher settings type
            typeHandlerVersion)
        hardwareProfile(vmSize vmSizeProperties(vCPUsAvailable vCPUsPerCore))
        latestModelApplied
        licenseType
        modelDefinitionApplied
        networkProfile(networkApiVersion networkInterfaceConfigurations[*](:auxiliaryMode :auxiliarySku
            :deleteOption :disableTcpStateTracking :dnsSettings(dnsServers[*]) :dscpConfiguration(id)
            :enableAcceleratedNetworking :enableFpga :enableIPForwarding
            :ipConfigurations[*](:applicationGatewayBackendAddressPools[*](id) :applicationSecurityGroups[*](id)
            :loadBalancerBackendAddressPools[*](id) name :primary :privateIPAddressVersion
            :publicIPAddressConfiguration(:deleteOption :dnsSettings(domainNameLabel domainNameLabelScope)
            :idleTimeoutInMinutes :ipTags[*](ipTagType tag) name :publicIPAddressVersion
            :publicIPAllocationMethod :publicIPPrefix(id) sku(name tier)) :subnet(id)) name
            :networkSecurityGroup(id) :primary tags) networkInterfaces[*](:deleteOption id :primary))
        networkProfileConfiguration(networkInterfaceConfigurations[*](:auxiliaryMode :auxiliarySku :deleteOption
            :disableTcpStateTracking :dnsSettings(dnsServers[*]) :enableAcceleratedNetworking :enableFpga
            :enableIPForwarding :ipConfigurations[*](:applicationGatewayBackendAddressPools[*](id)
            :applicationSecurityGroups[*](id) :loadBalancerBackendAddressPools[*](id)
            :loadBalancerInboundNatPools[*](id) name :primary :privateIPAddressVersion
            :publicIPAddressConfiguration(:deleteOption :dnsSettings(domainNameLabel domainNameLabelScope)
            :idleTimeoutInMinutes :ipTags[*](ipTagType tag) name :publicIPAddressVersion :publicIPPrefix(id)
            sku(name tier)) :subnet(id)) name :networkSecurityGroup(id) :primary tags))
        osProfile(adminPassword adminUsername allowExtensionOperations computerName customData
            linuxConfiguration(disablePasswordAuthentication enableVMAgentPlatformUpdates
            patchSettings(assessmentMode automaticByPlatformSettings(bypassPlatformSafetyChecksOnUserSchedule
            rebootSetting) patchMode) provisionVMAgent ssh(publicKeys[*](keyData path)))
            requireGuestProvisionSignal secrets[*](sourceVault(id) vaultCertificates[*](certificateStore
            certificateUrl)) windowsConfiguration(additionalUnattendContent[*](componentName content passName
            settingName) enableAutomaticUpdates enableVMAgentPlatformUpdates patchSettings(assessmentMode
            automaticByPlatformSettings(bypassPlatformSafetyChecksOnUserSchedule rebootSetting)
            enableHotpatching patchMode) provisionVMAgent timeZone winRM(listeners[*](certificateUrl
            protocol))))
        protectFromScaleIn
        protectionPolicy(protectFromScaleIn protectFromScaleSetActions)
        provisioningState
        resilientVMDeletionStatus
        securityProfile(encryptionAtHost encryptionIdentity(userAssignedIdentityResourceId)
            proxyAgentSettings(addProxyAgentExtension enabled imds(inVMAccessControlProfileReferenceId mode)
            keyIncarnationId mode wireServer(inVMAccessControlProfileReferenceId mode)) securityType
            uefiSettings(secureBootEnabled vTpmEnabled))
        /sku(capacity name tier)
        storageProfile(alignRegionalDisksToVMZone dataDisks[*](caching createOption deleteOption detachOption
            diskIOPSReadWrite diskMBpsReadWrite diskSizeGB image(uri) lun managedDisk(diskEncryptionSet(id) id
            securityProfile(diskEncryptionSet(id) securityEncryptionType) storageAccountType) name
            sourceResource(id) toBeDetached vhd(uri) writeAcceleratorEnabled) diskControllerType
            imageReference(communityGalleryImageId exactVersion id offer publisher sharedGalleryImageId sku
            version) osDisk(caching createOption deleteOption diffDiskSettings(option placement) diskSizeGB
            encryptionSettings(diskEncryptionKey(secretUrl sourceVault(id)) enabled keyEncryptionKey(keyUrl
            sourceVault(id))) image(uri) managedDisk(diskEncryptionSet(id) id
            securityProfile(diskEncryptionSet(id) securityEncryptionType) storageAccountType) name osType
            vhd(uri) writeAcceleratorEnabled))
        timeCreated
        userData
        vmId
        /zones[*]
    """,
    "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/extensions": """
        autoUpgradeMinorVersion
        enableAutomaticUpgrade
        forceUpdateTag
        protectedSettings
        protectedSettingsFromKeyVault(secretUrl sourceVault(id))
        provisionAfterExtensions[*]
        provisioningState
        publisher
        settings
        suppressFailures
        type
        typeHandlerVersion
    """,
    "Microsoft.Compute/virtualMachineScaleSets/virtualMachines/runCommands": """
        asyncExecution
        errorBlobManagedIdentity(clientId objectId)
        errorBlobUri
        outputBlobManagedIdentity(clientId objectId)
        outputBlobUri
        parameters[*](name value)
        protectedParameters[*](name value)
        provisioningState
        runAsPassword
        runAsUser
        source(commandId galleryScriptReferenceId script scriptShell scriptUri scriptUriManagedIdentity(clientId
            objectId))
        timeoutInSeconds
        treatFailureAsDeploymentFailure
    """,
}
