"""Answers kept for a while."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from functools import partial
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class AgedCache(Generic[K, V]):
    """Answers by question, each at most `max_age` seconds old and at most `limit` of them, the oldest dropped first.

    Whoever asks while the same question is under way waits for that answer. What `keeps` is not true of, and what
    failed, is asked again the next time. `told` hears of each question whether its answer was there.
    """

    def __init__(
        self,
        max_age: float,
        monotonic: Callable[[], float],
        *,
        keeps: Callable[[V], bool],
        limit: int = 4096,
        told: Callable[[bool], None] = lambda _hit: None,
    ) -> None:
        self._max_age, self._monotonic, self._keeps, self._limit, self._told = max_age, monotonic, keeps, limit, told
        self._kept: dict[K, tuple[float, asyncio.Task[V]]] = {}

    async def get(self, key: K, ask: Callable[[], Awaitable[V]]) -> V:
        """The answer to `key`, by `ask` where none is kept."""
        now = self._monotonic()
        kept = self._kept.get(key)
        hit = kept is not None and now - kept[0] <= self._max_age
        self._told(hit)
        if kept is None or not hit:
            self._kept.pop(key, None)
            while len(self._kept) >= self._limit:
                del self._kept[next(iter(self._kept))]
            kept = self._kept[key] = (now, asyncio.ensure_future(self._asked(ask)))
            # Called before anybody who waits: what is not worth keeping is gone when they go on.
            kept[1].add_done_callback(partial(self._ended, key))
        # One waiter that gives up does not take the answer from the others. An answer that is there is not waited for.
        return await asyncio.shield(kept[1])

    async def _asked(self, ask: Callable[[], Awaitable[V]]) -> V:
        return await ask()

    def _ended(self, key: K, task: "asyncio.Task[V]") -> None:
        had = not task.cancelled() and task.exception() is None and self._keeps(task.result())
        kept = self._kept.get(key)
        if not had and kept is not None and kept[1] is task:
            del self._kept[key]
