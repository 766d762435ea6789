// The queues of a storage account.

@description('Name of the storage account.')
param accountName string

@description('Names of the queues.')
param names array

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: accountName
}

resource service 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' = {
  parent: account
  name: 'default'
}

resource queues 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' = [for name in names: {
  parent: service
  name: name
}]
