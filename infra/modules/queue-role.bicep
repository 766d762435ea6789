// A role on one queue of a storage account.

@description('Name of the storage account.')
param accountName string

@description('Name of the queue.')
param queueName string

@description('Resource id of the role.')
param roleDefinitionId string

@description('Object id of the identity that gets it.')
param principalId string

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: accountName
}

resource service 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' existing = {
  parent: account
  name: 'default'
}

resource queue 'Microsoft.Storage/storageAccounts/queueServices/queues@2023-05-01' existing = {
  parent: service
  name: queueName
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(account.id, queueName, principalId, roleDefinitionId)
  scope: queue
  properties: {
    roleDefinitionId: roleDefinitionId
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
