"""Overrides: another effect or another version, for some definitions or some locations of an assignment.

Source: learn.microsoft.com/azure/governance/policy/concepts/assignment-structure, "Overrides". It says that they are
evaluated in the order in which they are written, not which of two fitting ones wins: here the first does.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from muster.language.outcome import EFFECTS, Truth
from muster.language.parse import close_to
from muster.policy.envelope import Item
from muster.policy.kleene import all_hold
from muster.policy.selectors import Selector, SelectorKind, Subject, read_selectors
from muster.policy.spelling import Path
from muster.policy.versions import VersionPattern
from muster.policy.wording import shown
from muster.values.diagnostic import Diagnostic


class OverrideKind(StrEnum):
    """What is overridden."""

    EFFECT = "policyEffect"
    VERSION = "policyVersion"


@dataclass(frozen=True, slots=True)
class Override:
    """`value` is an effect in EFFECTS' spelling or a version pattern; `path` its place below the assignment."""

    kind: OverrideKind
    value: str
    selectors: tuple[Selector, ...]
    path: Path

    def may_concern(self, reference_id: str) -> bool:
        """Whether it is for a definition reference, wherever the resource is."""
        nowhere = Subject("", "", None)
        references = (one for one in self.selectors if one.kind is SelectorKind.REFERENCE)
        return all_hold(selector.holds(nowhere, reference_id) for selector in references) is True

    def applies(self, subject: Subject, reference_id: str = "") -> Truth:
        """Whether it is for a resource, judged by a definition reference."""
        return all_hold(selector.holds(subject, reference_id) for selector in self.selectors)


def first_applying(
    overrides: Iterable[Override], subject: Subject, reference_id: str = ""
) -> tuple[Override | None, bool]:
    """The override that counts, and whether that is certain: not where an earlier one might apply."""
    for override in overrides:
        truth = override.applies(subject, reference_id)
        if truth is not False:
            return override, truth is True
    return None, True


def read_overrides(item: Item) -> tuple[tuple[Override, ...], list[Diagnostic]]:
    """The overrides of an assignment, and what is wrong with them."""
    found: list[Override] = []
    faults: list[Diagnostic] = []
    for at, entry in enumerate(item.objects("overrides")):
        path: Path = ("overrides", at)
        kind, value = entry.get("kind"), entry.get("value")
        if not isinstance(value, str) or kind not in ("policyEffect", "policyVersion", "definitionVersion"):
            continue
        override_kind = OverrideKind.EFFECT if kind == "policyEffect" else OverrideKind.VERSION
        selectors, remarks = read_selectors(item, entry.get("selectors"), (*path, "selectors"))
        faults += remarks
        if override_kind is OverrideKind.EFFECT:
            if value.lower() not in EFFECTS:
                hint = close_to(value, EFFECTS.values())
                faults.append(item.fault("unknown-effect", f"'{shown(value)}' is no effect.", (*path, "value"), hint))
                continue
            value = EFFECTS[value.lower()]
        else:
            faults += _version_faults(item, value, selectors, path)
        found.append(Override(override_kind, value, selectors, path))
    return tuple(found), faults


def _version_faults(item: Item, value: str, selectors: tuple[Selector, ...], path: Path) -> list[Diagnostic]:
    faults = []
    wanted, base = VersionPattern.parse(value), VersionPattern.parse(item.text("definitionVersion"))
    if wanted is None:
        message = f"'{shown(value)}' is not a version to follow."
        faults.append(item.fault("invalid-value", message, (*path, "value"), "Write 1.*.* or 1.2.*."))
    elif base is not None and wanted.older_than(base):
        message = f"Version {value} is older than the assignment's definitionVersion."
        faults.append(item.fault("invalid-override", message, (*path, "value"), "An override can only go forward."))
    if any(selector.kind is SelectorKind.REFERENCE for selector in selectors):
        message = "A version is overridden for the whole assignment, not for a definition reference."
        faults.append(item.fault("invalid-override", message, (*path, "selectors"), "Select by 'resourceLocation'."))
    return faults
