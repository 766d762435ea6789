// All of muster in one subscription: two function apps, their storage, the evidence, telemetry, alerts, and the watch over
// this subscription and others. docs/install.md describes it; docs/decisions/0004-two-apps-three-accounts.md says why.

targetScope = 'subscription'

@description('Name of this installation: part of the names of its resources.')
@minLength(1)
@maxLength(32)
param environmentName string

@description('Region of everything that has one; it must have Flex Consumption.')
@minLength(1)
param location string

@description('Subscriptions that are watched: ids with commas between them. Empty is this one. * is every one that the deployment at a management group opens.')
param watchedSubscriptions string = ''

@description('Resource ids, with commas between them, of the system topics that watched subscriptions have already: Azure allows one each. They need a system-assigned identity. For the others one is made.')
param systemTopicIds string = ''

@description('How events come: queue is a Storage Queue with an identity, which works without keys. function is the Event Grid trigger; its event subscriptions are deployed in a second step, when the code is there.')
@allowed([
  'queue'
  'function'
])
param delivery string = 'queue'

@description('Client id of the app registration by which people sign in to the page. Empty lets nobody in.')
param pageClientId string = ''

@description('Who sees which subscriptions on the page: GROUP=SUBSCRIPTION,SUBSCRIPTION;GROUP=*, by ids. Empty shows all to everybody who can sign in.')
param pageGroups string = ''

@description('The tag that says whose a resource is.')
param ownerTag string = 'owner'

@description('Whether findings say who wrote a resource.')
param recordCaller bool = true

@description('Whether policies are read from the container policies, so that authors change them without a deployment; they must lie there already. Otherwise those of the package are used.')
param policiesFromContainer bool = false

@description('Whether what is assigned in Azure Policy is judged by too.')
param tenantPolicies bool = false

@description('Whether Azure is asked which security rules count for machines that run, security admin rules included. The identity of the checker gets the permission.')
param effectiveRules bool = false

@description('The least severity of which the notification topic is told.')
@allowed([
  'critical'
  'high'
  'medium'
  'low'
  'info'
])
param notificationSeverity string = 'high'

@description('Redundancy of the evidence. A region without zones needs Standard_LRS or Standard_GRS.')
@allowed([
  'Standard_LRS'
  'Standard_ZRS'
  'Standard_GRS'
  'Standard_GZRS'
])
param evidenceRedundancy string = 'Standard_ZRS'

@description('Days in which deleted evidence can be restored.')
@minValue(1)
@maxValue(365)
param softDeleteDays int = 7

@description('Days in which a record of history can be neither deleted nor altered by anybody; 0 sets no such policy.')
@minValue(0)
@maxValue(146000)
param historyImmutableDays int = 0

@description('Days after which history moves to the cool tier.')
@minValue(1)
param historyCoolAfterDays int = 90

@description('Days after which history is deleted; 0 keeps it for ever.')
@minValue(0)
param historyRetentionDays int = 0

@description('Days after which segments of the feed are deleted.')
@minValue(1)
param feedRetentionDays int = 365

@description('Days after which what could not be handled or delivered is deleted.')
@minValue(1)
param unprocessedRetentionDays int = 180

@description('Days for which replaced findings, checkpoints and indexes stay as versions.')
@minValue(1)
param versionRetentionDays int = 1

@description('Days for which logs are kept.')
@minValue(30)
@maxValue(730)
param logRetentionDays int = 90

@description('Most that is logged in a day, in GB; -1 sets no bound. Alerts see nothing of what is beyond it.')
param dailyLogCapGb int = -1

@description('Mail addresses that alerts go to, with commas between them. Empty makes alerts that are seen in the portal only.')
param alertEmails string = ''

@description('Most instances of the checker at a time.')
@minValue(1)
@maxValue(1000)
param maximumInstances int = 40

@description('Memory of an instance, in MB.')
@allowed([
  512
  2048
  4096
])
param instanceMemoryMB int = 2048

var token = uniqueString(subscription().id, environmentName, location)
var groupName = 'rg-${environmentName}'
var watchGroupName = 'rg-${environmentName}-watch'
var checkerName = 'func-${environmentName}-checker-${take(token, 6)}'
var pageName = 'func-${environmentName}-page-${take(token, 6)}'
var checkerHostName = 'stchecker${token}'
var pageHostName = 'stpage${token}'
var evidenceName = 'stevidence${token}'
var packageContainer = 'packages'
var tags = {
  application: 'muster'
}

var queueNames = [
  'muster-events'
  'muster-evaluations'
  'muster-sweeps'
  'muster-events-poison'
  'muster-evaluations-poison'
  'muster-sweeps-poison'
]

// Deployments at a subscription are kept where they were made first: one of the same name from elsewhere is refused.
var place = uniqueString(deployment().location)

var here = subscription().subscriptionId
var everySubscription = watchedSubscriptions == '*'
var watched = (everySubscription || empty(watchedSubscriptions)) ? [
  here
] : split(replace(toLower(watchedSubscriptions), ' ', ''), ',')
var topicIds = split(replace(systemTopicIds, ' ', ''), ',')

var builtIn = loadJsonContent('roles/built-in.json')

var checkerSettings = union({
  MUSTER_ROLE: 'checker'
  MUSTER_STORAGE__accountName: evidenceName
  MUSTER_STORAGE__clientId: checkerIdentity.outputs.clientId
  MUSTER_SUBSCRIPTIONS: everySubscription ? '*' : join(watched, ',')
  MUSTER_RECORD_CALLER: recordCaller ? 'true' : 'false'
  MUSTER_TENANT_POLICIES: tenantPolicies ? 'true' : 'false'
  MUSTER_EFFECTIVE_RULES: effectiveRules ? 'true' : 'false'
  MUSTER_OWNER_TAG: ownerTag
  MUSTER_TOPIC_ENDPOINT: notifications.outputs.endpoint
  MUSTER_TOPIC_SEVERITY: notificationSeverity
}, policiesFromContainer ? {
  MUSTER_POLICIES: 'blob://policies'
} : {})

var pageSettings = union({
  MUSTER_ROLE: 'page'
  MUSTER_STORAGE__accountName: evidenceName
  MUSTER_STORAGE__clientId: pageIdentity.outputs.clientId
  MUSTER_OWNER_TAG: ownerTag
  AzureWebJobsDisableHomepage: 'true'
  OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID: pageIdentity.outputs.clientId
  WEBSITE_AUTH_AAD_ALLOWED_TENANTS: tenant().tenantId
}, empty(pageGroups) ? {} : {
  MUSTER_PAGE_GROUPS: pageGroups
})

resource group 'Microsoft.Resources/resourceGroups@2024-03-01' = {
  name: groupName
  location: location
  tags: union(tags, {
    'azd-env-name': environmentName
  })
}

// Who does what

module checkerIdentity 'modules/identity.bicep' = {
  name: 'checker-identity'
  scope: group
  params: {
    name: 'id-${environmentName}-checker'
    location: location
    tags: tags
  }
}

module pageIdentity 'modules/identity.bicep' = {
  name: 'page-identity'
  scope: group
  params: {
    name: 'id-${environmentName}-page'
    location: location
    tags: tags
  }
}

module deliveryIdentity 'modules/identity.bicep' = {
  name: 'delivery-identity'
  scope: group
  params: {
    name: 'id-${environmentName}-delivery'
    location: location
    tags: tags
  }
}

module recorderRole 'modules/custom-role.bicep' = {
  name: 'muster-recorder-role-${place}'
  params: {
    role: loadJsonContent('roles/muster-recorder.json')
  }
}

// Storage

module checkerHost 'modules/host-storage.bicep' = {
  name: 'checker-host'
  scope: group
  params: {
    name: checkerHostName
    location: location
    packageContainer: packageContainer
    queueNames: queueNames
    principalId: checkerIdentity.outputs.principalId
    tags: tags
  }
}

module pageHost 'modules/host-storage.bicep' = {
  name: 'page-host'
  scope: group
  params: {
    name: pageHostName
    location: location
    packageContainer: packageContainer
    principalId: pageIdentity.outputs.principalId
    tags: tags
  }
}

module evidence 'modules/evidence.bicep' = {
  name: 'evidence'
  scope: group
  params: {
    name: evidenceName
    location: location
    skuName: evidenceRedundancy
    softDeleteDays: softDeleteDays
    historyImmutableDays: historyImmutableDays
    historyCoolAfterDays: historyCoolAfterDays
    historyRetentionDays: historyRetentionDays
    feedRetentionDays: feedRetentionDays
    unprocessedRetentionDays: unprocessedRetentionDays
    versionRetentionDays: versionRetentionDays
    recorderRoleId: recorderRole.outputs.id
    checkerPrincipalId: checkerIdentity.outputs.principalId
    pagePrincipalId: pageIdentity.outputs.principalId
    deliveryPrincipalId: deliveryIdentity.outputs.principalId
    workspaceId: monitoring.outputs.workspaceId
    tags: tags
  }
}

// Telemetry and alerts

module monitoring 'modules/monitoring.bicep' = {
  name: 'monitoring'
  scope: group
  params: {
    insightsName: 'appi-${environmentName}'
    workspaceName: 'log-${environmentName}'
    location: location
    retentionDays: logRetentionDays
    dailyCapGb: dailyLogCapGb
    publisherRoleId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn['Monitoring Metrics Publisher'])
    publisherPrincipalIds: [
      checkerIdentity.outputs.principalId
      pageIdentity.outputs.principalId
    ]
    tags: tags
  }
}

module queueLogs 'modules/storage-logs.bicep' = {
  name: 'queue-logs'
  scope: group
  params: {
    accountName: checkerHost.outputs.name
    workspaceId: monitoring.outputs.workspaceId
    queues: true
  }
}

module workbook 'modules/workbook.bicep' = {
  name: 'workbook'
  scope: group
  params: {
    insightsId: monitoring.outputs.insightsId
    location: location
    tags: tags
  }
}

module alerts 'modules/alerts.bicep' = {
  name: 'alerts'
  scope: group
  params: {
    prefix: 'muster-${environmentName}'
    location: location
    workspaceId: monitoring.outputs.workspaceId
    emails: empty(alertEmails) ? [] : split(replace(alertEmails, ' ', ''), ',')
    tags: tags
  }
}

module notifications 'modules/notification-topic.bicep' = {
  name: 'notification-topic'
  scope: group
  params: {
    name: 'evgt-${environmentName}-${take(token, 6)}'
    location: location
    senderRoleId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn['EventGrid Data Sender'])
    senderPrincipalId: checkerIdentity.outputs.principalId
    tags: tags
  }
}

// The apps, when all that they need is there

module checker 'modules/function-app.bicep' = {
  name: 'checker'
  scope: group
  params: {
    name: checkerName
    planName: 'plan-${environmentName}-checker'
    location: location
    serviceName: 'checker'
    identityId: checkerIdentity.outputs.id
    identityClientId: checkerIdentity.outputs.clientId
    hostStorageName: checkerHost.outputs.name
    packageContainer: packageContainer
    insightsName: monitoring.outputs.insightsName
    settings: checkerSettings
    maximumInstances: maximumInstances
    instanceMemoryMB: instanceMemoryMB
    tags: tags
  }
  dependsOn: [
    evidence
  ]
}

module page 'modules/function-app.bicep' = {
  name: 'page'
  scope: group
  params: {
    name: pageName
    planName: 'plan-${environmentName}-page'
    location: location
    serviceName: 'page'
    identityId: pageIdentity.outputs.id
    identityClientId: pageIdentity.outputs.clientId
    hostStorageName: pageHost.outputs.name
    packageContainer: packageContainer
    insightsName: monitoring.outputs.insightsName
    settings: pageSettings
    maximumInstances: 40
    instanceMemoryMB: instanceMemoryMB
    tags: tags
  }
  dependsOn: [
    evidence
  ]
}

module pageAuthentication 'modules/page-authentication.bicep' = {
  name: 'page-authentication'
  scope: group
  params: {
    appName: page.outputs.name
    clientId: pageClientId
    tenantId: tenant().tenantId
  }
}

// The watch

module deliveryToQueue 'modules/queue-role.bicep' = {
  name: 'delivery-to-queue'
  scope: group
  params: {
    accountName: checkerHost.outputs.name
    queueName: 'muster-events'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', builtIn['Storage Queue Data Message Sender'])
    principalId: deliveryIdentity.outputs.principalId
  }
}

module watch 'watch/main.bicep' = [for one in watched: {
  name: 'muster-watch-${uniqueString(one, environmentName, place)}'
  scope: subscription(one)
  params: {
    location: location
    resourceGroupName: watchGroupName
    eventSubscriptionName: 'muster-${environmentName}'
    systemTopicId: concat(filter(topicIds, id => startsWith(toLower(id), '/subscriptions/${one}/')), [
      ''
    ])[0]
    delivery: (delivery == 'queue') ? 'queue' : 'none'
    checkerPrincipalId: checkerIdentity.outputs.principalId
    effectiveRules: effectiveRules
    checkerId: checker.outputs.id
    deliveryIdentityId: deliveryIdentity.outputs.id
    queueAccountId: checkerHost.outputs.id
    deadLetterAccountId: evidence.outputs.id
    actionGroupId: alerts.outputs.actionGroupId
    tags: tags
  }
  dependsOn: [
    deliveryToQueue
  ]
}]

@description('Resource group of the installation.')
output AZURE_RESOURCE_GROUP string = groupName

@description('Name of the checker.')
output CHECKER_NAME string = checker.outputs.name

@description('Name of the page.')
output PAGE_NAME string = page.outputs.name

@description('Address of the page.')
output PAGE_URL string = 'https://${page.outputs.hostName}'

@description('Object id of the identity of the page, which the app registration trusts.')
output PAGE_PRINCIPAL_ID string = pageIdentity.outputs.principalId

@description('Name of the storage account of the evidence.')
output EVIDENCE_ACCOUNT string = evidence.outputs.name

@description('Resource id of the notification topic.')
output NOTIFICATION_TOPIC_ID string = notifications.outputs.id

@description('For the other deployments: object id of the identity of the checker.')
output CHECKER_PRINCIPAL_ID string = checkerIdentity.outputs.principalId

@description('For the other deployments: resource id of the checker.')
output CHECKER_ID string = checker.outputs.id

@description('For the other deployments: resource id of the identity that delivers.')
output DELIVERY_IDENTITY_ID string = deliveryIdentity.outputs.id

@description('For the other deployments: resource id of the storage account of the queue.')
output QUEUE_ACCOUNT_ID string = checkerHost.outputs.id

@description('For the other deployments: resource id of the storage account of dead letters.')
output DEAD_LETTER_ACCOUNT_ID string = evidence.outputs.id

@description('For the other deployments: resource id of the action group.')
output ACTION_GROUP_ID string = alerts.outputs.actionGroupId
