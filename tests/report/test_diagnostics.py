"""Messages to authors: the place, the line, a caret exactly under it, and nothing that acts on a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.language.source import Source
from muster.report.diagnostics import LINE_WIDTH, render, render_all
from muster.report.visible import columns, expanded, visible
from muster.values.diagnostic import Diagnostic, Level


def fault(**parts: object) -> Diagnostic:
    values = {"rule": "unknown-operator", "level": Level.ERROR, "message": "No operator 'equal'.", "file": "d.json"}
    return Diagnostic(**{**values, **parts})  # type: ignore[arg-type]


def test_the_place_the_line_the_caret_and_the_hint() -> None:
    source = Source("d.json", '{\n  "if": {\n    "equal": 7\n  }\n}\n')
    assert render(fault(pointer="/if/equal", in_key=True, hint="Write 'equals'."), source) == (
        "d.json:3:5: error[unknown-operator]: No operator 'equal'.\n"
        '   3 |     "equal": 7\n'
        "     |     ^\n"
        "     = Write 'equals'."
    )


def test_without_a_source_there_is_no_place() -> None:
    text = render(fault(hint="Write 'equals'."), None)
    assert text == "d.json: error[unknown-operator]: No operator 'equal'.\n  = Write 'equals'."


@pytest.mark.parametrize(
    ("line", "pointer", "shown", "caret"),
    [
        ('\t"a":\t1', "/a", '    "a":    1', 12),
        ('"日本": 1', "/日本", '"日本": 1', 8),
        ('"e\u0301": 1', "/e\u0301", '"e\u0301": 1', 5),
        ('"\u202e\u007f": 1', "/\u202e\u007f", '"\\u202e\\u007f": 1', 16),
    ],
    ids=["tabs", "wide", "combining", "control"],
)
def test_the_caret_stands_under_the_place_whatever_is_before_it(
    line: str, pointer: str, shown: str, caret: int
) -> None:
    source = Source("d.json", f"{{\n{line}\n}}")
    _, text, mark = render(fault(pointer=pointer), source).splitlines()
    assert text == f"   2 | {shown}"
    assert mark == f"     | {' ' * caret}^"


def test_a_long_line_is_shown_around_the_caret() -> None:
    source = Source("d.json", f'{{"a": "{"x" * 5000}", "here": 1, "b": "{"y" * 5000}"}}')
    _, text, mark = render(fault(pointer="/here"), source).splitlines()
    assert len(text) == len("   1 | ") + LINE_WIDTH + 6
    assert text[mark.index("^")] == "1"
    assert text.startswith("   1 | ...")
    assert text.endswith("...")


def test_what_an_author_wrote_can_not_act_on_a_terminal() -> None:
    source = Source("\u001b[2J.json", '{"\u009b31m": 1}')
    text = render(fault(file="\u001b[2J.json", message="\u001b]0;x\u0007", hint="\u2066", pointer="/\u009b31m"), source)
    assert all(character.isprintable() or character == "\n" for character in text)
    assert "\\u001b[2J.json:1:" in text


def test_all_messages_stand_in_the_order_of_their_places_and_are_counted() -> None:
    source = Source("d.json", '{\n"a": 1,\n"b": 2\n}')
    text = render_all(
        [
            fault(pointer="/b", message="second"),
            fault(file="z.json", message="last", level=Level.WARNING),
            fault(pointer="/a", message="first"),
        ],
        {"d.json": source},
    )
    assert [word for word in text.replace(".", " ").split() if word in ("first", "second", "last")] == [
        "first",
        "second",
        "last",
    ]
    assert text.splitlines()[-1] == "2 errors, 1 warning in 2 files"


def test_equal_faults_are_no_trouble() -> None:
    assert render_all([fault(), fault()], {}).endswith("2 errors in 1 file")


@given(st.text(alphabet=st.characters(exclude_characters="\n\r")), st.data())
def test_the_caret_is_below_the_same_character_of_any_line(line: str, data: st.DataObject) -> None:
    marked = data.draw(st.integers(0, len(line)))
    shown, column = expanded(line, marked)
    before, _ = expanded(line[:marked], marked)
    assert shown.startswith(before)
    assert columns(before) == column
    assert visible(shown) == shown
