// The system topic of a subscription's events. Azure has at most one a subscription, in that subscription.

@description('Name of the topic.')
param name string

@description('Resource id of the identity that delivers.')
param identityId string

@description('Tags of the topic.')
param tags object = {}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' = {
  name: name
  location: 'global'
  tags: tags
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    source: subscription().id
    topicType: 'Microsoft.Resources.Subscriptions'
  }
}
