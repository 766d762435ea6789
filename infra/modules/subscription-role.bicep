// A role on a subscription.

targetScope = 'subscription'

@description('Resource id of the role.')
param roleDefinitionId string

@description('Object id of the identity that gets it.')
param principalId string

resource assignment 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(subscription().id, principalId, roleDefinitionId)
  properties: {
    roleDefinitionId: roleDefinitionId
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}
