"""The columns of an index in memory: whole numbers whose bits are resources, so that a facet is counted in
milliseconds however many results there are.

A mask is an int: bit n is set where resource number n is meant. What a resource has one value of (its location) is an
array of numbers of words; what it has many of (its results) is a mask for each rule and state.
"""

import sqlite3
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from itertools import compress

from muster.adapters.index_file import WORDS
from muster.jobs.index_entry import CODES

_TO_DIGITS = bytes(0x30 + (value != 0) for value in range(256))
_TO_FLAGS = bytes(int(value == 0x31) for value in range(256))
_IS_CODE = {code: bytes(0x30 + (value == code) for value in range(256)) for code in range(1, len(CODES) + 1)}
_MAX_KEPT = 512
_AT_ONCE = 4


class Columns:
    """The columns of one file. `size` is one more than the highest number of a resource; `present` has them all."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        highest = connection.execute("SELECT max(number) FROM resource").fetchone()[0]
        rules = connection.execute("SELECT count(*) FROM rule").fetchone()[0]
        self.size = (highest or 0) + 1
        self.codes: Mapping[str, array[int]] = {name: array("I", bytes(4 * self.size)) for name in WORDS}
        self._kept: dict[tuple[str, int], int] = {}
        verdicts = bytearray(self.size * rules)
        flags = bytearray(self.size)
        columns = ", ".join(f"{name}" for name in WORDS)
        arrays = [self.codes[name] for name in WORDS]
        for number, row, *codes in connection.execute(f"SELECT number, verdicts, {columns} FROM resource"):  # noqa: S608 names of ours
            flags[number] = 1
            verdicts[number * rules : number * rules + len(row)] = row
            for column, code in zip(arrays, codes, strict=True):
                column[number] = code
        self.present = mask_of(flags)
        self.results: Mapping[tuple[int, int], int] = dict(_masks(verdicts, rules))

    def having(self, column: str, words: Collection[int]) -> int:
        """The resources with one of these words."""
        if len(words) > _AT_ONCE:
            wanted = frozenset(words)
            return mask_of(bytes(map(wanted.__contains__, self.codes[column]))) & self.present
        found = 0
        for word in words:
            mask = self._kept.get((column, word))
            if mask is None:
                mask = mask_of(bytes(map(word.__eq__, self.codes[column]))) & self.present
                if len(self._kept) < _MAX_KEPT:
                    self._kept[column, word] = mask
            found |= mask
        return found

    def counted(self, column: str, mask: int) -> Counter[int]:
        """How many of the resources in a mask have each word."""
        return Counter(compress(self.codes[column], self.flags(mask)))

    def summed(self, column: str, weights: bytes) -> Counter[int]:
        """The weights of all resources added up for each word."""
        codes = self.codes[column]
        found = [0] * (max(codes) + 1)
        for word, weight in zip(codes, weights, strict=True):
            found[word] += weight
        return Counter({word: weight for word, weight in enumerate(found) if weight})

    def flags(self, mask: int) -> bytes:
        """A byte a resource, 1 where it is in the mask."""
        return f"{mask:0{self.size}b}".encode().translate(_TO_FLAGS)[::-1]

    def within(self, weights: bytes, mask: int) -> bytes:
        """Weights, 0 for resources that are not in a mask."""
        if mask == self.present:
            return weights
        kept = int.from_bytes(self.flags(mask), "little") * 255
        return (int.from_bytes(weights, "little") & kept).to_bytes(self.size, "little")

    def weights(self, masks: Iterable[int]) -> bytes:
        """A byte a resource: in how many of the masks it is, at most 255."""
        total, count = 0, 0
        for mask in masks:
            if not mask:
                continue
            count += 1
            if count > 255:
                break
            total += int.from_bytes(self.flags(mask), "little")
        return total.to_bytes(self.size, "little")


def mask_of(flags: bytes | bytearray) -> int:
    """The mask of a byte a resource."""
    return int(bytes(flags).translate(_TO_DIGITS)[::-1] or b"0", 2)


def numbers_of(numbers: Iterable[int], size: int) -> int:
    """The mask of these resources."""
    flags = bytearray(size)
    for number in numbers:
        flags[number] = 1
    return mask_of(flags)


def _masks(verdicts: bytearray, rules: int) -> Iterable[tuple[tuple[int, int], int]]:
    for rule in range(rules):
        column = bytes(verdicts[rule::rules])
        for code, digits in _IS_CODE.items():
            if code in column:
                yield (rule, code), int(column.translate(digits)[::-1], 2)
