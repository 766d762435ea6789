"""Golden files: an output as it was once looked at and found right."""

import os
from pathlib import Path

REWRITE = "MUSTER_REWRITE_GOLDEN"


def check_golden(path: Path, text: str) -> None:
    """Assert that a text is what the golden file has. With MUSTER_REWRITE_GOLDEN=1 in the environment the file is
    written instead, to be looked at before it is committed. Spaces at the ends of lines do not count."""
    trimmed = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
    if os.environ.get(REWRITE):
        path.parent.mkdir(exist_ok=True)
        path.write_text(trimmed, "utf-8")
    assert path.is_file(), f"{path} is missing: {REWRITE}=1 writes it"
    assert trimmed == path.read_text("utf-8"), f"not as {path}: {REWRITE}=1 rewrites it"
