"""What fuzzing checks (benchmarks/fuzz_target.py) holds of its seeds, and would not if the code were broken."""

import json
import random
from pathlib import Path

import pytest

from benchmarks.fuzz_mutator import mutated
from benchmarks.fuzz_seeds import seeds, write_corpus, write_dictionary
from benchmarks.fuzz_target import Target
from muster.values.json import Json

SEEDS = [*seeds()]


@pytest.fixture
def target(tmp_path: Path) -> Target:
    return Target(tmp_path / "slowest")


def changed(data: bytes, seed: int) -> bytes:
    return mutated(data, 5_000, seed, lambda given, limit: given[: min(limit, len(given) // 2)])


def test_what_must_hold_holds_of_every_seed(target: Target, tmp_path: Path) -> None:
    for seed in SEEDS:
        target.one_input(seed.encode())
    assert float((tmp_path / "slowest").read_text("utf-8")) > 0


def test_what_must_hold_holds_of_changed_seeds(target: Target) -> None:
    chance = random.Random(20261128)
    for _ in range(200):
        target.one_input(changed(chance.choice(SEEDS).encode(), chance.randrange(2**31)))


def test_most_of_what_is_changed_is_json_still_and_the_same_seed_changes_alike() -> None:
    chance = random.Random(7)
    given = [(chance.choice(SEEDS[:50]).encode(), number) for number in range(400)]
    made = [changed(data, number) for data, number in given]
    assert made == [changed(data, number) for data, number in given]
    assert sum(map(_is_json, made)) > len(made) / 2
    assert sum(old == new for (old, _), new in zip(given, made, strict=True)) < len(made) / 10


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def test_an_address_that_is_kept_is_noticed(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    def as_it_came(came: Json) -> Json:
        return came

    monkeypatch.setattr("muster.report.unprocessed.without_claims", as_it_came)
    refused = {"eventType": 1, "data": {"claims": {"upn": "ann@contoso.example"}}}
    with pytest.raises(AssertionError, match="ann@contoso"):
        target.one_input(json.dumps(refused).encode())


def test_what_is_lost_is_noticed(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    async def lose(*_: object) -> None:
        return

    monkeypatch.setattr("functions.receiving.keep_unprocessed", lose)
    with pytest.raises(AssertionError):
        target.one_input(b'{"eventType": 1}')


def test_a_corpus_and_a_dictionary_are_written(tmp_path: Path) -> None:
    count = write_corpus(tmp_path / "corpus")
    assert count == len([*(tmp_path / "corpus").iterdir()]) == 2 * len(SEEDS)
    write_dictionary(tmp_path / "words")
    words = (tmp_path / "words").read_text("utf-8").splitlines()
    assert r'"\"eventType\""' in words
    assert all(word.startswith('"') and word.endswith('"') for word in words)
