"""The direction of imports and the purity of the core, and that a planted offence is seen."""

import ast
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

CORE = ("values", "language", "facts", "policy", "report", "jobs")

_MACHINE = (
    "builtins ctypes dbm fcntl fileinput getpass glob http importlib locale logging mmap multiprocessing os pathlib"
    " pickle platform random resource sched secrets select selectors shelve shutil signal socket socketserver sqlite3"
    " ssl subprocess sys syslog tempfile threading time urllib.request webbrowser zoneinfo"
)
FORBIDDEN_MODULES = frozenset(_MACHINE.split())
"""Input and output, clock, environment, chance, threads; zoneinfo reads the machine's tables."""

FORBIDDEN_NAMES = frozenset({"__import__", "breakpoint", "compile", "eval", "exec", "input", "open", "print"})
CLOCK_READS = frozenset({"now", "today", "utcnow"})
CLOCKS = frozenset({"date", "datetime"})
CHANCE = frozenset({"uuid1", "uuid4"})
NOT_ASYNC = frozenset(CORE) - {"jobs"}


def offences(package: Path) -> list[str]:
    """What the core of a package does that it must not: `values/x.py:3: imports os`."""
    found = []
    files = [package / "ports.py", *(path for room in CORE for path in sorted((package / room).rglob("*.py")))]
    for path in files:
        name = path.relative_to(package).as_posix()
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            found += [f"{name}:{line}: {what}" for line, what in _offences(node, name.partition("/")[0])]
    return found


def _offences(node: ast.AST, room: str) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Import(names=names):
            for alias in names:
                yield from ((node.lineno, f"imports {alias.name}") for _ in _forbidden(alias.name, room))
        case ast.ImportFrom(module=str(module), names=names):
            for alias in names:
                full = f"{module}.{alias.name}"
                yield from ((node.lineno, f"imports {full}") for _ in _forbidden(full, room))
        case ast.Call(func=ast.Name(id=name)) if name in FORBIDDEN_NAMES | CHANCE:
            yield node.lineno, f"calls {name}"
        case ast.Attribute(attr=name, value=ast.Name(id=owner)) if name in CLOCK_READS and owner in CLOCKS:
            yield node.lineno, f"reads the clock with {owner}.{name}"
        case ast.Attribute(attr=name, value=ast.Attribute(attr=owner)) if name in CLOCK_READS and owner in CLOCKS:
            yield node.lineno, f"reads the clock with {owner}.{name}"
        case ast.Attribute(attr=name, value=ast.Name(id="uuid")) if name in CHANCE:
            yield node.lineno, f"calls uuid.{name}"
        case ast.Attribute(attr="open" | "open_code" | "FileIO" as name, value=ast.Name(id="io")):
            yield node.lineno, f"uses io.{name}"


def _forbidden(full: str, room: str) -> Iterator[str]:
    parts = full.split(".")
    prefixes = {".".join(parts[: end + 1]) for end in range(len(parts))}
    yield from prefixes & FORBIDDEN_MODULES
    if "asyncio" in prefixes and room in NOT_ASYNC:
        yield "asyncio"


def test_the_core_does_no_input_and_output_and_reads_no_clock() -> None:
    assert offences(ROOT / "muster") == []


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of what import contracts are about."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("muster", "functions"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=ignored)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("import os", "imports os"),
        ("import os.path", "imports os.path"),
        ("from pathlib import Path", "imports pathlib.Path"),
        ("import time", "imports time"),
        ("from time import monotonic", "imports time.monotonic"),
        ("import logging", "imports logging"),
        ("from urllib import request", "imports urllib.request"),
        ("from importlib import resources", "imports importlib.resources"),
        ("import asyncio", "imports asyncio"),
        ("def read():\n    import os", "imports os"),
        ("def read():\n    return open('x')", "calls open"),
        ("from datetime import datetime\nNOW = datetime.now()", "reads the clock with datetime.now"),
        ("import datetime\nNOW = datetime.datetime.now()", "reads the clock with datetime.now"),
        ("from datetime import date\nclock = date.today", "reads the clock with date.today"),
        ("from uuid import uuid4\nA = uuid4()", "calls uuid4"),
        ("eval('1')", "calls eval"),
        ("import io\nFILE = io.open('x')", "uses io.open"),
    ],
)
def test_a_planted_offence_is_seen(copied: Path, line: str, says: str) -> None:
    planted = copied / "muster" / "language" / "planted.py"
    planted.write_text(line, "utf-8")
    (offence,) = set(offences(copied / "muster")) - set(offences(ROOT / "muster"))
    assert re.fullmatch(rf"language/planted\.py:\d: {re.escape(says)}", offence)


@pytest.mark.parametrize("line", ["from datetime import UTC, datetime", "from urllib.parse import quote", "import re"])
def test_what_is_pure_is_no_offence(copied: Path, line: str) -> None:
    (copied / "muster" / "language" / "planted.py").write_text(line, "utf-8")
    assert set(offences(copied / "muster")) == set(offences(ROOT / "muster"))


def lint_imports(folder: Path) -> tuple[int, str]:
    ran = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return ran.returncode, ran.stdout


def test_the_import_contracts_hold(copied: Path) -> None:
    code, said = lint_imports(copied)
    assert code == 0, said


@pytest.mark.parametrize(
    ("room", "line", "broken"),
    [
        ("values", "from muster.language import source", "Layers"),
        ("policy", "import muster.jobs.check", "Layers"),
        ("jobs", "def late():\n    import muster.adapters.blob_findings", "Layers"),
        ("local", "import functions.wiring", "Layers"),
        ("facts", "import azure.core", "The core knows nothing"),
        ("jobs", "import rich", "The core knows nothing"),
    ],
)
def test_a_planted_import_breaks_a_contract(copied: Path, room: str, line: str, broken: str) -> None:
    (copied / "muster" / room / "planted.py").write_text(line, "utf-8")
    code, said = lint_imports(copied)
    assert code == 1
    assert re.search(rf"^{broken}.* BROKEN$", said, re.MULTILINE)


def test_function_app_only_registers_blueprints() -> None:
    source = (ROOT / "function_app.py").read_text("utf-8")
    assert len(source.splitlines()) <= 30
    for statement in ast.parse(source).body:
        assert isinstance(statement, ast.Import | ast.ImportFrom | ast.Expr | ast.Assign)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            assert ast.unparse(statement.value.func) == "app.register_functions"


FORBIDDEN_FILES = re.compile(r"(utils?|helpers?|common|misc|manager|base)(\.py)?$", re.IGNORECASE)


def test_modules_are_short_and_named_for_their_job() -> None:
    for path in (path for name in ("muster", "functions") for path in (ROOT / name).rglob("*.py")):
        assert not FORBIDDEN_FILES.match(path.name), path
        assert len(path.read_text("utf-8").splitlines()) <= 420, path
