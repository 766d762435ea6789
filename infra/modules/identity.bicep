// A user-assigned identity. It is there before what uses it, so that its roles are too.

@description('Name of the identity.')
param name string

@description('Region.')
param location string

@description('Tags of the identity.')
param tags object = {}

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
  tags: tags
}

@description('Resource id, by which apps and topics get the identity.')
output id string = identity.id

@description('Client id, by which an app says which of its identities it means.')
output clientId string = identity.properties.clientId

@description('Object id, to which roles are assigned.')
output principalId string = identity.properties.principalId
