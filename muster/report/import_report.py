"""What an import found: how many of what, what each definition is for, what it skips, what can't be used."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from muster.policy.exported import Exported
from muster.policy.kinds import Kind
from muster.policy.survey import Surveyed
from muster.values.diagnostic import Diagnostic, Level

DEFINITION_COLUMNS = ("Definition", "For", "Effect", "Silently skips", "Can't be told")
NEVER_COLUMNS = ("Definitions", "Why they are for nothing that muster judges")
LEFT_OUT_COLUMNS = ("Left out", "Why", "Where")

_IMAGES_NAMED = 3


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An item that can't be used, and why, at its places in the files. With `partly` it is used, and the faults are of
    references in it that are not."""

    item: Exported
    faults: tuple[Diagnostic, ...]
    partly: bool = False


@dataclass(frozen=True, slots=True)
class ImportedDefinition:
    """A definition that can be used."""

    item: Exported
    surveyed: Surveyed


@dataclass(frozen=True)
class Imported:
    """`read` counts items by kind, `usable` those that can be used. `repeated` were given more than once; `others` are
    entries that are no policies, by what they are. `faults` are those of files, of items that nothing can be called by
    and of those that come twice; `diagnostics` is everything that lint says beside them. `files` is what can be
    used and is worth keeping, by path in a policies folder. `machines` says what images were held against, in words.
    """

    files_read: int
    read: Mapping[Kind, int]
    usable: Mapping[Kind, int]
    repeated: int
    others: Mapping[str, int]
    definitions: tuple[ImportedDefinition, ...]
    left_out: tuple[LeftOut, ...]
    faults: tuple[Diagnostic, ...]
    diagnostics: tuple[Diagnostic, ...]
    files: Mapping[str, str]
    machines: str
    counts_machines: bool

    @property
    def judged(self) -> list[ImportedDefinition]:
        """Definitions that are for something that muster judges, those that skip the most images first."""
        found = [one for one in self.definitions if one.surveyed.standing.types]
        return sorted(found, key=lambda one: (-len(one.surveyed.skipped), one.item.title.lower(), one.item.name))

    @property
    def never(self) -> dict[str, list[ImportedDefinition]]:
        """Definitions that never are, by why, the most first."""
        found: dict[str, list[ImportedDefinition]] = {}
        for one in self.definitions:
            if not one.surveyed.standing.types:
                found.setdefault(one.surveyed.standing.why, []).append(one)
        return dict(sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0])))

    @property
    def broken(self) -> bool:
        """Whether something of what was given can't be used."""
        return any(one.level is Level.ERROR for one in (*self.faults, *self.diagnostics))


def headline(found: Imported) -> list[str]:
    """What was read, in lines."""
    counts = ", ".join(f"{_counted(found.read[kind], kind)}" for kind in Kind)
    unusable = sum(found.read.values()) - sum(found.usable.values())
    lines = [f"{_counted(found.files_read, 'file')} read: {counts}."]
    if found.repeated:
        lines.append(f"{_counted(found.repeated, 'item')} came more than once.")
    if found.others:
        told = ", ".join(f"{count} {what}" for what, count in sorted(found.others.items()))
        lines.append(f"Passed over, as no policies: {told}.")
    judged, skipping = len(found.judged), sum(bool(one.surveyed.skipped) for one in found.judged)
    lines.append(
        f"{_counted(judged, 'definition')} can be for virtual machines, scale sets or disks,"
        f" {len(found.definitions) - judged} never; {skipping} skip images silently ({found.machines})."
    )
    if unusable:
        lines.append(f"{_counted(unusable, 'item')} can't be used.")
    said = ", ".join(
        _counted(sum(one.level is level for one in (*found.faults, *found.diagnostics)), level) for level in Level
    )
    lines.append(f"Lint: {said}.")
    return lines


def definition_rows(found: Imported) -> Iterator[tuple[str, ...]]:
    """Cells for DEFINITION_COLUMNS."""
    for one in found.judged:
        standing = one.surveyed.standing
        yield (
            one.item.title,
            ", ".join(standing.types),
            standing.effect,
            skipped_in_words(one.surveyed, machines=found.counts_machines),
            " ".join(standing.gaps),
        )


def never_rows(found: Imported) -> Iterator[tuple[str, ...]]:
    """Cells for NEVER_COLUMNS."""
    for why, ones in found.never.items():
        titles = [one.item.title for one in ones]
        more = f" and {len(titles) - 1} more" if len(titles) > 1 else ""
        yield f"{titles[0]}{more}", why


def left_out_rows(found: Imported) -> Iterator[tuple[str, ...]]:
    """Cells for LEFT_OUT_COLUMNS."""
    for one in found.left_out:
        first = one.faults[0]
        more = f" (and {len(one.faults) - 1} more)" if len(one.faults) > 1 else ""
        what = f"references in the {one.item.kind}" if one.partly else f"the {one.item.kind}"
        place = f"{first.file}{first.pointer and '#'}{first.pointer}"
        yield f"{what} {one.item.title}", f"{first.message}{more}", place


def skipped_in_words(surveyed: Surveyed, *, machines: bool) -> str:
    """`3 images on 14 machines: a:b:c, d:e:f, g:h:i`; empty for none."""
    skipped = surveyed.skipped
    if not skipped:
        return ""
    total = sum(image.machines for image in skipped)
    on = f" on {_counted(total, 'machine')}" if machines else ""
    names = [image.image for image in skipped[:_IMAGES_NAMED]]
    more = f" and {len(skipped) - len(names)} more" if len(skipped) > len(names) else ""
    return f"{_counted(len(skipped), 'image')}{on}: {', '.join(names)}{more}"


def _counted(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"
