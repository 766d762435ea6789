"""Faults of files on standard error, each with its line and a caret."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import click

from muster.language.source import Source
from muster.report.diagnostics import render_all
from muster.values.diagnostic import Diagnostic


def show_faults(
    faults: Iterable[Diagnostic], sources: Mapping[str, Source] | None = None, *, folder: Path | None = None
) -> None:
    """Print faults in the order of their places. Texts that `sources` does not have are read again from their files,
    whose names are relative to `folder` where there is one."""
    known: dict[str, Source] = dict(sources or {})
    located = []
    for fault in faults:
        name = fault.file
        if name not in known:
            path = folder / name if folder and (folder / name).is_file() else Path(name)
            name = str(path)
            if name not in known and (text := _read(path)) is not None:
                known[name] = Source(name, text)
        located.append(replace(fault, file=name))
    click.echo(render_all(located, known), err=True)


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
