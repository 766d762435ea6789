"""Template functions that policy rules can't use.

Source: learn.microsoft.com/azure/governance/policy/concepts/definition-structure-policy-rule, "Policy functions". They
are still good inside then.details.deployment, which is a template and no rule.
"""

from collections.abc import Mapping

_DATES = "rules have addDays() and utcNow() instead"
_DEPLOYMENT = "it tells of a deployment, and a rule is judged outside of one"
_LAMBDA = "rules have no lambda expressions; a count over a value does the same"
_LIST = "a rule can't read secrets of a resource"
_RESOURCE = "a rule can't look up other resources; the IfNotExists effects do"
_RESOURCE_ID = "write the id with concat(), subscription().id and resourceGroup().name"
_SCOPE = "a rule knows its resource's subscription and resource group only"
_ZONES = "it asks a resource provider, which a rule can't"

EXCLUDED: Mapping[str, str] = {
    "claims": "its values come from an external endpoint that only Azure asks",
    "copyindex": "there is no copy loop in a rule; a count has current()",
    "datetimeadd": _DATES,
    "datetimefromepoch": _DATES,
    "datetimetoepoch": _DATES,
    "deployer": _DEPLOYMENT,
    "deployment": _DEPLOYMENT,
    "environment": _DEPLOYMENT,
    "extensionresourceid": _RESOURCE_ID,
    "filter": _LAMBDA,
    "groupby": _LAMBDA,
    "lambda": _LAMBDA,
    "lambdavariables": _LAMBDA,
    "list*": _LIST,
    "listaccountsas": _LIST,
    "listkeys": _LIST,
    "listsecrets": _LIST,
    "managementgroup": _SCOPE,
    "map": _LAMBDA,
    "mapvalues": _LAMBDA,
    "newguid": "its value differs each time; guid() makes the same GUID of the same strings",
    "pickzones": _ZONES,
    "providers": _ZONES,
    "reduce": _LAMBDA,
    "reference": _RESOURCE,
    "references": _RESOURCE,
    "resourceid": _RESOURCE_ID,
    "sort": _LAMBDA,
    "subscriptionresourceid": _RESOURCE_ID,
    "tenant": _SCOPE,
    "tenantresourceid": _RESOURCE_ID,
    "toobject": _LAMBDA,
    "variables": "a rule has parameters, but no variables",
}
"""Lower-cased name -> why not, and what to use instead."""
