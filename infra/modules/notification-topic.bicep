// The topic that is told of changes of findings, and the right to tell it.

@description('Name of the topic.')
param name string

@description('Region.')
param location string

@description('Resource id of the role by which events are published.')
param senderRoleId string

@description('Object id of the identity that publishes.')
param senderPrincipalId string

@description('Tags of the topic.')
param tags object = {}

resource topic 'Microsoft.EventGrid/topics@2025-02-15' = {
  name: name
  location: location
  tags: tags
  properties: {
    inputSchema: 'CloudEventSchemaV1_0'
    disableLocalAuth: true
    minimumTlsVersionAllowed: '1.2'
    publicNetworkAccess: 'Enabled'
  }
}

resource sender 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(topic.id, senderPrincipalId, senderRoleId)
  scope: topic
  properties: {
    roleDefinitionId: senderRoleId
    principalId: senderPrincipalId
    principalType: 'ServicePrincipal'
  }
}

@description('Where events are published.')
output endpoint string = topic.properties.endpoint

@description('Resource id of the topic, to subscribe to.')
output id string = topic.id
