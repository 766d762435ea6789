"""What may be chosen of the small fleet."""

from hypothesis import strategies as st

from muster.values.selection import Facet, Order, Selection
from muster.values.states import Severity, State
from tests.web.fleet import CONTROLS, POLICIES, SUBSCRIPTIONS, SYSTEMS

choices = {
    Facet.STATE: [*map(str, State)],
    Facet.SEVERITY: [*map(str, Severity)],
    Facet.POLICY: [policy for policy, _, _ in POLICIES],
    Facet.CONTROL: [*{name: None for names in CONTROLS for name in names}, "(none)", "AC-1"],
    Facet.DISTRIBUTION: ["ubuntu", "debian", "rhel", "plan9"],
    Facet.RELEASE: [" ".join(system) for system in SYSTEMS],
    Facet.PHASE: ["supported", "security", "extended", "ended"],
    Facet.SUBSCRIPTION: [*SUBSCRIPTIONS],
    Facet.RESOURCE_GROUP: ["rg-shop", "rg-crm"],
    Facet.LOCATION: ["westeurope", "northeurope", "mars"],
    Facet.OWNER: ["shop", "crm team", "(none)"],
}


@st.composite
def selections(draw: st.DrawFn) -> Selection:
    facets = draw(st.sets(st.sampled_from(Facet), max_size=4))
    chosen = {
        facet: tuple(draw(st.lists(st.sampled_from(choices[facet]), min_size=1, max_size=2, unique=True)))
        for facet in facets
    }
    order = draw(st.none() | st.sampled_from(Order))
    return Selection(chosen, order=order, descending=draw(st.booleans()), size=1000)
