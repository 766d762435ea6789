"""The names of all settings (docs/reference/settings.md), so that a misspelt one is noticed: it would count for
nothing."""

from muster.settings.app import (
    ARM_CLIENT_ID,
    ARM_ENDPOINT,
    EFFECTIVE_RULES,
    HOST_STORAGE,
    POLICIES,
    RECORD_CALLER,
    RECORDED_RESOURCES,
    STORAGE,
    SUBSCRIPTIONS,
    TENANT_POLICIES,
)
from muster.settings.feed import TOPIC, TOPIC_CLIENT_ID, TOPIC_SEVERITY
from muster.settings.page import GROUPS, LOOPBACK, OWNER_TAG
from muster.settings.role import ROLE
from muster.settings.telemetry import CONNECTION, TELEMETRY

PREFIX = "MUSTER_"

_FORMS = ("", "__blobServiceUri", "__queueServiceUri", "__accountName", "__clientId")

SETTINGS = frozenset(
    {
        *(f"{name}{form}" for name in (STORAGE, HOST_STORAGE) for form in _FORMS),
        *(
            POLICIES,
            RECORDED_RESOURCES,
            RECORD_CALLER,
            ARM_ENDPOINT,
            ARM_CLIENT_ID,
            SUBSCRIPTIONS,
            TENANT_POLICIES,
            EFFECTIVE_RULES,
            ROLE,
        ),
        *(TELEMETRY, CONNECTION),
        *(TOPIC, TOPIC_CLIENT_ID, TOPIC_SEVERITY, GROUPS, LOOPBACK, OWNER_TAG),
    }
)
"""What muster reads."""

HOSTS_OWN = frozenset(
    {f"{HOST_STORAGE}__{form}" for form in ("credential", "tableServiceUri", "managedIdentityResourceId")}
)
"""What the Functions host reads beside it, of its own storage account."""
