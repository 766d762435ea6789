"""Part of `mkdocs build`: the pages at the root of the repository become pages of the site, and what pages link to
outside of docs/ is copied into it."""

import os.path
import re
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
ROOT_PAGES = {"README.md": "index.md"} | {name: name for name in ("CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")}
"""File at the root -> page of the site."""

COPIES = "files"
"""The folder of the site for what is linked to and is no page."""

_LINK = re.compile(r"(?<=\]\()[^()\s]+(?=\))")
_WHOLE_LINK = re.compile(r"(?<!!)\[([^\[\]]*)\]\(([^()\s]+)\)")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Adds the pages at the root."""
    for name, page in ROOT_PAGES.items():
        files.append(File.generated(config, page, abs_src_path=str(ROOT / name)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Makes the links of a page, which are right in the repository, right on the site. Of a link to a folder only its
    text stays; what leads nowhere is left as it is, for the build to complain of."""
    place = page.file.src_uri
    here = next((PurePosixPath(name) for name, uri in ROOT_PAGES.items() if uri == place), PurePosixPath("docs", place))

    def moved(link: re.Match[str]) -> str:
        parts = urlsplit(link[0])
        if parts.scheme or parts.netloc or not parts.path:
            return link[0]
        target = os.path.normpath(here.parent / parts.path)
        uri = _uri(target, config, files)
        if uri is None:
            return link[0]
        return parts._replace(path=os.path.relpath(uri, PurePosixPath(place).parent)).geturl()

    def unlinked(link: re.Match[str]) -> str:
        return link[1] if (ROOT / here.parent / link[2]).is_dir() else link[0]

    return _LINK.sub(moved, _WHOLE_LINK.sub(unlinked, markdown))


def _uri(target: str, config: MkDocsConfig, files: Files) -> str | None:
    """Where a file of the repository is on the site; None where there is no such file."""
    if target in ROOT_PAGES:
        return ROOT_PAGES[target]
    if not (ROOT / target).is_file() or not (ROOT / target).resolve().is_relative_to(ROOT):
        return None
    if target.startswith("docs/"):
        return target.removeprefix("docs/")
    uri = f"{COPIES}/{target}"
    if files.get_file_from_path(uri) is None:
        files.append(File.generated(config, uri, abs_src_path=str(ROOT / target)))
    return uri
