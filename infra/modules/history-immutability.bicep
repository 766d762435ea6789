// A time-based retention policy on the history: for so many days after it was written nobody deletes or alters a record,
// whatever their role. It is unlocked; locking it can't be undone and is left to its owner.

@description('Name of the storage account.')
param accountName string

@description('Name of the container of history.')
param containerName string

@description('Days after writing in which a record is immutable.')
@minValue(1)
@maxValue(146000)
param days int

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: accountName
}

resource service 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' existing = {
  parent: account
  name: 'default'
}

resource history 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = {
  parent: service
  name: containerName
}

resource policy 'Microsoft.Storage/storageAccounts/blobServices/containers/immutabilityPolicies@2023-05-01' = {
  parent: history
  name: 'default'
  properties: {
    immutabilityPeriodSinceCreationInDays: days
    allowProtectedAppendWrites: false
  }
}
