// A custom role that can be assigned in one subscription. Its name has the subscription in it, since names of custom roles
// are unique in a tenant; whoever makes it again in the same subscription makes the same one.

targetScope = 'subscription'

@description('The role, as in infra/roles.')
param role object

resource definition 'Microsoft.Authorization/roleDefinitions@2022-04-01' = {
  name: guid(subscription().id, role.Name)
  properties: {
    roleName: '${role.Name} (${subscription().subscriptionId})'
    description: role.Description
    type: 'CustomRole'
    permissions: [
      {
        actions: role.Actions
        notActions: role.NotActions
        dataActions: role.DataActions
        notDataActions: role.NotDataActions
      }
    ]
    assignableScopes: [
      subscription().id
    ]
  }
}

@description('Resource id of the role.')
output id string = definition.id
