"""Letters without regard to case, one character for one character, so that positions stay what they are.

Stands for .NET's invariant culture, whose simple case mapping never changes a string's length: `ß` has no capital
and equals only itself.
"""


def fold(text: str) -> str:
    """What two strings that differ only in case have in common."""
    return text.lower() if text.isascii() else "".join(map(_fold, text))


def lower(text: str) -> str:
    """In lower case."""
    return text.lower() if text.isascii() else "".join(c if len(c.lower()) != 1 else c.lower() for c in text)


def upper(text: str) -> str:
    """In upper case."""
    return text.upper() if text.isascii() else "".join(c if len(c.upper()) != 1 else c.upper() for c in text)


def _fold(character: str) -> str:
    for mapped in (character.casefold(), character.lower()):
        if len(mapped) == 1:
            return mapped
    return character
