"""Disks, snapshots, restore points and what encrypts and reaches them. The notation is that of `alias_tree`."""

NAMES = {
    "Microsoft.Compute/diskAccesses": """
        privateEndpointConnections[*](id name :privateEndpoint(id)
            :privateLinkServiceConnectionState(actionsRequired description status) :provisioningState type)
        provisioningState
        timeCreated
    """,
    "Microsoft.Compute/diskAccesses/privateEndpointConnections": """
        privateEndpoint(id)
        privateLinkServiceConnectionState(actionsRequired description status)
        provisioningState
    """,
    "Microsoft.Compute/diskEncryptionSets": """
        activeKey(keyUrl sourceVault(id))
        autoKeyRotationError(code details[*](code message target) innererror(errordetail exceptiontype) message
            target)
        encryptionType
        federatedClientId
        lastKeyRotationTimestamp
        previousKeys[*](keyUrl sourceVault(id))
        provisioningState
        rotationToLatestKeyVersionEnabled
    """,
    "Microsoft.Compute/disks": """
        accountType
        availabilityPolicy(actionOnDiskDelay)
        burstingEnabled
        burstingEnabledTime
        completionPercent
        creationData(createOption elasticSanResourceId galleryImageReference(communityGalleryImageId id lun
            sharedGalleryImageId) imageReference(communityGalleryImageId id lun sharedGalleryImageId)
            instantAccessDurationMinutes logicalSectorSize performancePlus provisionedBandwidthCopySpeed
            securityDataUri securityMetadataUri sourceResourceId sourceUniqueId sourceUri storageAccountId
            uploadSizeBytes)
        dataAccessAuthMode
        diskAccessId
        diskIOPSReadOnly
        diskIOPSReadWrite
        diskMBpsReadOnly
        diskMBpsReadWrite
        diskSizeBytes
        diskSizeGB
        diskState
        encryption(diskEncryptionSetId type)
        encryptionSettings=encryptionSettingsCollection(diskEncryptionKey=encryptionSettings[*].diskEncryptionKey(secretUrl
            sourceVault(id)) enabled keyEncryptionKey=encryptionSettings[*].keyEncryptionKey(keyUrl
            sourceVault(id)))
        encryptionSettingsCollection(enabled encryptionSettings[*](diskEncryptionKey(secretUrl sourceVault(id))
            keyEncryptionKey(keyUrl sourceVault(id))) encryptionSettingsVersion)
        hyperVGeneration
        LastOwnershipUpdateTime
        /managedBy
        maxShares
        networkAccessPolicy
        optimizedForFrequentAttach
        osType
        ownerId
        propertyUpdatesInProgress(targetTier)
        provisioningState
        publicNetworkAccess
        purchasePlan(name product promotionCode publisher)
        securityProfile(secureVMDiskEncryptionSetId securityType)
        shareInfo[*](vmUri)
        /sku(name tier)
        supportedCapabilities(acceleratedNetwork architecture diskControllerTypes supportedSecurityOption)
        supportsHibernation
        tier
        timeCreated
        uniqueId
        /zones[*]
    """,
    "Microsoft.Compute/restorePointCollections": """
        instantAccess
        provisioningState
        restorePointCollectionId
        restorePoints[*](:consistencyMode :excludeDisks[*](id) id :instantAccessDurationMinutes name
            :provisioningDetails(creationTime statusCode statusMessage totalUsedSizeInBytes) :provisioningState
            :sourceMetadata(diagnosticsProfile(bootDiagnostics(enabled storageUri)) hardwareProfile(vmSize
            vmSizeProperties(vCPUsAvailable vCPUsPerCore)) hyperVGeneration licenseType location
            osProfile(adminPassword adminUsername allowExtensionOperations computerName customData
            linuxConfiguration(disablePasswordAuthentication enableVMAgentPlatformUpdates
            patchSettings(assessmentMode automaticByPlatformSettings(bypassPlatformSafetyChecksOnUserSchedule
            rebootSetting) patchMode) provisionVMAgent ssh(publicKeys[*](keyData path)))
            requireGuestProvisionSignal secrets[*](sourceVault(id) vaultCertificates[*](certificateStore
            certificateUrl)) windowsConfiguration(additionalUnattendContent[*](componentName content passName
            settingName) enableAutomaticUpdates enableVMAgentPlatformUpdates patchSettings(assessmentMode
            automaticByPlatformSettings(bypassPlatformSafetyChecksOnUserSchedule rebootSetting)
            enableHotpatching patchMode) provisionVMAgent timeZone winRM(listeners[*](certificateUrl
            protocol)))) securityProfile(encryptionAtHost encryptionIdentity(userAssignedIdentityResourceId)
            proxyAgentSettings(enabled keyIncarnationId mode) securityType uefiSettings(secureBootEnabled
            vTpmEnabled)) storageProfile(dataDisks[*](caching diskRestorePoint(encryption(type) id
            sourceDiskRestorePoint(id)) diskSizeGB lun managedDisk(diskEncryptionSet(id) id
            securityProfile(diskEncryptionSet(id) securityEncryptionType) storageAccountType) name
            writeAcceleratorEnabled) diskControllerType osDisk(caching diskRestorePoint(encryption(type) id
            sourceDiskRestorePoint(id)) diskSizeGB encryptionSettings(diskEncryptionKey(secretUrl
            sourceVault(id)) enabled keyEncryptionKey(keyUrl sourceVault(id))) managedDisk(diskEncryptionSet(id)
            id securityProfile(diskEncryptionSet(id) securityEncryptionType) storageAccountType) name osType
            writeAcceleratorEnabled)) userData vmId) :sourceRestorePoint(id) :timeCreated type)
        source(id location)
    """,
    "Microsoft.Compute/restorePointCollections/restorePoints": """
        consistencyMode
        excludeDisks[*](id)
        provisioningDetails(creationTime statusCode statusMessage totalUsedSizeInBytes)
        provisioningState
        sourceMetadata(diagnosticsProfile(bootDiagnostics(enabled storageUri)) hardwareProfile(vmSize
            vmSizeProperties(vCPUsAvailable vCPUsPerCore)) hyperVGeneration licenseType location
            osProfile(adminPassword adminUsername allowExtensionOperations computerName customData
            linuxConfiguration(disablePasswordAuthentication enableVMAgentPlatformUpdates
            patchSettings(assessmentMode automaticByPlatformSettings(bypassPlatformSafetyChecksOnUserSchedule
            rebootSetting) patchMode) provisionVMAgent ssh(publicKeys[*](keyData path)))
            requireGuestProvisionSignal secrets[*](sourceVault(id) vaultCertificates[*](certificateStore
            certificateUrl)) windowsConfiguration(additionalUnattendContent[*](componentName content passName
            settingName) enableAutomaticUpdates enableVMAgentPlatformUpdates patchSettings(assessmentMode
            automaticByPlatformSettings(bypassPlatformSafetyChecksOnUserSchedule rebootSetting)
            enableHotpatching patchMode) provisionVMAgent timeZone winRM(listeners[*](certificateUrl
            protocol)))) securityProfile(encryptionAtHost encryptionIdentity(userAssignedIdentityResourceId)
            proxyAgentSettings(enabled keyIncarnationId mode) securityType uefiSettings(secureBootEnabled
            vTpmEnabled)) storageProfile(dataDisks[*](caching diskRestorePoint(encryption(diskEncryptionSet(id)
            type) id sourceDiskRestorePoint(id)) diskSizeGB lun managedDisk(diskEncryptionSet(id) id
            securityProfile(diskEncryptionSet(id) securityEncryptionType) storageAccountType) name
            writeAcceleratorEnabled) diskControllerType osDisk(caching
            diskRestorePoint(encryption(diskEncryptionSet(id) type) id sourceDiskRestorePoint(id)) diskSizeGB
            encryptionSettings(diskEncryptionKey(secretUrl sourceVault(id)) enabled keyEncryptionKey(keyUrl
            sourceVault(id))) managedDisk(diskEncryptionSet(id) id securityProfile(diskEncryptionSet(id)
            securityEncryptionType) storageAccountType) name osType writeAcceleratorEnabled)) userData vmId)
        sourceRestorePoint(id)
        timeCreated
    """,
    "Microsoft.Compute/snapshots": """
        accountType
        completionPercent
        copyCompletionError(errorCode errorMessage)
        creationData(createOption elasticSanResourceId galleryImageReference(communityGalleryImageId id lun
            sharedGalleryImageId) imageReference(communityGalleryImageId id lun sharedGalleryImageId)
            instantAccessDurationMinutes logicalSectorSize performancePlus provisionedBandwidthCopySpeed
            securityDataUri securityMetadataUri sourceResourceId sourceUniqueId sourceUri storageAccountId
            uploadSizeBytes)
        dataAccessAuthMode
        diskAccessId
        diskSizeBytes
        diskSizeGB
        diskState
        encryption(diskEncryptionSetId type)
        encryptionSettings=encryptionSettingsCollection(diskEncryptionKey=encryptionSettings[*].diskEncryptionKey(secretUrl
            sourceVault(id)) enabled keyEncryptionKey=encryptionSettings[*].keyEncryptionKey(keyUrl
            sourceVault(id)))
        encryptionSettingsCollection(enabled encryptionSettings[*](diskEncryptionKey(secretUrl sourceVault(id))
            keyEncryptionKey(keyUrl sourceVault(id))) encryptionSettingsVersion)
        hyperVGeneration
        incremental
        incrementalSnapshotFamilyId
        /managedBy
        networkAccessPolicy
        osType
        ownerId
        provisioningState
        publicNetworkAccess
        purchasePlan(name product promotionCode publisher)
        securityProfile(secureVMDiskEncryptionSetId securityType)
        /sku(name tier)
        snapshotAccessState
        supportedCapabilities(acceleratedNetwork architecture diskControllerTypes supportedSecurityOption)
        supportsHibernation
        timeCreated
        uniqueId
    """,
}
