"""Virtual machines, their extensions and run commands. The notation is that of `alias_tree`."""

NAMES = {
    "Microsoft.Compute/virtualMachines": """
        additionalCapabilities(enableFips1403Encryption hibernationEnabled ultraSSDEnabled)
        applicationProfile(galleryApplications[*](configurationReference enableAutomaticUpgrade order
            packageReferenceId tags treatFailureAsDeploymentFailure))
        availabilitySet(id)
        billingProfile(maxPrice)
        capacityReservation(capacityReservationGroup(id))
        diagnosticsProfile(bootDiagnostics(enabled storageUri))
        evictionPolicy
        extensionsTimeBudget
        hardwareProfile(vmSize vmSizeProperties(vCPUsAvailable vCPUsPerCore))
        host(id)
        hostGroup(id)
        imageOffer=storageProfile.imageReference.offer
        imagePublisher=storageProfile.imageReference.publisher
        imageSku=storageProfile.imageReference.sku
        imageVersion=storageProfile.imageReference.version
        !instanceView(!disks[*](!encryptionSettings[*](enabled) !statuses[*](code)) osName statuses![*](code))
        licenseType
        /managedBy
        !networkInterfaces[*]=networkProfile.networkInterfaces(id)
        networkProfile(networkApiVersion networkInterfaceConfigurations[*](:auxiliaryMode :auxiliarySku
            :deleteOption :disableTcpStateTracking :dnsSettings(dnsServers[*]) :dscpConfiguration(id)
            :enableAcceleratedNetworking :enableFpga :enableIPForwarding
            :ipConfigurations[*](:applicationGatewayBackendAddressPools[*](id) :applicationSecurityGroups[*](id)
            :loadBalancerBackendAddressPools[*](id) name :primary :privateIPAddressVersion
            :publicIPAddressConfiguration(:deleteOption :dnsSettings(domainNameLabel domainNameLabelScope)
            :idleTimeoutInMinutes :ipTags[*](ipTagType tag) name :publicIPAddressVersion
            :publicIPAllocationMethod :publicIPPrefix(id) sku(name publicIPAddressSkuName publicIPAddressSkuTier
            tier)) :subnet(id)) name :networkSecurityGroup(id) :primary tags) networkInterfaces[*](:deleteOption
            id :primary))
        !osDisk=storageProfile.osDisk(Uri=vhd.uri)
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
        platformFaultDomain
        priority
        provisioningState
        proximityPlacementGroup(id)
        scheduledEventsPolicy(allInstancesDown(automaticallyApprove)
            scheduledEventsAdditionalPublishingTargets(eventGridAndResourceGraph(enable
            scheduledEventsApiVersion)) userInitiatedReboot(automaticallyApprove)
            userInitiatedRedeploy(automaticallyApprove))
        scheduledEventsProfile(osImageNotificationProfile(enable notBeforeTimeout)
            terminateNotificationProfile(enable notBeforeTimeout))
        securityProfile(encryptionAtHost encryptionIdentity(userAssignedIdentityResourceId)
            proxyAgentSettings(addProxyAgentExtension enabled imds(inVMAccessControlProfileReferenceId mode)
            keyIncarnationId mode wireServer(inVMAccessControlProfileReferenceId mode)) securityType
            uefiSettings(secureBootEnabled vTpmEnabled))
        !sku=hardwareProfile(name=vmSize)
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
        virtualMachineScaleSet(id)
        vmId
        /zones[*]
    """,
    "Microsoft.Compute/virtualMachines/extensions": """
        autoUpgradeMinorVersion
        enableAutomaticUpgrade
        forceUpdateTag
        protectedSettings
        protectedSettingsFromKeyVault(secretUrl sourceVault(id))
        provisionAfterExtensions[*]
        provisioningState
        publisher
        resources[*](:autoUpgradeMinorVersion :forceUpdateTag :id :location :name :protectedSettings
            :provisioningState :publisher :settings :tags :type :typeHandlerVersion)
        settings(timestamp workspaceId)
        suppressFailures
        type
        typeHandlerVersion
    """,
    "Microsoft.Compute/virtualMachines/runCommands": """
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
