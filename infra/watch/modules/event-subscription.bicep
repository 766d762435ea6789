// The event subscription: writes and deletions of virtual machines and scale sets, and nothing else, as CloudEvents. What is
// not delivered within a day becomes a dead letter.

@description('Name of the system topic.')
param topicName string

@description('Name of the event subscription.')
param name string

@description('queue: delivered to a Storage Queue with an identity. function: to the Event Grid trigger of the checker.')
@allowed([
  'queue'
  'function'
])
param delivery string

@description('Resource id of the user-assigned identity that delivers; empty is the system-assigned identity of the topic.')
param identityId string

@description('Resource id of the storage account of the queue.')
param queueAccountId string

@description('Name of the queue.')
param queueName string

@description('Resource id of the storage account of dead letters.')
param deadLetterAccountId string

@description('Container of dead letters.')
param deadLetterContainer string

@description('Resource id of the checker, for delivery to its Event Grid trigger.')
param checkerId string

var wanted = loadJsonContent('../filter.json')

var identity = empty(identityId) ? {
  type: 'SystemAssigned'
} : {
  type: 'UserAssigned'
  userAssignedIdentity: identityId
}

var toQueue = {
  deliveryWithResourceIdentity: {
    identity: identity
    destination: {
      endpointType: 'StorageQueue'
      properties: {
        resourceId: queueAccountId
        queueName: queueName
        queueMessageTimeToLiveInSeconds: -1
      }
    }
  }
}

var toFunction = {
  destination: {
    endpointType: 'AzureFunction'
    properties: {
      resourceId: '${checkerId}/functions/on_vm_written'
      maxEventsPerBatch: 1
      preferredBatchSizeInKilobytes: 64
    }
  }
}

var destination = (delivery == 'queue') ? toQueue : toFunction

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource events 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2025-02-15' = {
  parent: topic
  name: name
  properties: union(destination, {
    deadLetterWithResourceIdentity: {
      identity: identity
      deadLetterDestination: {
        endpointType: 'StorageBlob'
        properties: {
          resourceId: deadLetterAccountId
          blobContainerName: deadLetterContainer
        }
      }
    }
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: wanted.includedEventTypes
      advancedFilters: [
        {
          operatorType: 'StringIn'
          key: 'data.operationName'
          values: wanted.operationNames
        }
      ]
    }
    retryPolicy: {
      maxDeliveryAttempts: 30
      eventTimeToLiveInMinutes: 1440
    }
  })
}
