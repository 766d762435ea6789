"""Two policy sets that judge together: muster's own, and what is assigned in Azure Policy."""

import hashlib
from datetime import datetime, timedelta

from muster.ports import PolicyJudge
from muster.values.document import Document, RelatedQuery
from muster.values.finding import Verdict
from muster.values.needs import Needs
from muster.values.sweep import ExemptionEnd


class PoliciesTogether:
    """Both sets' results, the first's first. Where both have the same assignment, by its id, the first one's counts.
    Implements PolicyJudge (muster/ports.py)."""

    def __init__(self, first: PolicyJudge, second: PolicyJudge) -> None:
        self._first, self._second = first, second

    @property
    def version(self) -> str:
        """Another content of either set, another version."""
        text = f"{self._first.version} {self._second.version}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def needs(self, document: Document) -> Needs:
        """See PolicyJudge.needs."""
        return self._first.needs(document) | self._second.needs(document)

    def related_queries(self, document: Document) -> tuple[RelatedQuery, ...]:
        """See PolicyJudge.related_queries."""
        queries = (*self._first.related_queries(document), *self._second.related_queries(document))
        return tuple(dict.fromkeys(queries))

    def exemptions_ending(self, by: datetime) -> tuple[ExemptionEnd, ...]:
        """See PolicyJudge.exemptions_ending."""
        found = {*self._first.exemptions_ending(by), *self._second.exemptions_ending(by)}
        return tuple(sorted(found, key=lambda one: (one.ends, one.id)))

    def judges(self, resource_type: str) -> bool:
        """See PolicyJudge.judges."""
        return self._first.judges(resource_type) or self._second.judges(resource_type)

    def evaluation_delay(self, document: Document) -> timedelta | None:
        """See PolicyJudge.evaluation_delay."""
        delays = (self._first.evaluation_delay(document), self._second.evaluation_delay(document))
        return max((delay for delay in delays if delay is not None), default=None)

    def evaluate(self, document: Document, as_of: datetime) -> Verdict:
        """See PolicyJudge.evaluate."""
        first, second = self._first.evaluate(document, as_of), self._second.evaluate(document, as_of)
        judged = {result.id for result in first.results}
        results = (*first.results, *(result for result in second.results if result.id not in judged))
        return Verdict(results, tuple(dict.fromkeys((*first.warnings, *second.warnings))))
