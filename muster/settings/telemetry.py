"""The setting of telemetry. Table: docs/reference/settings.md."""

from collections.abc import Mapping

from muster.settings.app import UnusableSettings

TELEMETRY = "MUSTER_TELEMETRY"
CONNECTION = "APPLICATIONINSIGHTS_CONNECTION_STRING"

ON, OFF = "on", "off"


def telemetry_connection(environ: Mapping[str, str]) -> str:
    """The connection string that telemetry goes by, "" where it is off. Raises UnusableSettings."""
    connection = environ.get(CONNECTION, "").strip()
    wanted = environ.get(TELEMETRY, "").strip().lower() or (ON if connection else OFF)
    if wanted not in (ON, OFF):
        raise UnusableSettings(f"{TELEMETRY}: {wanted[:80]!r} is neither {ON} nor {OFF}")
    if wanted == ON and not connection:
        raise UnusableSettings(f"{TELEMETRY}: telemetry is {ON}, and {CONNECTION} does not say where it goes")
    return connection if wanted == ON else ""
