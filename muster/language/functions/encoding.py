"""base64, URIs and data URIs."""

import binascii
import re
from base64 import b64decode, b64encode
from urllib.parse import quote, unquote_plus, unquote_to_bytes, urljoin, urlsplit, urlunsplit

from muster.language.functions.arguments import kind, text, text_or_null, utf8
from muster.language.functions.conversion import parse
from muster.language.functions.function import strict
from muster.language.functions.json_text import compact, scalar_text
from muster.values.errors import TemplateError
from muster.values.json import Json

_SPACES = str.maketrans("", "", " \t\r\n")
_CHARSETS = ("utf-8", "utf8", "us-ascii")
_ABSOLUTE = re.compile(r"(https?|ftp|sftp|file|wss?)://[^\s<>\"{}|\\^`]*", re.IGNORECASE)
_UNTOUCHED = "%/?#[]@!$&'()*+,;=:~"
_PORTS = {"http": ":80", "https": ":443", "ftp": ":21", "ws": ":80", "wss": ":443"}


def to_base64(value: Json) -> Json:
    """Of the UTF-8 form; null counts as the empty string."""
    return b64encode(utf8(text_or_null(value, "inputString"))).decode()


def base64_to_json(value: Json) -> Json:
    """Any JSON value, not only an object."""
    return parse(_decoded(text(value, "base64Value")).decode(errors="replace"))


def base64_to_string(value: Json) -> Json:
    """Bytes that are no UTF-8 become the replacement character, as in .NET."""
    return _decoded(text(value, "base64Value")).decode(errors="replace")


def data_uri(value: Json) -> Json:
    """Strings as text/plain, all else as application/json. The odd `utf8` is Azure's own spelling."""
    if value is None:
        raise TemplateError(f"stringToConvert must be a string or another value, not {kind(value)}")
    shown = compact(value) if isinstance(value, list | dict) else scalar_text(value)
    media = "text/plain" if isinstance(value, str) else "application/json"
    return f"data:{media};charset=utf8;base64,{b64encode(utf8(shown)).decode()}"


def data_uri_to_string(value: Json) -> Json:
    """Base64 or percent-encoded, UTF-8 only."""
    head, comma, data = text(value, "dataUriToConvert").partition(",")
    scheme, colon, metadata = head.partition(":")
    if scheme.lower() != "data" or not colon or not comma:
        raise TemplateError("dataUriToConvert must look like data:text/plain;base64,SGVsbG8=")
    _, *attributes = metadata.lower().split(";")
    if not all(map(str.strip, attributes)):
        raise TemplateError("dataUriToConvert has an empty attribute")
    charset = next((each.partition("=")[2] for each in attributes if each.startswith("charset=")), "utf-8")
    if charset not in _CHARSETS:
        raise TemplateError("dataUriToConvert must be in UTF-8")
    if attributes[-1:] == ["base64"]:
        return _decoded(data).decode(errors="replace")
    return unquote_to_bytes(utf8(data).replace(b"+", b" ")).decode(errors="replace")


def uri(base: Json, relative: Json) -> Json:
    """Resolved as RFC 3986, section 5, has it, and written with what a URI can't hold percent-encoded."""
    start, way = text(base, "baseUri"), text(relative, "relativeUri")
    if not _ABSOLUTE.fullmatch(start):
        raise TemplateError("baseUri must be an absolute URI such as https://example.com/")
    try:
        scheme, host, path, query, fragment = urlsplit(urljoin(start, way.strip()))
        host = host.lower() if "@" not in host else host
        host = host.removesuffix(_PORTS.get(scheme, ":"))
        joined = urlunsplit((scheme, host, path or "/", query, fragment))
    except ValueError as error:
        raise TemplateError(f"they make no URI: {error}") from None
    utf8(joined)
    return quote(joined, safe=_UNTOUCHED)


def uri_component(value: Json) -> Json:
    """All but letters, digits and `-_.~`."""
    return quote(utf8(text(value, "stringToEncode")), safe="")


def uri_component_to_string(value: Json) -> Json:
    """A plus sign is a space; what is no escape stays."""
    return unquote_plus(text(value, "uriEncodedString"))


def _decoded(value: str) -> bytes:
    try:
        return b64decode(utf8(value.translate(_SPACES)), validate=True)
    except binascii.Error:
        raise TemplateError("it must be base64") from None


ROWS = (
    strict("base64(inputString)", to_base64, "Encodes a string in base64."),
    strict("base64ToJson(base64Value)", base64_to_json, "Decodes base64 and reads it as JSON."),
    strict("base64ToString(base64Value)", base64_to_string, "Decodes base64 to a string."),
    strict("dataUri(stringToConvert)", data_uri, "Makes a data URI of a value."),
    strict("dataUriToString(dataUriToConvert)", data_uri_to_string, "Returns the text that a data URI holds."),
    strict("uri(baseUri, relativeUri)", uri, "Resolves a relative URI against an absolute one."),
    strict("uriComponent(stringToEncode)", uri_component, "Percent-encodes a string."),
    strict("uriComponentToString(uriEncodedString)", uri_component_to_string, "Decodes a percent-encoded string."),
)
