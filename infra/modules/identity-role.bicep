// A role on a user-assigned identity.

@description('Name of the identity.')
param identityName string

@description('Resource id of the role.')
param roleDefinitionId string

@description('Object id of who gets it.')
param principalId string

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' existing = {
  name: identityName
}

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(identity.id, principalId, roleDefinitionId)
  scope: identity
  properties: {
    roleDefinitionId: roleDefinitionId
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
