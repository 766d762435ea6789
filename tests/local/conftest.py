"""Function apps written for a test."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

WriteApp = Callable[[str], Path]


@pytest.fixture
def write_app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[WriteApp]:
    """Writes a function_app.py and gives its folder. The module is forgotten afterwards: it is named as muster's is."""

    def write(source: str) -> Path:
        (tmp_path / "function_app.py").write_text(dedent(source), "utf-8")
        return tmp_path

    monkeypatch.delitem(sys.modules, "function_app", raising=False)
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    yield write
    sys.modules.pop("function_app", None)
