"""What of the checkout is deployed."""

import subprocess
from pathlib import Path

from pathspec import GitIgnoreSpec


def deployed_files(root: Path) -> tuple[str, ...]:
    """What git tracks under `root` and .funcignore does not name, as paths with slashes, in their order.

    What is not tracked is never deployed, so a forgotten local.settings.json can't be.
    """
    listed = subprocess.run(
        ["git", "ls-files", "-z"],
        cwd=root,
        capture_output=True,
        check=True,
    )
    tracked = sorted(name for name in listed.stdout.decode().split("\0") if name)
    ignored = GitIgnoreSpec.from_lines((root / ".funcignore").read_text("utf-8").splitlines())
    return tuple(name for name in tracked if not ignored.match_file(name))
