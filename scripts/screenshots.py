"""Takes the pictures of docs/images from a page that is served (`make serve`), in Chromium.

PYTHONPATH=. .venv/bin/python scripts/screenshots.py [http://127.0.0.1:7071]
"""

import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import sync_playwright

from tests.browser.chromium import find_chromium

TARGET = Path(__file__).parents[1] / "docs" / "images"
DESK, PHONE = (1280, 900), (390, 844)
MACHINE = "/resources?q=vm-legacy-shop"
"""Whose page is shown: the first machine of this list."""

Scheme = Literal["light", "dark"]
PICTURES: tuple[tuple[str, str, tuple[int, int], Scheme], ...] = (
    ("overview", "/", DESK, "light"),
    ("overview-dark", "/", DESK, "dark"),
    ("overview-phone", "/", PHONE, "light"),
    ("findings", "/findings?state=NonCompliant", DESK, "light"),
    ("findings-phone", "/findings?state=NonCompliant", PHONE, "light"),
    ("lifecycle", "/lifecycle", DESK, "light"),
    ("resource", MACHINE, DESK, "light"),
    ("resource-dark", MACHINE, DESK, "dark"),
    ("unchecked", "/unchecked", DESK, "light"),
)


def main(url: str) -> None:
    """Take them all."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=["--no-sandbox"])
        for name, path, (width, height), scheme in PICTURES:
            context = browser.new_context(
                base_url=url, color_scheme=scheme, viewport={"width": width, "height": height}
            )
            page = context.new_page()
            page.goto(path)
            if path == MACHINE:
                page.locator("tbody th a").first.click()
                page.wait_for_load_state()
            page.screenshot(path=TARGET / f"{name}.png")
            context.close()
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:7071")
