// A role on some containers of a storage account, and on nothing else in it.

@description('Name of the storage account.')
param accountName string

@description('Names of the containers.')
param names array

@description('Resource id of the role.')
param roleDefinitionId string

@description('Object id of the identity that gets it.')
param principalId string

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: accountName
}

resource service 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' existing = {
  parent: account
  name: 'default'
}

resource containers 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = [for name in names: {
  parent: service
  name: name
}]

resource assignments 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for (name, index) in names: {
  name: guid(account.id, name, principalId, roleDefinitionId)
  scope: containers[index]
  properties: {
    roleDefinitionId: roleDefinitionId
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}]
