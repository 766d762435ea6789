"""From the checkout to the package."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scripts.package.archive import write_archive
from scripts.package.bill import environment_of, write_bill, write_licences
from scripts.package.bytecode import compile_all
from scripts.package.contents import deployed_files
from scripts.package.dependencies import install, trim

ROOT = Path(__file__).parents[2]
SITE_PACKAGES = Path(".python_packages", "lib", "site-packages")
"""Where the worker of Azure Functions looks for an app's dependencies."""

ARCHIVE = "muster.zip"
BILL = "muster.cdx.json"
LICENCES = "THIRD-PARTY-LICENSES.txt"

BOUND = 60_000_000
"""The most bytes that the package may have: an instance fetches it before its first event."""


class TooLarge(Exception):
    """The package has more bytes than it may."""


@dataclass(frozen=True, slots=True)
class Built:
    """A package, its size and that of its files in bytes, and how many they are."""

    archive: Path
    packed: int
    unpacked: int
    files: int


def build(python: Path, out: Path, kept: Path) -> Built:
    """Build the package for `python` into the folder `out`, its bill of materials and licences in it and beside it.

    `kept` is a folder for wheels. Raises TooLarge.
    """
    out.mkdir(parents=True, exist_ok=True)
    kept.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        app = Path(temporary, "app")
        for name in deployed_files(ROOT):
            target = app / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, target)
        install(ROOT / "requirements.lock", python, app / SITE_PACKAGES, kept)
        environment = environment_of(app / SITE_PACKAGES, python, Path(temporary, "environment"))
        write_bill(environment, ROOT, Path(temporary), app / BILL)
        write_licences(environment, app / LICENCES)
        trim(app / SITE_PACKAGES)
        compile_all(app, python)
        write_archive(app, out / ARCHIVE)
        for name in (BILL, LICENCES):
            shutil.copyfile(app / name, out / name)
        sizes = [path.stat().st_size for path in app.rglob("*") if path.is_file()]
    return Built(out / ARCHIVE, bounded_size(out / ARCHIVE), sum(sizes), len(sizes))


def bounded_size(archive: Path) -> int:
    """The size of an archive in bytes. Raises TooLarge."""
    size = archive.stat().st_size
    if size > BOUND:
        raise TooLarge(f"{archive} has {size:,} bytes; at most {BOUND:,} are allowed")
    return size
