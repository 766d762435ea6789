// A storage account that nobody reaches with a key, by plain HTTP or without signing in.

@description('Name of the account, unique in Azure: 3 to 24 lower-case letters and digits.')
@minLength(3)
@maxLength(24)
param name string

@description('Region.')
param location string

@description('Redundancy.')
param skuName string = 'Standard_LRS'

@description('Tags of the account.')
param tags object = {}

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: name
  location: location
  tags: tags
  kind: 'StorageV2'
  sku: {
    name: skuName
  }
  properties: {
    accessTier: 'Hot'
    allowBlobPublicAccess: false
    allowCrossTenantReplication: false
    allowSharedKeyAccess: false
    defaultToOAuthAuthentication: true
    minimumTlsVersion: 'TLS1_2'
    supportsHttpsTrafficOnly: true
    networkAcls: {
      // Event Grid gets in by its identity also where defaultAction is made Deny.
      bypass: 'AzureServices'
      defaultAction: 'Allow'
    }
  }
}

@description('Resource id of the account.')
output id string = account.id

@description('Name of the account, for what must wait until it is there.')
output name string = account.name
