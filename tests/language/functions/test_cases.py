"""Every function has a file of cases, `cases/<name>.json`: arguments to a value, or to part of the complaint."""

import json
from pathlib import Path
from typing import Any

import pytest

from muster.language.functions import FUNCTIONS
from muster.values.errors import TemplateError

FOLDER = Path(__file__).parent / "cases"
CASES = [
    pytest.param(file.stem, case, id=f"{file.stem}: {case['note']}")
    for file in sorted(FOLDER.glob("*.json"))
    for case in json.loads(file.read_text(encoding="utf-8"))
]


def same(left: Any, right: Any) -> bool:
    """Equality that tells 1, 1.0 and true apart, and the order of an object's members."""
    return json.dumps(left) == json.dumps(right)


def test_every_function_has_cases() -> None:
    assert {function.name for function in FUNCTIONS.values()} == {file.stem for file in FOLDER.glob("*.json")}


def test_no_two_cases_of_a_function_share_their_arguments() -> None:
    for file in FOLDER.glob("*.json"):
        arguments = [json.dumps(case["args"]) for case in json.loads(file.read_text(encoding="utf-8"))]
        assert len(arguments) == len(set(arguments)), file.name


@pytest.mark.parametrize(("name", "case"), CASES)
def test_case(name: str, case: dict[str, Any]) -> None:
    call = FUNCTIONS[name.lower()].call
    before = json.dumps(case["args"])
    if "error" in case:
        with pytest.raises(TemplateError) as caught:
            call(case["args"])
        message = str(caught.value)
        assert message.startswith(f"{name}(")
        assert case["error"] in message
        assert len(message) < 400
        assert message.isprintable()
    else:
        assert same(call(case["args"]), case["want"])
    assert json.dumps(case["args"]) == before, "the arguments were changed"
