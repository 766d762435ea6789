// How long the evidence is kept, and where it gets cheaper. History is deleted only where a retention is given.

@description('Name of the storage account.')
param accountName string

@description('Days after which history moves to the cool tier.')
@minValue(1)
param historyCoolAfterDays int

@description('Days after which history is deleted; 0 keeps it for ever.')
@minValue(0)
param historyRetentionDays int

@description('Days after which segments of the feed are deleted.')
@minValue(1)
param feedRetentionDays int

@description('Days after which what could not be handled or delivered is deleted.')
@minValue(1)
param unprocessedRetentionDays int

@description('Days for which replaced findings, checkpoints and indexes stay as versions.')
@minValue(1)
param versionRetentionDays int

var historyRule = (historyRetentionDays > 0) ? [
  {
    name: 'delete-history'
    enabled: true
    type: 'Lifecycle'
    definition: {
      filters: {
        blobTypes: [
          'blockBlob'
        ]
        prefixMatch: [
          'history/'
        ]
      }
      actions: {
        baseBlob: {
          delete: {
            daysAfterModificationGreaterThan: historyRetentionDays
          }
        }
        version: {
          delete: {
            daysAfterCreationGreaterThan: historyRetentionDays
          }
        }
      }
    }
  }
] : []

resource account 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: accountName
}

resource lifecycle 'Microsoft.Storage/storageAccounts/managementPolicies@2023-05-01' = {
  parent: account
  name: 'default'
  properties: {
    policy: {
      rules: concat([
        {
          name: 'cool-history'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                'history/'
              ]
            }
            actions: {
              baseBlob: {
                tierToCool: {
                  daysAfterModificationGreaterThan: historyCoolAfterDays
                }
              }
            }
          }
        }
        {
          name: 'delete-feed'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                'feed/'
              ]
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: feedRetentionDays
                }
              }
            }
          }
        }
        {
          name: 'delete-unprocessed'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                'unprocessed/'
                'deadletters/'
              ]
            }
            actions: {
              baseBlob: {
                delete: {
                  daysAfterModificationGreaterThan: unprocessedRetentionDays
                }
              }
            }
          }
        }
        {
          name: 'delete-versions'
          enabled: true
          type: 'Lifecycle'
          definition: {
            filters: {
              blobTypes: [
                'blockBlob'
              ]
              prefixMatch: [
                'findings/'
                'sweeps/'
                'feed-state/'
                'feed/'
                'unprocessed/'
                'deadletters/'
              ]
            }
            actions: {
              version: {
                delete: {
                  daysAfterCreationGreaterThan: versionRetentionDays
                }
              }
            }
          }
        }
      ], historyRule)
    }
  }
}
