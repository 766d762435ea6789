"""What is judged by: the policy set and the catalogue of releases."""

from muster.jobs.doctor.installation import Installation
from muster.values.checkup import Checked, Outcome

SET, CATALOGUE = "policy-set", "catalogue-age"

MOST_FAULTS = 10


async def policy_set(installation: Installation) -> list[Checked]:
    """Whether the policies can be used, and whether any are assigned."""
    state = await installation.policies.look()
    found = [
        Checked(SET, Outcome.FAULT, fault.message, "muster lint shows the line.", fault.file)
        for fault in state.faults[:MOST_FAULTS]
    ]
    if len(state.faults) > MOST_FAULTS:
        said = f"{len(state.faults) - MOST_FAULTS:,} more faults."
        found.append(Checked(SET, Outcome.FAULT, said, "muster lint shows all.", state.place))
    if state.refused:
        said = f"{state.refused:,} uploads were refused; the last good policies go on."
        remedy = "What is below unprocessed/brokenPolicies/ says why; remove it when it is mended."
        found.append(Checked(SET, Outcome.WARNING, said, remedy, state.place))
    if state.files is None:
        return found or [Checked(SET, Outcome.FAULT, "No policies can be used.", "Upload some.", state.place)]
    assignments = len(state.files.policies)
    definitions = {
        assigned.definition.name
        for policy in state.files.policies
        for edition in policy.editions
        for assigned in edition.definitions
    }
    if not assignments:
        remedy = "Put an assignment below assignments/ (docs/policy-files.md)."
        return [
            *found,
            Checked(SET, Outcome.FAULT, "Nothing is assigned: every resource is Compliant.", remedy, state.place),
        ]
    said = f"{assignments:,} assigned, {len(definitions):,} definitions in all, version {state.files.version}."
    return [*found, Checked(SET, Outcome.OK, said, "", state.place)]


async def catalogue_age(installation: Installation) -> list[Checked]:
    """Whether somebody compared the catalogue of releases with its sources not long ago."""
    state = await installation.policies.look()
    if state.catalogue is None:
        said = "There is no catalogue of releases: no support lifecycle is known."
        return [Checked(CATALOGUE, Outcome.FAULT, said, "Deploy policies/lifecycle/ with the app.")]
    age = (installation.now.date() - state.catalogue).days
    if state.stale:
        said = f"{len(state.stale)} files were not compared with their sources for too long, the oldest {age} days."
        remedy = "Deploy a newer muster, or bring it up to date with muster lifecycle refresh."
        return [Checked(CATALOGUE, Outcome.WARNING, said, remedy)]
    return [Checked(CATALOGUE, Outcome.OK, f"Compared with its sources {age} days ago at most.")]
