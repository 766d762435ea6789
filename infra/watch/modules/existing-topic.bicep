// A system topic that is there already. It delivers with its own system-assigned identity, which it must have.

@description('Name of the topic.')
param name string

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: name
}

@description('Object id of the identity of the topic.')
output principalId string = topic.identity.principalId
