// The storage of a Functions host: its account, the container of its package, the queues of its triggers, and the rights of
// its app, and of nobody else, to them.

@description('Name of the storage account.')
param name string

@description('Region.')
param location string

@description('Container of the package.')
param packageContainer string

@description('Queues of the triggers, those of poisoned messages among them.')
param queueNames array = []

@description('Object id of the identity of the app.')
param principalId string

@description('Tags of the account.')
param tags object = {}

var builtIn = loadJsonContent('../roles/built-in.json')

module account 'storage-account.bicep' = {
  name: '${name}-account'
  params: {
    name: name
    location: location
    tags: tags
  }
}

module packages 'blob-containers.bicep' = {
  name: '${name}-packages'
  params: {
    accountName: account.outputs.name
    names: [
      packageContainer
    ]
  }
}

module queues 'queues.bicep' = if (!empty(queueNames)) {
  name: '${name}-queues'
  params: {
    accountName: account.outputs.name
    names: queueNames
  }
}

// The package, the locks of timers, the host's own files.
module ownsBlobs 'account-role.bicep' = {
  name: '${name}-owns-blobs'
  params: {
    accountName: account.outputs.name
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn['Storage Blob Data Owner'])
    principalId: principalId
  }
}

module usesQueues 'account-role.bicep' = if (!empty(queueNames)) {
  name: '${name}-uses-queues'
  params: {
    accountName: account.outputs.name
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn['Storage Queue Data Contributor'])
    principalId: principalId
  }
}

@description('Resource id of the account.')
output id string = account.outputs.id

@description('Name of the account.')
output name string = account.outputs.name
