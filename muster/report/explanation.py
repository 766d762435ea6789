"""A rule as a tree: each condition, how it came out, what was found, and the path that decided."""

from collections.abc import Iterable, Iterator

from muster.language.explain import Trace
from muster.language.outcome import Truth
from muster.report.diagnostics import Located
from muster.report.visible import visible
from muster.values.diagnostic import Diagnostic, Level
from muster.values.finding import Result

DECIDES = "=>"
"""Stands before what decided the outcome."""

_MARGIN = " " * len(DECIDES)
_WORDS: dict[Truth, str] = {True: "true", False: "false", None: "unknown"}


def heading(definition: str, effect: str, resource: str, result: Result | None) -> list[str]:
    """`secure-boot (audit) of vm-1: NonCompliant`, and the result's sentence."""
    state = "nothing, as this effect reports nothing" if result is None else result.state
    lines = [visible(f"{definition} ({effect}) of {resource}: {state}")]
    return lines if result is None or not result.message else [*lines, visible(result.message)]


def tree(title: str, trace: Trace, source: Located | None) -> list[str]:
    """A condition below a title, one line for each condition below it and one for what each found. With the text of
    the definition, each says on which line of it it stands."""
    return [f"{_MARGIN} {visible(title)}", *_lines(trace, source, "", last=True)]


def notes(warnings: Iterable[str]) -> list[str]:
    """Sentences about what does not work as its author thinks."""
    return [f"{_MARGIN} Note: {visible(warning)}" for warning in warnings]


def legend() -> str:
    """What the mark before a line means."""
    return f"{DECIDES} marks what decided."


def _lines(trace: Trace, source: Located | None, indent: str, *, last: bool, asked: bool = True) -> Iterator[str]:
    mark = DECIDES if trace.decides else _MARGIN
    outcome = "failed" if trace.error else _WORDS[trace.truth]
    shown = outcome if asked else f"not asked (by itself: {outcome})"
    branch, below = ("└─ ", "   ") if last else ("├─ ", "│  ")
    line = f"   (line {_line(trace, source)})" if source is not None else ""
    yield f"{mark} {indent}{branch}{visible(trace.label)}: {shown}{line}"
    inner = f"{indent}{below}"
    found = trace.error or (trace.reason.text if trace.reason is not None else "")
    if found:
        yield f"{_MARGIN} {inner}{'│  ' if trace.children else '   '}{visible(found)}"
    decisive = _decisive(trace)
    for at, child in enumerate(trace.children):
        yield from _lines(child, source, inner, last=at == len(trace.children) - 1, asked=asked)
        asked = asked and (decisive is None or child.truth is not decisive or bool(child.error))


def _decisive(trace: Trace) -> Truth:
    """The outcome of a part after which a junction asks no further; None of what is no junction."""
    kind = "" if trace.reason is not None else trace.label.rpartition(" ")[2]
    return {"allOf": False, "anyOf": True}.get(kind)


def _line(trace: Trace, source: Located) -> int:
    return source.place(Diagnostic("", Level.NOTE, "", pointer=trace.pointer))[0]
