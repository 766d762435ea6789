"""The aliases of one resource type as a tree of property names, written down compactly.

An alias is its resource type, a slash and property names joined by dots. Its path in the resource's REST JSON is the
same names below `properties`, save where the notation says otherwise:

    name            a property, and an alias for it
    name(a b)       with properties of its own
    name[*]         an array: `name` and `name[*]` are both aliases
    name![*]        an array of which `name` is an alias, but not `name[*]`
    !name           a step on the way to others, no alias itself
    :name           before it the path has one more `properties`, which the alias leaves out
    /name           lies at the root of the resource, not below `properties`
    name=a.b        the path goes on through a.b instead; `name=` stays where it is

Names compare without regard to case; paths come in the case of the notation, which is that of the REST JSON.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches

_NODE = re.compile(
    r"(?P<way>!)?(?P<mark>[:/])?(?P<name>[\w@$-]+)(?P<array>(?P<plain>!)?\[\*\])?(?P<graft>=(?P<target>[\w.\[\]*]*))?"
    r"|[()]"
)


MAX_NAMES = 256
"""Azure's longest alias has some 170 characters after its type."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A property: its name, the path to it from the resource's root, what is below it.

    `named` and `members_named` say whether `name` and `name[*]` are aliases; the latter only where `array`.
    """

    name: str
    path: str
    named: bool = False
    array: bool = False
    members_named: bool = False
    below: "dict[str, Branch]" = field(default_factory=dict)

    def resolve(self, names: str) -> str | None:
        """The path of an alias, given the names that follow its type; None where there is no such alias."""
        at = self
        *way, last = names.lower().split(".")
        for step in way:
            found = at.below.get(step.removesuffix("[*]"))
            if found is None or found.array != step.endswith("[*]"):
                return None
            at = found
        found = at.below.get(last.removesuffix("[*]"))
        if found is None:
            return None
        if last.endswith("[*]"):
            return f"{found.path}[*]" if found.members_named else None
        return found.path if found.named else None

    def follow(self, names: str) -> str:
        """The path of names of which the tree may not know all: what it does not know is taken as it is written."""
        at, path = self, self.path
        steps = names.split(".")
        for position, step in enumerate(steps):
            found = at.below.get(step.removesuffix("[*]").lower())
            if found is None:
                return ".".join((path, *steps[position:]))
            at, path = found, found.path + "[*]" * step.endswith("[*]")
        return path

    def names(self, before: str = "") -> Iterator[str]:
        """Every alias below, without the type."""
        for branch in self.below.values():
            name = before + branch.name
            if branch.named:
                yield name
            if branch.members_named:
                yield f"{name}[*]"
            yield from branch.names(f"{name}[*]." if branch.array else f"{name}.")


def read_tree(text: str) -> Branch:
    """The tree that a text in the notation above describes."""
    root = Branch("", "properties")
    around = [root]
    latest = root
    for node in _NODE.finditer(text):
        if node[0] == "(":
            around.append(latest)
        elif node[0] == ")":
            around.pop()
        else:
            latest = _branch(node, around[-1])
            around[-1].below[latest.name.lower()] = latest
    return root


def closest(alias: str, names: Iterable[str]) -> tuple[str, ...]:
    """At most three of some aliases that one meant who wrote another: those that end in it first, then the alike.

    Only what follows the last slash is compared, and nothing is looked for where that is longer than any alias.
    """
    wanted = alias.lower().rpartition("/")[2]
    if len(wanted) > MAX_NAMES:
        return ()
    spelling = {name.lower().rpartition("/")[2]: name for name in names}
    ending = sorted((text for text in spelling if text.endswith(f".{wanted}")), key=len)
    alike = [text for text in get_close_matches(wanted, spelling, 3, 0.7) if text not in ending]
    return tuple(spelling[text] for text in (*ending, *alike)[:3])


def _branch(node: re.Match[str], parent: Branch) -> Branch:
    steps = [] if node["mark"] == "/" else [parent.path + "[*]" * parent.array]
    if node["mark"] == ":":
        steps.append("properties")
    target = node["name"] if node["graft"] is None else node["target"]
    if target:
        steps.append(target)
    array, named = node["array"] is not None, node["way"] is None
    return Branch(node["name"], ".".join(steps), named, array, array and named and node["plain"] is None)
