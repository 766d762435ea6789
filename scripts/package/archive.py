"""A ZIP archive whose bytes follow from what is in it."""

import zipfile
from pathlib import Path

EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The first time that a ZIP archive can tell."""

READABLE = 0o100644 << 16


def write_archive(folder: Path, target: Path) -> None:
    """Write all files below `folder`, in the order of their names and without their times."""
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in names:
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = READABLE
            archive.writestr(entry, (folder / name).read_bytes())
