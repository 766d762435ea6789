"""The site that `make docs` makes: nothing in it is broken, it loads nothing from elsewhere, new pages find a place."""

import json
import os
import re
import shutil
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

from tests.conftest import ROOT, unavailable

pytestmark = pytest.mark.xdist_group("site")  # one build for all of them

MKDOCS = Path(sys.executable).with_name("mkdocs")


def build(source: Path, site: Path) -> subprocess.CompletedProcess[str]:
    if not MKDOCS.is_file():
        unavailable("mkdocs is not installed: pip install -e '.[docs]'")
    return subprocess.run(
        [MKDOCS, "build", "--strict", "--site-dir", site],
        cwd=source,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    built = build(ROOT, folder)
    assert built.returncode == 0, built.stderr
    return folder


def text(page: Path) -> str:
    """What a page says, in one line."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", page.read_text("utf-8"))).split())


def test_every_page_is_on_the_site(site: Path) -> None:
    pages = {path.relative_to(ROOT / "docs").with_suffix(".html") for path in (ROOT / "docs").rglob("*.md")}
    pages = {page.with_name("index.html") if page.name == "README.html" else page for page in pages}
    assert [page for page in pages if not (site / page).is_file()] == []
    assert "muster checks every Azure VM the moment it is deployed." in text(site / "index.html")


def test_a_page_says_what_its_definition_says(site: Path) -> None:
    properties = json.loads((ROOT / "policies/definitions/disks/encryption-at-host.json").read_text("utf-8"))[
        "properties"
    ]
    said = text(site / "policies" / "encryption-at-host.html")
    metadata = properties["metadata"]
    for told in (properties["displayName"], properties["description"], metadata["remediation"], metadata["command"]):
        assert told in said


def test_what_is_linked_to_outside_of_the_docs_is_copied(site: Path) -> None:
    page = (site / "policy-files.html").read_text("utf-8")
    assert 'href="files/policies/schemas/definition.schema.json"' in page
    name = "policies/schemas/definition.schema.json"
    assert (site / "files" / name).read_bytes() == (ROOT / name).read_bytes()


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    tags = r"<(?:script|link|img|iframe|source|object|embed)\b[^>]*(?:src|href|data)=\"?(?:https?:)?//[^\"> ]*"
    styles = r"url\(\"?(?:https?:)?//|@import\s+(?:url\()?\"?(?:https?:)?//"
    found = [
        f"{path.relative_to(site)}: {match[0]}"
        for pattern, kind in ((tags, "*.html"), (styles, "*.css"))
        for path in site.rglob(kind)
        for match in re.finditer(pattern, path.read_text("utf-8"))
    ]
    assert found == []


def test_a_new_page_finds_a_place_and_a_dead_link_stops_the_build(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    for path in ROOT.iterdir():
        if path.is_dir() and not path.name.startswith("."):
            shutil.copytree(path, source / path.name, ignore=shutil.ignore_patterns("__pycache__"))
        elif path.is_file():
            shutil.copy(path, source)
    (source / "docs" / "operations").mkdir(exist_ok=True)
    (source / "docs" / "operations" / "planted.md").write_text(
        "# Planted\n\n[x](../findings.md) [a folder](../../policies)\n", "utf-8"
    )
    (source / "docs" / "planted.md").write_text("# Also planted\n\n[x](../README.md#a-policy)\n", "utf-8")
    built = build(source, tmp_path / "site")
    assert built.returncode == 0, built.stderr
    for page in ("planted.html", "operations/planted.html"):
        assert "md-nav__link--active" in (tmp_path / "site" / page).read_text("utf-8"), "it is in the navigation"
    assert '<p><a href="../findings.html">x</a> a folder</p>' in (
        tmp_path / "site" / "operations" / "planted.html"
    ).read_text("utf-8")
    (source / "docs" / "planted.md").write_text("# Also planted\n\n[x](gone.md) [y](../README.md#gone)\n", "utf-8")
    built = build(source, tmp_path / "site")
    assert built.returncode != 0
    assert "'gone.md', but the target is not found" in built.stderr
    assert "#gone" in built.stderr
