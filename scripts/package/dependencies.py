"""The locked dependencies, as they lie in the package."""

import hashlib
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from pathspec import GitIgnoreSpec

PLATFORM = "manylinux2014_x86_64"
"""The oldest Linux that Azure's workers may be: wheels for it run on every later one."""

NEVER_RUNS = GitIgnoreSpec.from_lines(
    [
        "/bin/",
        "tests/",
        "test/",
        # What a type checker or a compiler reads.
        "*.pyi",
        "py.typed",
        "*.pyx",
        "*.pxd",
        "*.c",
        "*.h",
        # What an installer remembers. RECORD would name the files that are left out.
        "*.dist-info/RECORD",
        "*.dist-info/INSTALLER",
        "*.dist-info/REQUESTED",
        "*.dist-info/direct_url.json",
    ]
)


def install(lock: Path, python: Path, target: Path, kept: Path) -> None:
    """Install what `lock` names for `python` into `target`, from wheels alone and each with the hash that is in the
    lock. `kept` holds the wheels, so that a second build downloads nothing."""
    wheels = kept / _name(lock, python)
    if not wheels.is_dir():
        kept.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=kept, prefix="arriving-", ignore_cleanup_errors=True) as arriving:
            _pip(python, "download", "--no-deps", "--dest", arriving, *_wheels_of(lock))
            # Another build may have been first; its wheels are the same.
            with suppress(OSError):
                Path(arriving).rename(wheels)
    offline = ("--no-index", "--find-links", str(wheels), "--no-deps", "--no-compile", "--target", str(target))
    _pip(python, "install", *offline, *_wheels_of(lock))


def trim(target: Path) -> None:
    """Take out what never runs, once nothing asks any more what is installed."""
    for path in sorted(target.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif NEVER_RUNS.match_file(path.relative_to(target).as_posix()):
            path.unlink()


def _wheels_of(lock: Path) -> tuple[str, ...]:
    return ("--platform", PLATFORM, "--only-binary", ":all:", "--require-hashes", "--requirement", str(lock))


def _pip(python: Path, verb: str, *arguments: str) -> None:
    # This environment's pip, run by the other Python: it reads the lock's markers as that Python does.
    options = ("--python", str(python), "--quiet", "--disable-pip-version-check", "--no-input")
    subprocess.run([sys.executable, "-m", "pip", *options, verb, *arguments], check=True)


def _name(lock: Path, python: Path) -> str:
    told = subprocess.run([python, "-V"], capture_output=True, check=True).stdout
    return hashlib.sha256(lock.read_bytes() + told + PLATFORM.encode()).hexdigest()[:16]
