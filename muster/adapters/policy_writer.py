"""Writes files into a policies folder, and nowhere else."""

import os
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from muster.adapters.catalogue_files import write_text
from muster.values.errors import BadInput


def write_policies(folder: Path, files: Mapping[str, str], *, force: bool) -> None:
    """Write texts by path in the folder, which is made where it is not there. The paths are those of
    muster/policy/layout.py: a folder of a kind, and a name.

    Without `force` nothing is written where any of the files is there already. A link that leads out of the folder is
    never followed. Raises BadInput, before anything was written where it can be told then.
    """
    try:
        _write(folder, files, force=force)
    except OSError as error:
        raise BadInput(f"{folder} can't be written: {error.strerror or error}", reason="unwritable") from error


def _write(folder: Path, files: Mapping[str, str], *, force: bool) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    root = folder.resolve()
    for path in files:
        parts = PurePosixPath(path).parts
        target = root / path
        if len(parts) != 2 or {"..", "/"} & set(parts) or target.parent.is_symlink():
            raise BadInput(f"{path} would lie outside of {folder}", reason="unwritable")
        if not force and os.path.lexists(target):
            raise BadInput(f"{folder / path} is there already; --force replaces it", reason="exists")
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(exist_ok=True)
        write_text(target, text)
