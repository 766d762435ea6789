"""Where the browser is."""

import os
import shutil


def find_chromium() -> str | None:
    """The program that MUSTER_CHROMIUM names, else Debian's chromium or one like it on PATH."""
    names = (os.environ.get("MUSTER_CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome")
    return next((found for name in names if name and (found := shutil.which(name))), None)
