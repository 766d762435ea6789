// Who wrote and deleted blobs, and what came into the queues, in the workspace: alerts on dead letters and on poisoned
// messages read it.

@description('Name of the storage account.')
param accountName string

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Whether the blobs are logged.')
param blobs bool = false

@description('Whether the queues are logged.')
param queues bool = false

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: accountName
}

resource blobService 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' existing = {
  parent: account
  name: 'default'
}

resource queueService 'Microsoft.Storage/storageAccounts/queueServices@2023-05-01' existing = {
  parent: account
  name: 'default'
}

resource blobLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (blobs) {
  scope: blobService
  name: 'muster'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
      {
        category: 'StorageDelete'
        enabled: true
      }
    ]
  }
}

resource queueLogs 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = if (queues) {
  scope: queueService
  name: 'muster'
  properties: {
    workspaceId: workspaceId
    logs: [
      {
        category: 'StorageWrite'
        enabled: true
      }
    ]
  }
}
