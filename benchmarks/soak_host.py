"""The local host of the soak: the app as it is, its delays compressed. Started by soak.py, and killed.

python benchmarks/soak_host.py PORT SPEED KEY
"""

import asyncio
import random
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from functions import wiring
from muster.jobs.settle import Delays
from muster.local import host, queue_trigger
from muster.ports import RequestQueue
from muster.settings.app import Settings
from muster.values.request import EvaluationRequest

ROOT = Path(__file__).parents[1]
HIDDEN_SECONDS = 4
"""In place of the ten minutes for which a killed host's messages stay hidden."""


class Compressed:
    """A queue whose delays pass faster."""

    def __init__(self, queue: RequestQueue, speed: float) -> None:
        self._queue = queue
        self._speed = speed

    async def put(self, request: EvaluationRequest, delay: timedelta) -> None:
        await self._queue.put(request, delay / self._speed)


def compress(speed: float) -> None:
    """Let later looks come sooner, and messages show themselves again sooner."""
    make = wiring._make

    def made(settings: Settings) -> "tuple[wiring.Services, list[wiring.Closer]]":
        services, closers = make(settings)
        return replace(services, delays=Delays(Compressed(services.delays.queue, speed), random.random)), closers

    wiring._make = made
    host.DRIVERS = {
        **host.DRIVERS,
        queue_trigger.TRIGGER: lambda functions, setup: queue_trigger.QueueTriggers(
            functions,
            replace(setup.queues, visibility_timeout=1, max_polling_interval=0.5),
            setup.settings,
            hidden_seconds=HIDDEN_SECONDS,
        ),
    }


async def serve(port: int, key: str) -> None:
    async with host.local_host(ROOT, key=key, port=port) as running:
        print(running.url, flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    compress(float(sys.argv[2]))
    asyncio.run(serve(int(sys.argv[1]), sys.argv[3]))
