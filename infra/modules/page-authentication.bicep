// App Service authentication before the page, with Entra ID. The app proves itself by its managed identity, as a federated
// credential of the app registration, so that there is no client secret. Without a registration nobody is let in.

@description('Name of the app.')
param appName string

@description('Client id of the app registration; empty lets nobody in.')
param clientId string

@description('Tenant whose users are let in.')
param tenantId string

var provider = empty(clientId) ? {} : {
  azureActiveDirectory: {
    enabled: true
    registration: {
      clientId: clientId
      clientSecretSettingName: 'OVERRIDE_USE_MI_FIC_ASSERTION_CLIENTID'
      openIdIssuer: '${environment().authentication.loginEndpoint}${tenantId}/v2.0'
    }
    validation: {
      allowedAudiences: [
        clientId
        'api://${clientId}'
      ]
    }
  }
}

var unauthenticated = empty(clientId) ? {
  unauthenticatedClientAction: 'Return401'
} : {
  unauthenticatedClientAction: 'RedirectToLoginPage'
  redirectToProvider: 'azureactivedirectory'
}

resource app 'Microsoft.Web/sites@2024-04-01' existing = {
  name: appName
}

resource authentication 'Microsoft.Web/sites/config@2024-04-01' = {
  parent: app
  name: 'authsettingsV2'
  properties: {
    platform: {
      enabled: true
      runtimeVersion: '~1'
    }
    globalValidation: union(unauthenticated, {
      requireAuthentication: true
      // Probes have no identity; what they are answered names nothing.
      excludedPaths: [
        '/api/health'
      ]
    })
    httpSettings: {
      requireHttps: true
    }
    identityProviders: provider
    login: {
      tokenStore: {
        enabled: false
      }
    }
  }
}
