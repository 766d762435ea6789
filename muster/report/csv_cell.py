"""A text as a cell of a CSV file that a spreadsheet opens without computing anything.

A spreadsheet takes a cell that begins with one of these characters for a formula; an apostrophe before it makes it a
text. Source: owasp.org/www-community/attacks/CSV_Injection.
"""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def csv_cell(text: str) -> str:
    """The cell's text. Quoting is the CSV writer's."""
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
