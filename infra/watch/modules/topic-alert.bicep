// An alert as soon as the topic could not deliver an event for a day. Its topic is in the watched subscription, and so is it.

@description('Name of the system topic.')
param topicName string

@description('Name of the event subscription.')
param eventSubscriptionName string

@description('Resource id of the action group that is told.')
param actionGroupId string

@description('Tags of the alert.')
param tags object = {}

resource topic 'Microsoft.EventGrid/systemTopics@2025-02-15' existing = {
  name: topicName
}

resource alert 'Microsoft.Insights/metricAlerts@2018-03-01' = {
  name: '${eventSubscriptionName}-dead-letters'
  location: 'global'
  tags: tags
  properties: {
    description: 'Event Grid gave up delivering events. muster deadletters lists them.'
    severity: 1
    enabled: true
    scopes: [
      topic.id
    ]
    evaluationFrequency: 'PT5M'
    windowSize: 'PT15M'
    autoMitigate: true
    criteria: {
      'odata.type': 'Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria'
      allOf: [
        {
          criterionType: 'StaticThresholdCriterion'
          name: 'DeadLetters'
          metricNamespace: 'Microsoft.EventGrid/systemTopics'
          metricName: 'DeadLetteredCount'
          dimensions: [
            {
              name: 'EventSubscriptionName'
              operator: 'Include'
              values: [
                eventSubscriptionName
              ]
            }
          ]
          operator: 'GreaterThan'
          threshold: 0
          timeAggregation: 'Total'
        }
      ]
    }
    actions: [
      {
        actionGroupId: actionGroupId
      }
    ]
  }
}
