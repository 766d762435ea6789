"""guid and uniqueString: the same names always give the same text.

guid() is a version 5 UUID (RFC 9562) in Azure Resource Manager's namespace. uniqueString() is a 64-bit hash after
Austin Appleby's MurmurHash3, in two 32-bit lanes with Resource Manager's own constants, written in base 32; Microsoft
publishes it as code only (Azure.Deployments.Expression), and the cases beside the tests name where values are from.
"""

from uuid import UUID, uuid5

from muster.language.functions.arguments import text, utf8
from muster.language.functions.bounds import check_length
from muster.language.functions.function import strict
from muster.values.json import Json

_NAMESPACE = UUID("11fb06fb-712d-4ddd-98c7-e71bbd588830")
_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"
_BITS = 0xFFFF_FFFF
_FACTORS = (0x239B_961B, 0xAB0E_9789)


def guid(*names: Json) -> Json:
    """The arguments count as one text with dashes between."""
    return str(uuid5(_NAMESPACE, _dashed(names).decode()))


def unique_string(*names: Json) -> Json:
    """13 characters; the arguments count as one text with dashes between, case included."""
    hashed = murmur_hash(_dashed(names))
    # 13 groups of 5 bits are one bit more than the hash has.
    return "".join(_LETTERS[(hashed << 1) >> shift & 31] for shift in range(60, -1, -5))


def murmur_hash(data: bytes) -> int:
    """64 bits: the second lane above the first."""
    low = high = 0
    whole = len(data) & ~7
    for at in range(0, whole, 8):
        low ^= _lane(data[at : at + 4], 15, _FACTORS)
        low = (_rotated(low, 19) + high) * 5 + 0x561C_CD1B & _BITS
        high ^= _lane(data[at + 4 : at + 8], 17, _FACTORS[::-1])
        high = (_rotated(high, 13) + low) * 5 + 0x0BCA_A747 & _BITS
    low ^= _lane(data[whole : whole + 4], 15, _FACTORS) ^ len(data)
    high ^= _lane(data[whole + 4 :], 17, _FACTORS[::-1]) ^ len(data)
    low = low + high & _BITS
    high = high + low & _BITS
    low, high = _mixed(low), _mixed(high)
    low = low + high & _BITS
    high = high + low & _BITS
    return high << 32 | low


def _lane(piece: bytes, turn: int, factors: tuple[int, ...]) -> int:
    """Up to four bytes, scrambled; nothing is 0."""
    first, second = factors
    return _rotated(int.from_bytes(piece, "little") * first & _BITS, turn) * second & _BITS


def _rotated(value: int, turn: int) -> int:
    return (value << turn | value >> 32 - turn) & _BITS


def _mixed(value: int) -> int:
    value = (value ^ value >> 16) * 0x85EB_CA6B & _BITS
    value = (value ^ value >> 13) * 0xC2B2_AE35 & _BITS
    return value ^ value >> 16


def _dashed(names: tuple[Json, ...]) -> bytes:
    parts = [text(name, "every argument") for name in names]
    check_length(sum(map(len, parts)) + len(parts) - 1)
    return utf8("-".join(parts))


ROWS = (
    strict("guid(baseString, ...)", guid, "Makes a GUID of strings, always the same one of the same strings."),
    strict(
        "uniqueString(baseString, ...)",
        unique_string,
        "Makes 13 letters and digits of strings, always the same of the same strings.",
    ),
)
