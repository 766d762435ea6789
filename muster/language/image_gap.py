"""Rules keyed on image names, and the images they silently skip.

A rule is keyed on image names where its `if` compares an image's publisher, offer, SKU, version or id. It skips an
image because of its name where the `if` does not match, but could if nothing were known of those names: the same
three-valued evaluation answers that, with the image's names marked as unavailable. Only comparisons that look for
a name count: a rule against all images but the approved ones (`notIn`, or `in` below a `not`) does not skip an
approved one, it is content with it.

A rule for Windows images does not skip a Linux machine silently: it is not about it. Which system a rule is for is
told by the publishers that it looks for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from muster.language.fields import Path, path_text
from muster.language.frame import Evaluator, Frame, UnknownFact, member, walk
from muster.language.node import Node
from muster.language.syntax import Comparison, Not, Value
from muster.values.errors import TemplateError

_NAMES = (
    "publisher",
    "offer",
    "sku",
    "version",
    "id",
    "exactversion",
    "communitygalleryimageid",
    "sharedgalleryimageid",
)
_WHERE = frozenset({"type", "name", "kind", "location", "id"})
_SHOWN = 12
_TYPES_KEPT = 256

_PUBLISHERS = {
    "windows": frozenset(
        (
            "microsoftwindowsserver",
            "microsoftwindowsdesktop",
            "microsoftwindowsserverhpcpack",
            "microsoftvisualstudio",
            "microsoftsharepoint",
            "microsoftdynamicsax",
        )
    ),
    "linux": frozenset(
        (
            "almalinux",
            "canonical",
            "credativ",
            "debian",
            "kinvolk",
            "microsoftazurelinux",
            "microsoftcblmariner",
            "openlogic",
            "oracle",
            "redhat",
            "resf",
            "suse",
        )
    ),
}
"""Publishers of one system only, by osDisk.osType lower-cased: the Marketplace's publisher names of the Windows teams,
and of the distributions that learn.microsoft.com/azure/virtual-machines/linux/endorsed-distros lists."""


@dataclass(frozen=True, slots=True)
class Keyed:
    """The comparisons of a condition that look for image names of one type of resource, each with the path that it
    reads, and these paths lower-cased. `alone`: the condition looks at nothing else that an image is checked for."""

    leaves: tuple[tuple[Node, Path], ...]
    paths: frozenset[str]
    alone: bool


class ImageGap:
    """Which images a condition silently skips. What it is keyed on is found once for each type of resource.

    A rule that looks at nothing but the image, and looks nothing up, judges the image itself: other images comply
    with it, they are not skipped. `looks_up`: the rule goes on to a related resource where its condition matches.
    """

    def __init__(self, condition: Node, *, looks_up: bool) -> None:
        self._condition = condition
        self._looks_up = looks_up
        self._by_type: dict[str, Keyed] = {}

    def looked_for(self, frame: Frame) -> tuple[str, ...]:
        """The image names that the condition looks for, where it does not match only because of this image's; else
        ()."""
        keyed = self._keyed(frame)
        if not keyed.leaves or (keyed.alone and not self._looks_up):
            return ()
        try:
            if self._condition.test(frame) is not False or self._condition.test(frame.without(keyed.paths)) is not None:
                return ()
        except TemplateError:
            return ()
        return () if _for_another_system(keyed.leaves, frame) else _looked_for(keyed.leaves, frame)

    def _keyed(self, frame: Frame) -> Keyed:
        found = self._by_type.get(frame.plan.resource_type)
        if found is None:
            leaves = tuple((leaf, path) for leaf, path in _leaves(self._condition, frame) if _is_image_name(path))
            alone = all(_is_neutral(leaf, frame) for leaf in _all_leaves(self._condition))
            found = Keyed(leaves, frozenset(path_text(path).lower() for _, path in leaves), alone)
            if len(self._by_type) < _TYPES_KEPT:
                self._by_type[frame.plan.resource_type] = found
        return found


def _is_image_name(path: Path) -> bool:
    if len(path) < 2:
        return False
    owner, name = path[-2], path[-1]
    return isinstance(owner, str) and owner.lower() == "imagereference" and str(name).lower() in _NAMES


def _all_leaves(node: Node) -> Iterator[Node]:
    if isinstance(node.syntax, Comparison):
        yield node
    else:
        for child in node.children:
            yield from _all_leaves(child)


def _is_neutral(leaf: Node, frame: Frame) -> bool:
    """Whether a comparison is about the image, the system or where the resource is, and not about how it is set up."""
    comparison = leaf.syntax
    assert isinstance(comparison, Comparison)
    if isinstance(comparison.subject, Value):
        return True
    path = None if leaf.slot is None or leaf.children else frame.plan.path(leaf.slot)
    if path is None:
        return leaf.slot is not None and not leaf.children
    return str(path[0]).lower() in _WHERE or "imagereference" in map(_lowered, path) or _lowered(path[-1]) == "ostype"


def _lowered(segment: object) -> str:
    return str(segment).lower()


def _leaves(node: Node, frame: Frame, *, negated: bool = False) -> Iterator[tuple[Node, Path]]:
    """The comparisons below a condition that look for a value of a property of this type of resource, with its path."""
    syntax = node.syntax
    if isinstance(syntax, Comparison) and node.slot is not None and not node.children:
        path = frame.plan.path(node.slot)
        if path is not None and syntax.operator.startswith("not") is negated:
            yield node, path
    for child in node.children:
        yield from _leaves(child, frame, negated=negated is not isinstance(syntax, Not))


def _for_another_system(keyed: Sequence[tuple[Node, Path]], frame: Frame) -> bool:
    """Whether the publishers that a rule looks for are all of another system than the resource's."""
    wanted = {
        system
        for leaf, path in keyed
        if str(path[-1]).lower() == "publisher"
        for value in _operands(leaf.operand, frame)
        for system, publishers in _PUBLISHERS.items()
        if value.lower() in publishers
    }
    profile = walk(frame.resource, ("properties", "virtualMachineProfile")) or member(frame.resource, "properties")
    system = walk(profile, ("storageProfile", "osDisk", "osType"))
    return isinstance(system, str) and bool(wanted) and system.lower() not in wanted


def _looked_for(keyed: Sequence[tuple[Node, Path]], frame: Frame) -> tuple[str, ...]:
    """What the comparisons look for: `publisher Canonical`, in the order of the rule, without repetitions."""
    found: dict[str, None] = {}
    for leaf, path in keyed:
        comparison = leaf.syntax
        assert isinstance(comparison, Comparison)
        if comparison.operator == "exists":
            continue
        for value in _operands(leaf.operand, frame):
            found[f"{str(path[-1]).lower()} {value}"] = None
    names = list(found)
    return tuple(names) if len(names) <= _SHOWN else (*names[:_SHOWN], f"and {len(names) - _SHOWN} more")


def _operands(operand: Evaluator | None, frame: Frame) -> list[str]:
    if operand is None:
        return []
    try:
        value = operand(frame)
    except (TemplateError, UnknownFact, IndexError):
        # An IndexError is current() asked outside of its count: there is no member that it could be.
        return []
    items = value if isinstance(value, list) else [value]
    return [str(item)[:80] for item in items if isinstance(item, str | int | float)]
