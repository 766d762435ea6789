// muster over a management group: the checker reads all subscriptions below it, and each new one is watched by itself. It is
// deployed after main.bicep, whose outputs are its parameters, with watchedSubscriptions=* there.

targetScope = 'managementGroup'

@description('Region of the policy assignment and of the resource groups that it makes.')
param location string

@description('Name of the event subscription that main.bicep makes: muster-ENVIRONMENT.')
param eventSubscriptionName string

@description('Resource group for the system topic in each subscription: rg-ENVIRONMENT-watch.')
param resourceGroupName string

@description('Object id of the identity of the checker (CHECKER_PRINCIPAL_ID).')
param checkerPrincipalId string

@description('Whether the checker may ask which security rules count for machines that run, as effectiveRules of main.bicep.')
param effectiveRules bool = false

@description('Resource id of the identity that delivers (DELIVERY_IDENTITY_ID).')
param deliveryIdentityId string

@description('Resource id of the storage account of the queue (QUEUE_ACCOUNT_ID).')
param queueAccountId string

@description('Resource id of the storage account of dead letters (DEAD_LETTER_ACCOUNT_ID).')
param deadLetterAccountId string

@description('Whether subscriptions that are not watched yet are onboarded, or only reported.')
@allowed([
  'DeployIfNotExists'
  'AuditIfNotExists'
  'Disabled'
])
param onboarding string = 'DeployIfNotExists'

var builtIn = loadJsonContent('../roles/built-in.json')
var reader = loadJsonContent('../roles/muster-reader.json')
var effective = loadJsonContent('../roles/muster-effective-rules.json')
var onboarder = loadJsonContent('../roles/muster-onboarder.json')
var wanted = loadJsonContent('../watch/filter.json')

var group = managementGroup().id
var groupName = managementGroup().name
var deliveryIdentity = split(deliveryIdentityId, '/')
var queueAccount = split(queueAccountId, '/')
var deadLetterAccount = split(deadLetterAccountId, '/')

resource readerRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(group, reader.Name)
  properties: {
    roleName: '${reader.Name} (${groupName})'
    description: reader.Description
    type: 'CustomRole'
    permissions: [
      {
        actions: reader.Actions
        notActions: reader.NotActions
      }
    ]
    assignableScopes: [
      group
    ]
  }
}

resource reads 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(group, checkerPrincipalId, reader.Name)
  properties: {
    roleDefinitionId: readerRole.id
    principalId: checkerPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource effectiveRulesRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = if (effectiveRules) {
  name: guid(group, effective.Name)
  properties: {
    roleName: '${effective.Name} (${groupName})'
    description: effective.Description
    type: 'CustomRole'
    permissions: [
      {
        actions: effective.Actions
        notActions: effective.NotActions
      }
    ]
    assignableScopes: [
      group
    ]
  }
}

resource asksForRules 'Microsoft.Authorization/roleAssignments@2022-04-01' = if (effectiveRules) {
  name: guid(group, checkerPrincipalId, effective.Name)
  properties: {
    roleDefinitionId: effectiveRulesRole.id
    principalId: checkerPrincipalId
    principalType: 'ServicePrincipal'
  }
}

resource onboarderRole 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(group, onboarder.Name)
  properties: {
    roleName: '${onboarder.Name} (${groupName})'
    description: onboarder.Description
    type: 'CustomRole'
    permissions: [
      {
        actions: onboarder.Actions
        notActions: onboarder.NotActions
      }
    ]
    assignableScopes: [
      group
    ]
  }
}

// A topic of somebody else's does not count as being watched: only our own event subscription does. Where there is such a
// topic, the deployment fails and the subscription stays non-compliant, so that it is seen.
resource definition 'Microsoft.Authorization/policyDefinitions@2023-04-01' = {
  name: 'muster-watch'
  properties: {
    displayName: 'Subscriptions should be watched by muster'
    description: 'Makes the system topic and the event subscription by which muster learns of virtual machines that are deployed.'
    policyType: 'Custom'
    mode: 'All'
    metadata: {
      category: 'Compute'
      version: '1.0.0'
    }
    parameters: {
      effect: {
        type: 'String'
        defaultValue: 'DeployIfNotExists'
        allowedValues: [
          'DeployIfNotExists'
          'AuditIfNotExists'
          'Disabled'
        ]
        metadata: {
          displayName: 'Effect'
          description: 'What is done about a subscription that is not watched.'
        }
      }
    }
    policyRule: {
      if: {
        field: 'type'
        equals: 'Microsoft.Resources/subscriptions'
      }
      then: {
        effect: '[parameters(\'effect\')]'
        details: {
          type: 'Microsoft.EventGrid/systemTopics/eventSubscriptions'
          existenceScope: 'Subscription'
          deploymentScope: 'Subscription'
          existenceCondition: {
            anyOf: [
              {
                field: 'name'
                equals: eventSubscriptionName
              }
              {
                field: 'name'
                like: '*/${eventSubscriptionName}'
              }
            ]
          }
          roleDefinitionIds: [
            onboarderRole.id
          ]
          deployment: {
            location: location
            properties: {
              mode: 'Incremental'
              template: loadJsonContent('onboard.json')
              parameters: {
                location: {
                  value: location
                }
                resourceGroupName: {
                  value: resourceGroupName
                }
                eventSubscriptionName: {
                  value: eventSubscriptionName
                }
                deliveryIdentityId: {
                  value: deliveryIdentityId
                }
                queueAccountId: {
                  value: queueAccountId
                }
                queueName: {
                  value: 'muster-events'
                }
                deadLetterAccountId: {
                  value: deadLetterAccountId
                }
                deadLetterContainer: {
                  value: 'deadletters'
                }
                includedEventTypes: {
                  value: wanted.includedEventTypes
                }
                operationNames: {
                  value: wanted.operationNames
                }
              }
            }
          }
        }
      }
    }
  }
}

resource assignment 'Microsoft.Authorization/policyAssignments@2023-04-01' = {
  name: 'muster-watch'
  location: location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    displayName: 'Subscriptions should be watched by muster'
    policyDefinitionId: definition.id
    enforcementMode: 'Default'
    parameters: {
      effect: {
        value: onboarding
      }
    }
  }
}

resource onboards 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(group, assignment.name, onboarder.Name)
  properties: {
    roleDefinitionId: onboarderRole.id
    principalId: assignment.identity.principalId
    principalType: 'ServicePrincipal'
  }
}

// Event Grid asks of whoever makes an event subscription that they may write where its events go, and that they may assign
// the identity that takes them there.

module assignsIdentity '../modules/identity-role.bicep' = {
  name: 'muster-onboarding-identity'
  scope: resourceGroup(deliveryIdentity[2], deliveryIdentity[4])
  params: {
    identityName: deliveryIdentity[8]
    roleDefinitionId: subscriptionResourceId(deliveryIdentity[2], 'Microsoft.Authorization/roleDefinitions', builtIn['Managed Identity Operator'])
    principalId: assignment.identity.principalId
  }
}

module destinationRole '../modules/custom-role.bicep' = {
  name: 'muster-destination-role-${uniqueString(deployment().location)}'
  scope: subscription(queueAccount[2])
  params: {
    role: loadJsonContent('../roles/muster-destination.json')
  }
}

module aimsAtQueue '../modules/account-role.bicep' = {
  name: 'muster-onboarding-queue'
  scope: resourceGroup(queueAccount[2], queueAccount[4])
  params: {
    accountName: queueAccount[8]
    roleDefinitionId: destinationRole.outputs.id
    principalId: assignment.identity.principalId
  }
}

module aimsAtDeadLetters '../modules/account-role.bicep' = {
  name: 'muster-onboarding-dead-letters'
  scope: resourceGroup(deadLetterAccount[2], deadLetterAccount[4])
  params: {
    accountName: deadLetterAccount[8]
    roleDefinitionId: destinationRole.outputs.id
    principalId: assignment.identity.principalId
  }
}

@description('Resource id of the policy assignment, for remediation of subscriptions that are there already.')
output assignmentId string = assignment.id
