"""Which ARM action a request needs, and whether a role has it.

Source: learn.microsoft.com/azure/role-based-access-control/role-definitions (actions are compared without case; `*`
stands for any characters).
"""

import re
from collections.abc import Iterable

GRAPH = "/providers/microsoft.resourcegraph/resources"
GRAPH_ACTION = "microsoft.resourcegraph/resources/read"


def action_of(path: str, verb: str = "read") -> str:
    """The action of reading a lower-cased path, of one resource or of a list, lower-cased; `verb` is `action` where the
    path is that of an action of a resource."""
    if path == GRAPH:
        return GRAPH_ACTION
    _, provider, rest = path.rpartition("/providers/")
    if not provider:
        return f"microsoft.resources/subscriptions{'/resourcegroups' if '/resourcegroups/' in path else ''}/read"
    namespace, *names = rest.split("/")
    return f"{namespace}/{'/'.join(names[0::2])}/{verb}"


class Role:
    """The actions that a principal has; each use is noted in `used`."""

    def __init__(self, actions: Iterable[str]) -> None:
        self._actions = {action: _pattern(action) for action in actions}
        self.used: set[str] = set()

    def allows(self, action: str) -> bool:
        """Whether an action is among them."""
        allowing = {name for name, pattern in self._actions.items() if pattern.fullmatch(action)}
        self.used |= allowing
        return bool(allowing)


def _pattern(action: str) -> re.Pattern[str]:
    return re.compile(re.escape(action).replace(r"\*", ".*"), re.IGNORECASE)
