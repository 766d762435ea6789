"""Answers kept for a while."""

import asyncio
from typing import Any

import pytest

from muster.adapters.aged_cache import AgedCache


class Source:
    """Counts how often it is asked; answers with the count, or raises."""

    def __init__(self) -> None:
        self.count = 0
        self.fault: Exception | None = None

    async def __call__(self) -> int:
        self.count += 1
        await asyncio.sleep(0)
        if self.fault is not None:
            raise self.fault
        return self.count


def cache(now: list[float], **given: Any) -> AgedCache[str, int]:
    return AgedCache(10, lambda: now[0], **{"keeps": lambda _: True, **given})


async def test_an_answer_is_kept_until_it_is_old() -> None:
    now, source = [0.0], Source()
    kept = cache(now)
    assert [await kept.get("k", source) for _ in range(2)] == [1, 1]
    now[0] = 10
    assert await kept.get("k", source) == 1
    now[0] = 10.1
    assert await kept.get("k", source) == 2


async def test_who_asks_together_asks_once() -> None:
    source = Source()
    kept = cache([0.0])
    assert await asyncio.gather(*(kept.get("k", source) for _ in range(5))) == [1] * 5
    assert await kept.get("other", source) == 2


async def test_a_failure_is_not_kept() -> None:
    source = Source()
    kept = cache([0.0])
    source.fault = ValueError("x")
    answers = await asyncio.gather(*(kept.get("k", source) for _ in range(2)), return_exceptions=True)
    assert all(isinstance(answer, ValueError) for answer in answers)
    assert source.count == 1
    source.fault = None
    assert await kept.get("k", source) == 2


async def test_what_is_not_worth_keeping_is_asked_again() -> None:
    source = Source()
    kept = cache([0.0], keeps=lambda answer: answer != 1)
    assert [await kept.get("k", source) for _ in range(3)] == [1, 2, 2]


async def test_there_is_a_bound_and_the_oldest_goes_first() -> None:
    source = Source()
    kept = cache([0.0], limit=2)
    for key in "abc":
        await kept.get(key, source)
    assert source.count == 3
    assert await kept.get("c", source) == 3
    assert await kept.get("b", source) == 2
    assert await kept.get("a", source) == 4


async def test_one_who_gives_up_does_not_stop_the_others() -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def slow() -> int:
        begun.set()
        await go.wait()
        return 7

    kept = cache([0.0])
    first = asyncio.create_task(kept.get("k", slow))
    await begun.wait()
    second = asyncio.create_task(kept.get("k", slow))
    await asyncio.sleep(0)
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    go.set()
    assert await second == 7
