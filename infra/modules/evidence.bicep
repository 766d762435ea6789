// The evidence: findings, history and what belongs to them, in an account of their own; how long it is kept; and who may do
// what with which container.

@description('Name of the storage account.')
param name string

@description('Region.')
param location string

@description('Redundancy.')
param skuName string

@description('Days in which what was deleted can be restored.')
param softDeleteDays int

@description('Days in which a record of history is immutable; 0 sets no such policy.')
param historyImmutableDays int

@description('Days after which history moves to the cool tier.')
param historyCoolAfterDays int

@description('Days after which history is deleted; 0 keeps it for ever.')
param historyRetentionDays int

@description('Days after which segments of the feed are deleted.')
param feedRetentionDays int

@description('Days after which what could not be handled or delivered is deleted.')
param unprocessedRetentionDays int

@description('Days for which what was replaced stays as a version.')
param versionRetentionDays int

@description('Resource id of the role that adds and neither overwrites nor deletes.')
param recorderRoleId string

@description('Object id of the identity of the checker.')
param checkerPrincipalId string

@description('Object id of the identity of the page.')
param pagePrincipalId string

@description('Object id of the identity that delivers events, and dead letters.')
param deliveryPrincipalId string

@description('Resource id of the workspace that is told of writes and deletions.')
param workspaceId string

@description('Tags of the account.')
param tags object = {}

var builtIn = loadJsonContent('../roles/built-in.json')
var contributorId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn['Storage Blob Data Contributor'])
var readerId = subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn['Storage Blob Data Reader'])

// What the checker replaces or removes; what it only adds to; what it only reads.
var changed = [
  'findings'
  'feed-state'
  'sweeps'
]
var added = [
  'history'
  'unprocessed'
  'feed'
]
var read = [
  'policies'
]
var deadLetters = [
  'deadletters'
]
var shown = [
  'findings'
  'history'
]

module account 'storage-account.bicep' = {
  name: '${name}-account'
  params: {
    name: name
    location: location
    skuName: skuName
    tags: tags
  }
}

module containers 'blob-containers.bicep' = {
  name: '${name}-containers'
  params: {
    accountName: account.outputs.name
    names: concat(changed, added, read, deadLetters)
    versioning: true
    softDeleteDays: softDeleteDays
  }
}

module immutability 'history-immutability.bicep' = if (historyImmutableDays > 0) {
  name: '${name}-immutability'
  params: {
    accountName: account.outputs.name
    containerName: 'history'
    days: historyImmutableDays
  }
  dependsOn: [
    containers
  ]
}

module lifecycle 'evidence-lifecycle.bicep' = {
  name: '${name}-lifecycle'
  params: {
    accountName: account.outputs.name
    historyCoolAfterDays: historyCoolAfterDays
    historyRetentionDays: historyRetentionDays
    feedRetentionDays: feedRetentionDays
    unprocessedRetentionDays: unprocessedRetentionDays
    versionRetentionDays: versionRetentionDays
  }
  dependsOn: [
    containers
  ]
}

module logs 'storage-logs.bicep' = {
  name: '${name}-logs'
  params: {
    accountName: account.outputs.name
    workspaceId: workspaceId
    blobs: true
  }
  dependsOn: [
    containers
  ]
}

module checkerChanges 'container-role.bicep' = {
  name: '${name}-checker-changes'
  params: {
    accountName: account.outputs.name
    names: changed
    roleDefinitionId: contributorId
    principalId: checkerPrincipalId
  }
  dependsOn: [
    containers
  ]
}

module checkerAdds 'container-role.bicep' = {
  name: '${name}-checker-adds'
  params: {
    accountName: account.outputs.name
    names: added
    roleDefinitionId: recorderRoleId
    principalId: checkerPrincipalId
  }
  dependsOn: [
    containers
  ]
}

module checkerReads 'container-role.bicep' = {
  name: '${name}-checker-reads'
  params: {
    accountName: account.outputs.name
    names: read
    roleDefinitionId: readerId
    principalId: checkerPrincipalId
  }
  dependsOn: [
    containers
  ]
}

module pageReads 'container-role.bicep' = {
  name: '${name}-page-reads'
  params: {
    accountName: account.outputs.name
    names: shown
    roleDefinitionId: readerId
    principalId: pagePrincipalId
  }
  dependsOn: [
    containers
  ]
}

module takesDeadLetters 'container-role.bicep' = {
  name: '${name}-dead-letters'
  params: {
    accountName: account.outputs.name
    names: deadLetters
    roleDefinitionId: contributorId
    principalId: deliveryPrincipalId
  }
  dependsOn: [
    containers
  ]
}

@description('Resource id of the account.')
output id string = account.outputs.id

@description('Name of the account.')
output name string = account.outputs.name
