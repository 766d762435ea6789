// Application Insights on a Log Analytics workspace. Telemetry comes with an identity, never with a key alone.

@description('Name of Application Insights.')
param insightsName string

@description('Name of the workspace.')
param workspaceName string

@description('Region.')
param location string

@description('Days for which logs are kept.')
@minValue(30)
@maxValue(730)
param retentionDays int

@description('Most that is taken in a day, in GB; -1 sets no bound.')
param dailyCapGb int

@description('Resource id of the role by which telemetry is sent.')
param publisherRoleId string

@description('Object ids of the identities that send telemetry.')
param publisherPrincipalIds array

@description('Tags of both.')
param tags object = {}

resource workspace 'Microsoft.OperationalInsights/workspaces@2023-09-01' = {
  name: workspaceName
  location: location
  tags: tags
  properties: {
    sku: {
      name: 'PerGB2018'
    }
    retentionInDays: retentionDays
    workspaceCapping: {
      dailyQuotaGb: dailyCapGb
    }
  }
}

resource insights 'Microsoft.Insights/components@2020-02-02' = {
  name: insightsName
  location: location
  tags: tags
  kind: 'web'
  properties: {
    Application_Type: 'web'
    WorkspaceResourceId: workspace.id
    DisableLocalAuth: true
  }
}

resource publishers 'Microsoft.Authorization/roleAssignments@2022-04-01' = [for principalId in publisherPrincipalIds: {
  name: guid(insights.id, principalId, publisherRoleId)
  scope: insights
  properties: {
    roleDefinitionId: publisherRoleId
    principalId: principalId
    principalType: 'ServicePrincipal'
  }
}]

@description('Resource id of the workspace, which alerts ask.')
output workspaceId string = workspace.id

@description('Name of Application Insights, for the apps.')
output insightsName string = insights.name

@description('Resource id of Application Insights.')
output insightsId string = insights.id
