"""An impact as rows of tables and as sentences. All texts are plain and may hold what strangers wrote."""

from muster.report.impact import DefinitionImpact, Impact, ResourceImpact, ResultChange
from muster.values.states import State

DEFINITION_COLUMNS = ("Definition", "+NonCompliant", "-NonCompliant", "+Unknown", "-Unknown", "+Compliant", "Itself")
NUMBERS = frozenset(DEFINITION_COLUMNS[1:6])
CHANGE_COLUMNS = ("Resource", "Definition", "Change", "Why")
IMAGE_COLUMNS = ("Resource", "Image", "Last day", "Move to")
STATE_COLUMNS = ("State", "Now", "Then")

_COUNTED = (State.NON_COMPLIANT, State.UNKNOWN)


def definition_row(one: DefinitionImpact) -> tuple[str, ...]:
    """A row of DEFINITION_COLUMNS."""
    pairs = [str(count[state] or "") for state in _COUNTED for count in (one.gained, one.lost)]
    return (one.title, *pairs, str(one.gained[State.COMPLIANT] or ""), ", ".join(one.told()))


def change_rows(impact: Impact) -> list[tuple[str, ...]]:
    """Rows of CHANGE_COLUMNS for the resources that are kept."""
    return [(one.name, change.title, change.told, _why(change)) for one in impact.kept for change in one.changes]


def image_rows(impact: Impact) -> list[tuple[str, ...]]:
    """Rows of IMAGE_COLUMNS: the resources that are kept whose image is newly NonCompliant."""
    return [
        (one.name, one.image or "not known", one.last_day or "not published", one.successor or "none is named")
        for one in impact.kept
        if image_is_new(one)
    ]


def image_is_new(one: ResourceImpact) -> bool:
    """Whether some definition newly says that a resource's image is what is wrong."""
    return any(change.newly is State.NON_COMPLIANT and change.about_image for change in one.changes)


def state_rows(impact: Impact) -> list[tuple[str, ...]]:
    """Rows of STATE_COLUMNS."""
    return [(state.value, f"{before:,}", f"{after:,}") for state, before, after in impact.moved()]


def impact_summary(impact: Impact) -> str:
    """`10,000 resources looked at, 12 change: 3 results newly NonCompliant, 1 newly Unknown.`"""
    newly = [f"{count:,} newly {state.value}" for state in State if (count := impact.newly[state])]
    told = f": results {', '.join(newly)}" if newly else ""
    return f"{_counted(impact.looked_at)} looked at, {impact.changed:,} {_verb(impact.changed)}{told}."


def need_lines(impact: Impact) -> list[str]:
    """A sentence for each definition and fact that could not be had, the most frequent first."""
    ordered = sorted(impact.needs.items(), key=lambda item: (-item[1], item[0]))
    return [f"{title} needs {need}: {_counted(count)}" for (title, need), count in ordered]


def needs_title(impact: Impact) -> str:
    """What those sentences are about."""
    where = "was not gathered when the stored findings were made" if impact.from_store else "is not among the files"
    return f"Unknown, as what a rule needs {where}"


def omitted(impact: Impact) -> str:
    """How many resources that change are not shown; "" where all are."""
    left = impact.changed - len(impact.kept)
    return f"{left:,} more resources change; --show says how many are shown." if left else ""


def _counted(count: int) -> str:
    return f"{count:,} resource{'s' * (count != 1)}"


def _verb(count: int) -> str:
    return "changes" if count == 1 else "change"


def _why(change: ResultChange) -> str:
    return " ".join(change.reasons)
