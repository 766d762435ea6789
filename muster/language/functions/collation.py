"""The order of strings in less(), greater() and their kin.

.NET's invariant culture orders like a dictionary, not by code: punctuation before digits before letters, `a` before
`A` before `b`, accents after the bare letter. This follows the root order of the Unicode collation algorithm (UTS 10)
in its three levels, for characters that decompose into a letter and marks.
"""

import unicodedata

_PUNCTUATION = "\t\n\v\f\r\x85\u2028\u2029 _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$"
_RANK = {character: rank for rank, character in enumerate(_PUNCTUATION)}
_CLASSES = {"Z": 1, "P": 1, "S": 2, "N": 3}

Key = tuple[tuple[tuple[int, str], ...], tuple[str, ...], tuple[bool, ...]]


def collation_key(text: str) -> Key:
    """A key that orders as the string does: letters first, then accents, then case."""
    letters: list[tuple[int, str]] = []
    marks: list[str] = []
    capitals: list[bool] = []
    for character in unicodedata.normalize("NFD", text):
        category = unicodedata.category(character)
        if category.startswith("M") and letters:
            marks[-1] += character
        elif category != "Cc" or character in _RANK:
            letters.append(_letter(character, category))
            marks.append("")
            capitals.append(character != character.lower())
    return tuple(letters), tuple(marks), tuple(capitals)


def _letter(character: str, category: str) -> tuple[int, str]:
    rank = _RANK.get(character)
    if rank is not None:
        return 0, chr(rank)
    return _CLASSES.get(category[0], 4), character.casefold()
