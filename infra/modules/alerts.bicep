// Alerts on what muster itself must never be silent about. The queries are in infra/alerts, one file each; a query that
// gives a row is an alert.

@description('What the names of the alerts begin with.')
param prefix string

@description('Region of the workspace.')
param location string

@description('Resource id of the Log Analytics workspace.')
param workspaceId string

@description('Mail addresses that are told.')
param emails array

@description('Tags of the alerts.')
param tags object = {}

var rules = [
  {
    name: 'events-not-processed'
    description: 'Events or requests could not be handled, or their functions keep failing. muster deadletters lists what was given up.'
    severity: 2
    frequency: 'PT15M'
    window: 'PT15M'
    query: loadTextContent('../alerts/events-not-processed.kql')
  }
  {
    name: 'dead-letters'
    description: 'Event Grid gave up delivering events, or the Functions host gave up a message. muster deadletters lists them.'
    severity: 1
    frequency: 'PT15M'
    window: 'PT30M'
    query: loadTextContent('../alerts/dead-letters.kql')
  }
  {
    name: 'history-deletion'
    description: 'Somebody deleted, or tried to delete, records of history.'
    severity: 1
    frequency: 'PT15M'
    window: 'PT30M'
    query: loadTextContent('../alerts/history-deletion.kql')
  }
  {
    name: 'stale-catalogue'
    description: 'The catalogue of releases has not been refreshed for long: dates of support may be wrong.'
    severity: 3
    frequency: 'PT6H'
    window: 'P1D'
    query: loadTextContent('../alerts/stale-catalogue.kql')
  }
  {
    name: 'sweep-overdue'
    description: 'No sweep was completed for more than a day: what came without an event is not known.'
    severity: 2
    frequency: 'PT1H'
    window: 'PT6H'
    query: loadTextContent('../alerts/sweep-overdue.kql')
  }
  {
    name: 'coverage-incomplete'
    description: 'The last sweep did not judge every resource. muster coverage says which and why.'
    severity: 2
    frequency: 'PT1H'
    window: 'PT6H'
    query: loadTextContent('../alerts/coverage-incomplete.kql')
  }
  {
    name: 'latency'
    description: 'It takes too long from an event to its finding.'
    severity: 3
    frequency: 'PT15M'
    window: 'PT1H'
    query: loadTextContent('../alerts/latency.kql')
  }
]

resource actionGroup 'Microsoft.Insights/actionGroups@2023-01-01' = {
  name: '${prefix}-alerts'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'muster'
    enabled: true
    emailReceivers: [for (mail, index) in emails: {
      name: 'mail-${index}'
      emailAddress: mail
      useCommonAlertSchema: true
    }]
  }
}

resource alerts 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [for rule in rules: {
  name: '${prefix}-${rule.name}'
  location: location
  tags: tags
  kind: 'LogAlert'
  properties: {
    displayName: 'muster: ${rule.name}'
    description: rule.description
    severity: rule.severity
    enabled: true
    scopes: [
      workspaceId
    ]
    evaluationFrequency: rule.frequency
    windowSize: rule.window
    autoMitigate: true
    // The tables come with the first telemetry, after the first deployment.
    skipQueryValidation: true
    criteria: {
      allOf: [
        {
          query: rule.query
          timeAggregation: 'Count'
          operator: 'GreaterThan'
          threshold: 0
          failingPeriods: {
            numberOfEvaluationPeriods: 1
            minFailingPeriodsToAlert: 1
          }
        }
      ]
    }
    actions: {
      actionGroups: [
        actionGroup.id
      ]
    }
  }
}]

@description('Resource id of the action group.')
output actionGroupId string = actionGroup.id
