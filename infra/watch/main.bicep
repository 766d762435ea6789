// What a watched subscription has of muster: its system topic, the event subscription, and the right to read. The main
// deployment calls it for each; it is also deployed by itself, for a subscription that is added later and for the second
// step of direct delivery (docs/install.md).

targetScope = 'subscription'

@description('Region of the resource group, and of nothing else: the topic is global.')
param location string

@description('Resource group for the topic, made where a topic is made.')
param resourceGroupName string = 'rg-muster-watch'

@description('Name of the event subscription; another one for each installation that watches the same subscription.')
param eventSubscriptionName string = 'muster'

@description('Resource id of the system topic of this subscription, where there is one. It needs a system-assigned identity. Empty: a topic is made.')
param systemTopicId string = ''

@description('queue: to the Storage Queue muster-events, with an identity. function: to the Event Grid trigger of the checker, whose code is deployed before. none: no event subscription yet.')
@allowed([
  'queue'
  'function'
  'none'
])
param delivery string = 'queue'

@description('Object id of the identity of the checker, which reads this subscription.')
param checkerPrincipalId string

@description('Whether the checker may ask which security rules count for machines that run.')
param effectiveRules bool = false

@description('Resource id of the checker, for delivery to its trigger.')
param checkerId string

@description('Resource id of the identity that delivers for topics that are made.')
param deliveryIdentityId string

@description('Resource id of the storage account of the queue.')
param queueAccountId string

@description('Resource id of the storage account of dead letters.')
param deadLetterAccountId string

@description('Resource id of the action group that is told of dead letters; empty makes no alert here.')
param actionGroupId string = ''

@description('Tags of what is made.')
param tags object = {}

var builtIn = loadJsonContent('../roles/built-in.json')
var queueName = 'muster-events'
var deadLetterContainer = 'deadletters'

// Deployments at a subscription are kept where they were made first: one of the same name from elsewhere is refused.
var place = uniqueString(deployment().location)

var makesTopic = empty(systemTopicId)
var topicName = makesTopic ? 'evgst-muster' : split(systemTopicId, '/')[8]
var topicGroup = makesTopic ? resourceGroupName : split(systemTopicId, '/')[4]
var queueAccount = split(queueAccountId, '/')
var deadLetterAccount = split(deadLetterAccountId, '/')

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = if (makesTopic) {
  name: resourceGroupName
  location: location
  tags: tags
}

module readerRole '../modules/custom-role.bicep' = {
  name: 'muster-reader-role-${place}'
  params: {
    role: loadJsonContent('../roles/muster-reader.json')
  }
}

module reads '../modules/subscription-role.bicep' = {
  name: 'muster-reads-${place}'
  params: {
    roleDefinitionId: readerRole.outputs.id
    principalId: checkerPrincipalId
  }
}

module effectiveRulesRole '../modules/custom-role.bicep' = if (effectiveRules) {
  name: 'muster-effective-rules-role-${place}'
  params: {
    role: loadJsonContent('../roles/muster-effective-rules.json')
  }
}

module asksForRules '../modules/subscription-role.bicep' = if (effectiveRules) {
  name: 'muster-asks-for-rules-${place}'
  params: {
    roleDefinitionId: effectiveRules ? effectiveRulesRole!.outputs.id : ''
    principalId: checkerPrincipalId
  }
}

module topic 'modules/system-topic.bicep' = if (makesTopic) {
  name: 'muster-system-topic'
  scope: resourceGroup(topicGroup)
  params: {
    name: topicName
    identityId: deliveryIdentityId
    tags: tags
  }
  dependsOn: [
    group
  ]
}

module existingTopic 'modules/existing-topic.bicep' = if (!makesTopic) {
  name: 'muster-existing-topic'
  scope: resourceGroup(topicGroup)
  params: {
    name: topicName
  }
}

module queueAccess '../modules/queue-role.bicep' = if (!makesTopic) {
  name: 'muster-queue-${uniqueString(subscription().id)}'
  scope: resourceGroup(queueAccount[2], queueAccount[4])
  params: {
    accountName: queueAccount[8]
    queueName: queueName
    roleDefinitionId: subscriptionResourceId(queueAccount[2], 'Microsoft.Authorization/roleDefinitions', builtIn['Storage Queue Data Message Sender'])
    principalId: makesTopic ? '' : existingTopic!.outputs.principalId
  }
}

module deadLetterAccess '../modules/container-role.bicep' = if (!makesTopic) {
  name: 'muster-dead-letters-${uniqueString(subscription().id)}'
  scope: resourceGroup(deadLetterAccount[2], deadLetterAccount[4])
  params: {
    accountName: deadLetterAccount[8]
    names: [
      deadLetterContainer
    ]
    roleDefinitionId: subscriptionResourceId(deadLetterAccount[2], 'Microsoft.Authorization/roleDefinitions', builtIn['Storage Blob Data Contributor'])
    principalId: makesTopic ? '' : existingTopic!.outputs.principalId
  }
}

module events 'modules/event-subscription.bicep' = if (delivery != 'none') {
  name: 'muster-${eventSubscriptionName}'
  scope: resourceGroup(topicGroup)
  params: {
    topicName: topicName
    name: eventSubscriptionName
    delivery: (delivery == 'function') ? 'function' : 'queue'
    identityId: makesTopic ? deliveryIdentityId : ''
    queueAccountId: queueAccountId
    queueName: queueName
    deadLetterAccountId: deadLetterAccountId
    deadLetterContainer: deadLetterContainer
    checkerId: checkerId
  }
  dependsOn: [
    topic
    queueAccess
    deadLetterAccess
    reads
  ]
}

module alert 'modules/topic-alert.bicep' = if (!empty(actionGroupId)) {
  name: 'muster-topic-alert'
  scope: resourceGroup(topicGroup)
  params: {
    topicName: topicName
    eventSubscriptionName: eventSubscriptionName
    actionGroupId: actionGroupId
    tags: tags
  }
  dependsOn: [
    topic
  ]
}

@description('Resource id of the system topic.')
output systemTopicId string = '${subscription().id}/resourceGroups/${topicGroup}/providers/Microsoft.EventGrid/systemTopics/${topicName}'
