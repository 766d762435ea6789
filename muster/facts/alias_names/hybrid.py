"""Machines outside Azure that Arc connects, and guest configuration. The notation is that of `alias_tree`."""

NAMES = {
    "Microsoft.GuestConfiguration/guestConfigurationAssignments": """
        assignmentHash
        complianceReason
        complianceStatus
        contentHash=guestConfiguration.contentHash
        context
        guestConfiguration(assignmentSource assignmentType configurationParameter[*](name value)
            configurationProtectedParameter[*](name value) configurationSetting(actionAfterReboot
            allowModuleOverwrite configurationMode configurationModeFrequencyMins rebootIfNeeded
            refreshFrequencyMins) contentHash contentManagedIdentity contentType contentUri kind name type
            version)
        lastComplianceStatusChecked
        latestAssignmentReport(assignment(configuration(name version) name) complianceStatus endTime id
            operationType reportId resources[*](complianceStatus reasons[*](code phrase) resourceId) startTime
            vm(id uuid))
        latestReportId
        location
        parameterHash
        provisioningState
        resourceType
        targetResourceId
        vmssVMList[*](complianceStatus lastComplianceChecked latestReportId vmId vmResourceId)
    """,
    "Microsoft.HybridCompute/gateways": """
        allowedFeatures[*]
        gatewayBypass[*]
        gatewayEndpoint
        gatewayId
        gatewayType
        provisioningState
    """,
    "Microsoft.HybridCompute/licenses": """
        licenseDetails(assignedLicenses edition immutableId processors state target type
            volumeLicenseDetails[*](invoiceId programYear))
        licenseType
        provisioningState
        tenantId
    """,
    "Microsoft.HybridCompute/machines": """
        adFqdn
        agentConfiguration(configMode extensionsAllowList[*](publisher type) extensionsBlockList[*](publisher
            type) extensionsEnabled guestConfigurationEnabled incomingConnectionsPorts[*] proxyBypass[*]
            proxyUrl)
        agentUpgrade(correlationId desiredVersion enableAutomaticUpgrade lastAttemptDesiredVersion
            lastAttemptMessage lastAttemptStatus lastAttemptTimestamp)
        agentVersion
        clientPublicKey
        cloudMetadata(provider)
        detectedProperties
        displayName
        dnsFqdn
        domainName
        errorDetails[*](additionalInfo[*](type) code details[*](additionalInfo[*](type) code details[*] message
            target) message target)
        extensions[*](name status(code displayStatus level message time) type typeHandlerVersion)
        firmwareProfile(serialNumber type)
        hardwareProfile(numberOfCpuSockets processors[*](name numberOfCores) totalPhysicalMemoryInBytes)
        hardwareResourceId
        identityKeyStore
        lastStatusChange
        licenseProfile(esuProfile(assignedLicense(id :licenseDetails(assignedLicenses edition immutableId
            processors state target type) :licenseType location name :provisioningState tags :tenantId type)
            assignedLicenseImmutableId esuEligibility esuKeys[*](licenseStatus sku) esuKeyState
            licenseAssignmentState serverType) licenseChannel licenseStatus productProfile(billingEndDate
            billingStartDate disenrollmentDate enrollmentDate error(additionalInfo[*] code details[*] message
            target) productFeatures[*](billingEndDate billingStartDate disenrollmentDate enrollmentDate error
            name subscriptionStatus) productType subscriptionStatus)
            softwareAssurance(softwareAssuranceCustomer))
        locationData(city countryOrRegion district name)
        machineFqdn
        mssqlDiscovered
        networkProfile(networkInterfaces[*](id ipAddresses[*](address ipAddressVersion subnet(addressPrefix))
            macAddress name))
        osEdition
        osName
        osProfile(computerName linuxConfiguration(patchSettings(assessmentMode enableHotpatching patchMode
            status)) windowsConfiguration(patchSettings(assessmentMode enableHotpatching patchMode status)))
        osSku
        osType
        osVersion
        parentClusterResourceId
        physicalLocation
        privateLinkScopedResources[*]
        privateLinkScopeResourceId
        provisioningState
        serviceStatuses(extensionService(startupType status) guestConfigurationService(startupType status))
        status
        statusReason
        storageProfile(disks[*](diskType generatedId id maxSizeInBytes name path usedSpaceInBytes))
        tpmEkCertificate
        vmId
        vmUuid
    """,
    "Microsoft.HybridCompute/machines/extensions": """
        autoUpgradeMinorVersion
        enableAutomaticUpgrade
        forceUpdateTag
        instanceView(name status(code displayStatus level message time) type typeHandlerVersion)
        protectedSettings
        provisioningState
        publisher
        settings
        type
        typeHandlerVersion
    """,
    "Microsoft.HybridCompute/machines/licenseProfiles": """
        esuProfile(assignedLicense assignedLicenseImmutableId esuEligibility esuKeys[*](licenseStatus sku)
            esuKeyState serverType)
        productProfile(billingEndDate billingStartDate disenrollmentDate enrollmentDate
            error(additionalInfo[*](type) code details[*](additionalInfo[*] code details[*] message target)
            message target) productFeatures[*](billingEndDate billingStartDate disenrollmentDate enrollmentDate
            error(additionalInfo[*] code details[*] message target) name subscriptionStatus) productType
            subscriptionStatus)
        provisioningState
        softwareAssurance(softwareAssuranceCustomer)
    """,
    "Microsoft.HybridCompute/machines/runcommands": """
        asyncExecution
        errorBlobManagedIdentity(clientId objectId)
        errorBlobUri
        instanceView(endTime error executionMessage executionState exitCode name output startTime status(code
            displayStatus level message time) statuses[*](code displayStatus level message time))
        outputBlobManagedIdentity(clientId objectId)
        outputBlobUri
        parameters[*](name value)
        protectedParameters[*](name value)
        provisioningState
        runAsPassword
        runAsUser
        source(commandId script scriptUri scriptUriManagedIdentity(clientId objectId))
        timeoutInSeconds
    """,
    "Microsoft.HybridCompute/privateLinkScopes": """
        privateEndpointConnections[*](:groupIds[*] id name :privateEndpoint(id)
            :privateLinkServiceConnectionState(actionsRequired description status) :provisioningState type)
        privateLinkScopeId
        provisioningState
        publicNetworkAccess
        serviceExtensions[*](serviceExtensionPublicNetworkAccess serviceExtensionType)
    """,
    "Microsoft.HybridCompute/privateLinkScopes/privateEndpointConnections": """
        groupIds[*]
        privateEndpoint(id)
        privateLinkServiceConnectionState(actionsRequired description status)
        provisioningState
    """,
}
