"""Values in sentences: quoted, short, and on one line."""

import json
from collections.abc import Sequence

from muster.values.json import Json

LONGEST = 80
LONGEST_ID = 300


def shown(value: Json, longest: int = LONGEST) -> str:
    """A value as a sentence shows it: strings as they are (without control characters), others as JSON, cut off."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    text = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in text[:400])
    return text if len(text) <= longest else text[: longest - 1] + "\N{HORIZONTAL ELLIPSIS}"


def joined(names: Sequence[str], word: str) -> str:
    """`a, b or c`."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {word} {names[-1]}"
