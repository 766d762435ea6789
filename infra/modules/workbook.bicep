// The workbook beside Application Insights: what muster tells of its own work, drawn. docs/telemetry.md describes it.

@description('Resource id of Application Insights, which the workbook asks.')
param insightsId string

@description('Region.')
param location string

@description('Tags of the workbook.')
param tags object = {}

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  name: guid(insightsId, 'muster')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'muster'
    category: 'workbook'
    sourceId: insightsId
    version: 'Notebook/1.0'
    serializedData: loadTextContent('../workbook/muster.workbook.json')
  }
}
