"""A RequestQueue in memory: what was put, through the message's text and back, in the order of when it shows itself."""

from datetime import datetime, timedelta

from muster.jobs.request_message import parse_request, request_message
from muster.values.request import EvaluationRequest


class MemoryQueue:
    """`waiting` has the requests with their delays. `fault`, if set, is raised by every put."""

    def __init__(self) -> None:
        self.waiting: list[tuple[EvaluationRequest, timedelta]] = []
        self.fault: Exception | None = None

    async def put(self, request: EvaluationRequest, delay: timedelta) -> None:
        if self.fault is not None:
            raise self.fault
        self.waiting.append((parse_request(request_message(request)), delay))

    def take(self) -> tuple[EvaluationRequest, timedelta]:
        """The only request that waits."""
        (one,) = self.waiting
        self.waiting.clear()
        return one

    def due(self, start: datetime) -> list[datetime]:
        """When each would be seen, put at `start`."""
        return [start + delay for _, delay in self.waiting]
