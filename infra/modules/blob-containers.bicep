// The containers of a storage account, and how long what is deleted or replaced there can be had back.

@description('Name of the storage account.')
param accountName string

@description('Names of the containers.')
param names array

@description('Whether what is overwritten stays as a version.')
param versioning bool = false

@description('Days in which a deleted blob or container can be restored; 0 switches it off.')
@minValue(0)
@maxValue(365)
param softDeleteDays int = 0

var retention = (softDeleteDays > 0) ? {
  enabled: true
  days: softDeleteDays
} : {
  enabled: false
}

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: accountName
}

resource service 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    isVersioningEnabled: versioning
    deleteRetentionPolicy: retention
    containerDeleteRetentionPolicy: retention
  }
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = [for name in names: {
  parent: service
  name: name
  properties: {
    publicAccess: 'None'
  }
}]
