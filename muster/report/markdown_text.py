"""Text of strangers in Markdown: shown as it was written, whatever it means to a renderer.

Holds for CommonMark, for its form on code hosts and for Python-Markdown, which turns docs/ into a site; the last knows
fewer backslash escapes, so that marks become character references (spec.commonmark.org, python-markdown.github.io).
"""

import re

from muster.report.visible import visible

_MARKS = re.compile(r"[\\`*_\[\]{}<>&|~#$]")
_LEADING = re.compile(r"[-+?!]|\d+(?=[.)](?:\s|$))")
_PLAIN_CODE = re.compile(r"[^`|\\{}\s]+(?: [^`|\\{}\s]+)*")
_PUNCTUATION = re.compile(r"[^A-Za-z0-9\s]", re.ASCII)
_WEB = re.compile(r"https://[A-Za-z0-9.-]+(?:/[A-Za-z0-9._~/%#?=&+-]*)?", re.ASCII)


def inline(text: str) -> str:
    """A text in a sentence, a heading or a cell: on one line, and nothing in it is a mark."""
    flat = visible(" ".join(text.split()))
    first = _LEADING.match(flat)
    lead = "" if first is None else _references(first[0])
    return lead + _MARKS.sub(lambda mark: f"&#{ord(mark[0])};", flat[len(first[0]) if first else 0 :])


def code(text: str) -> str:
    """A text as code in a sentence or a cell, in one line. Empty text shows as such."""
    flat = visible(" ".join(text.split()))
    if _PLAIN_CODE.fullmatch(flat):
        return f"`{flat}`"
    return f"<code>{_PUNCTUATION.sub(lambda mark: f'&#{ord(mark[0])};', flat)}</code>" if flat else "*empty*"


def block(text: str, language: str = "") -> str:
    """Lines of code, as they are."""
    lines = [visible(line.expandtabs(4)) for line in text.splitlines()]
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}{language}", *lines, fence])


def web_link(address: str) -> str:
    """A link to a page of the web; what is no plain https address is shown as code and leads nowhere."""
    if not _WEB.fullmatch(address):
        return code(address)
    return f"[{inline(address.removeprefix('https://'))}]({address})"


def _references(text: str) -> str:
    return "".join(f"&#{ord(character)};" for character in text)
