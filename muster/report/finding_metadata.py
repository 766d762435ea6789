"""What of a finding lies beside it as blob metadata, so that lists are made without opening every document."""

from muster.values.json import JsonObject, as_object

MAX_VALUE = 256
"""The most characters of a value: blob metadata hold 8 KB in all, percent-encoded."""

_FACTS = {
    "product": ("image", "product"),
    "release": ("image", "release"),
    "cycle": ("image", "cycle"),
    "channel": ("image", "channel"),
    "endOfSupportDate": ("lifecycle", "endOfSupportDate"),
    "extendedEndDate": ("lifecycle", "extendedEndDate"),
    "name": ("resource", "name"),
    "location": ("resource", "location"),
    "evaluation": ("evaluation", "id"),
    "observedAt": ("evaluation", "observedAt"),
    "checkedAt": ("evaluation", "checkedAt"),
    "policyVersion": ("evaluation", "policyVersion"),
}


def latest_metadata(finding: JsonObject) -> dict[str, str]:
    """Names in camelCase and values of a finding's metadata, not yet encoded.

    `state`; `settled`; `closed` where the resource is gone; how many results are NonCompliant, by severity (`critical`,
    `high`, ...); how many are `unknown`, `error` and `exempt`; product, release, cycle, channel and end dates where
    they are known (dates, since days left would be wrong tomorrow).
    """
    counts = as_object(finding["counts"])
    by_state = as_object(counts["byState"])
    metadata = {"state": str(finding["state"]), "settled": "true" if finding["settled"] else "false"}
    if "closed" in finding:
        metadata["closed"] = "true"
    metadata |= {severity: str(count) for severity, count in as_object(counts["bySeverity"]).items()}
    metadata |= {state.lower(): str(by_state[state]) for state in ("Unknown", "Error", "Exempt")}
    for name, (section, member) in _FACTS.items():
        value = as_object(finding[section]).get(member)
        if isinstance(value, str) and value:
            metadata[name] = value[:MAX_VALUE]
    return metadata
