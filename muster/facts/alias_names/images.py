"""Images and galleries, and the templates that build them. The notation is that of `alias_tree`."""

NAMES = {
    "Microsoft.Compute/galleries": """
        !applications=(endOfLifeDate eula privacyStatementUri releaseNoteUri supportedOSType
            !versions=(publishingProfile(contentType enableHealthCheck endOfLifeDate excludeFromLatest
            publishedDate replicaCount source(fileName mediaLink) storageAccountType targetRegions[*](name
            regionalReplicaCount storageAccountType)) replicationStatus(aggregatedState summary[*](details
            progress region state))))
        description
        identifier(uniqueName)
        provisioningState
        sharingProfile(communityGalleryInfo(communityGalleryEnabled eula publicNamePrefix publicNames[*]
            publisherContact publisherUri) groups[*](ids[*] type) permissions)
        sharingStatus(aggregatedState summary[*](details region state))
        softDeletePolicy(isSoftDeleteEnabled)
    """,
    "Microsoft.Compute/galleries/applications": """
        customActions[*](description name parameters[*](defaultValue description name required type) script)
        description
        endOfLifeDate
        eula
        privacyStatementUri
        releaseNoteUri
        supportedOSType
    """,
    "Microsoft.Compute/galleries/applications/versions": """
        provisioningState
        publishingProfile(advancedSettings contentType customActions[*](description name
            parameters[*](defaultValue description name required type) script) enableHealthCheck endOfLifeDate
            excludeFromLatest manageActions(install remove update) publishedDate replicaCount replicationMode
            settings(configFileName packageFileName scriptBehaviorAfterReboot) source(defaultConfigurationLink
            fileName mediaLink) storageAccountStrategy storageAccountType
            targetExtendedLocations[*](encryption(dataDiskImages[*](diskEncryptionSetId lun)
            osDiskImage(diskEncryptionSetId securityProfile(confidentialVMEncryptionType
            secureVMDiskEncryptionSetId))) extendedLocation(name type) extendedLocationReplicaCount name
            storageAccountType) targetRegions[*](additionalReplicaSets[*](regionalReplicaCount
            storageAccountType) encryption(dataDiskImages[*](diskEncryptionSetId lun)
            osDiskImage(diskEncryptionSetId securityProfile(confidentialVMEncryptionType
            secureVMDiskEncryptionSetId))) excludeFromLatest name regionalReplicaCount storageAccountType))
        replicationStatus(aggregatedState summary[*](details progress region state))
        safetyProfile(allowDeletionOfReplicatedLocations)
    """,
    "Microsoft.Compute/galleries/images": """
        allowUpdateImage
        architecture
        description
        disallowed(diskTypes[*])
        endOfLifeDate
        eula
        features[*](name startsAtVersion value)
        hyperVGeneration
        identifier(offer publisher sku)
        osState
        osType
        privacyStatementUri
        provisioningState
        purchasePlan(name product publisher)
        recommended(memory(max min) vCPUs(max min))
        releaseNoteUri
    """,
    "Microsoft.Compute/galleries/images/versions": """
        provisioningState
        publishingProfile(endOfLifeDate excludeFromLatest publishedDate replicaCount replicationMode
            source(managedImage(id)) storageAccountStrategy storageAccountType
            targetExtendedLocations[*](encryption(dataDiskImages[*](diskEncryptionSetId lun)
            osDiskImage(diskEncryptionSetId securityProfile(confidentialVMEncryptionType
            secureVMDiskEncryptionSetId))) extendedLocation(name type) extendedLocationReplicaCount name
            storageAccountType) targetRegions[*](additionalReplicaSets[*](regionalReplicaCount
            storageAccountType) encryption(dataDiskImages[*](diskEncryptionSetId lun)
            osDiskImage(diskEncryptionSetId securityProfile(confidentialVMEncryptionType
            secureVMDiskEncryptionSetId))) excludeFromLatest name regionalReplicaCount storageAccountType))
        replicationStatus(aggregatedState summary[*](details progress region state))
        restore
        safetyProfile(allowDeletionOfReplicatedLocations blockDeletionBeforeEndOfLife
            policyViolations[*](category details) reportedForPolicyViolation)
        securityProfile(uefiSettings(additionalSignatures(db[*](type value[*]) dbx[*](type value[*]) kek[*](type
            value[*]) pk(type value[*])) signatureTemplateNames[*]))
        storageProfile(dataDiskImages[*](hostCaching lun sizeInGB source(id storageAccountId uri))
            osDiskImage(hostCaching sizeInGB source(id storageAccountId uri)) source(communityGalleryImageId id
            uri virtualMachineId))
        validationsProfile(executedValidations[*](executionTime status type version) platformAttributes[*](name
            value) validationEtag)
    """,
    "Microsoft.Compute/galleries/inVMAccessControlProfiles": """
        applicableHostEndpoint
        description
        osType
        provisioningState
    """,
    "Microsoft.Compute/galleries/inVMAccessControlProfiles/versions": """
        defaultAccess
        excludeFromLatest
        mode
        provisioningState
        publishedDate
        replicationStatus(aggregatedState summary[*](details progress region state))
        rules(identities[*](exePath groupName name processName userName) privileges[*](name path
            queryParameters) roleAssignments[*](identities[*] role) roles[*](name privileges[*]))
        targetLocations[*](additionalReplicaSets[*](regionalReplicaCount storageAccountType)
            encryption(dataDiskImages[*](diskEncryptionSetId lun) osDiskImage(diskEncryptionSetId
            securityProfile(confidentialVMEncryptionType secureVMDiskEncryptionSetId))) excludeFromLatest name
            regionalReplicaCount storageAccountType)
    """,
    "Microsoft.Compute/images": """
        hyperVGeneration
        provisioningState
        sourceVirtualMachine(id)
        storageProfile(dataDisks[*](blobUri caching diskEncryptionSet(id) diskSizeGB lun managedDisk(id)
            snapshot(id) storageAccountType) osDisk(blobUri caching diskEncryptionSet(id) diskSizeGB
            managedDisk(id) osState osType snapshot(id) storageAccountType) zoneResilient)
    """,
    "Microsoft.VirtualMachineImages/imageTemplates": """
        buildTimeoutInMinutes
        customize[*](name type)
        distribute[*](artifactTags runOutputName type)
        lastRunStatus(endTime message runState runSubState startTime)
        provisioningError(message provisioningErrorCode)
        provisioningState
        source(type)
        vmProfile(osDiskSizeGB vmSize vnetConfig(subnetId))
    """,
}
