"""Release data from a file or from endoflife.date, and never more of it than is read."""

from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from muster.values.errors import BadInput, TransientFault

HOST = "endoflife.date"
MAX_BYTES = 16 * 1024 * 1024
"""All products together are about 3 MB."""
TIMEOUT = aiohttp.ClientTimeout(total=30)


def read_local(path: Path) -> str:
    """The text of a file. Raises BadInput where it can't be read, or is too large or no UTF-8."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadInput(f"{path} can't be read: {error.strerror}", reason="unfitReleaseData") from error
    return _text(content, str(path))


async def fetch(url: str) -> str:
    """The text of an address of endoflife.date. Raises BadInput on any other address; TransientFault where it did not
    answer now."""
    if not is_allowed(url):
        raise BadInput(f"release data is fetched from https://{HOST}/ only, not from {url}", reason="unfitReleaseData")
    return await download(url)


def is_allowed(url: str) -> bool:
    """Whether it is an https address of endoflife.date, on the usual port and without credentials."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and parts.netloc.lower() in (HOST, f"{HOST}:443") and port in (None, 443)


async def download(url: str) -> str:
    """The text at an address. A redirect is not followed, since it could lead anywhere."""
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.get(url, allow_redirects=False, headers={"Accept": "application/json"}) as response,
        ):
            if response.status >= 500 or response.status == 429:
                raise TransientFault(f"{url} answers {response.status} now")
            if response.status != 200:
                raise BadInput(f"{url} answers {response.status}, not 200", reason="unfitReleaseData")
            content = bytearray()
            async for chunk in response.content.iter_chunked(65536):
                content += chunk
                if len(content) > MAX_BYTES:
                    break
    except (aiohttp.ClientError, TimeoutError) as error:
        raise TransientFault(f"{url} did not answer: {error or 'no answer in time'}") from error
    return _text(bytes(content), url)


def _text(content: bytes, name: str) -> str:
    if len(content) > MAX_BYTES:
        raise BadInput(f"{name} has more than the {MAX_BYTES:,} bytes that are read", reason="unfitReleaseData")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"{name} is not UTF-8", reason="unfitReleaseData") from error
