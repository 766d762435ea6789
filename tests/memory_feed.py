"""A Feed in memory, and heads of the findings in memory."""

from collections.abc import AsyncIterator, Callable

from muster.ports import FindingHead
from muster.values.json import as_object, as_text
from tests.memory_findings import MemoryFindings


class MemoryFeed:
    """`interrupt`, if set, is called with the name before and after a segment is written: it may raise."""

    def __init__(self) -> None:
        self.segments: dict[str, str] = {}
        self.interrupt: Callable[[str], None] | None = None

    async def create(self, name: str, text: str) -> bool:
        self._interrupted(f"before {name}")
        written = self.segments.setdefault(name, text) is text
        self._interrupted(f"after {name}")
        return written

    async def read(self, name: str) -> str | None:
        return self.segments.get(name)

    async def names(self, prefix: str) -> AsyncIterator[str]:
        for name in sorted(self.segments):
            if name.startswith(prefix):
                yield name

    def _interrupted(self, what: str) -> None:
        if self.interrupt is not None:
            self.interrupt(what)


async def memory_heads(findings: MemoryFindings) -> AsyncIterator[FindingHead]:
    """The heads of all findings."""
    for resource_id in sorted(findings.latest_texts, key=str):
        stored = await findings.latest(resource_id)
        assert stored is not None
        yield FindingHead(resource_id, as_text(as_object(stored.document["evaluation"])["id"]))
