"""Answers with the headers that all have."""

from collections.abc import Mapping

from muster.web.request import Response

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "accelerometer=(), camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Strict-Transport-Security": "max-age=31536000",
    "Cache-Control": "no-store",
}


def respond(status: int, text: str | bytes, kind: str, headers: Mapping[str, str] | None = None) -> Response:
    """An answer of a content type, which nothing else may take for another."""
    # Half of a surrogate pair, which UTF-8 can't say, may be in what strangers wrote.
    body = text.encode("utf-8", "replace") if isinstance(text, str) else text
    return Response(status, body, {**SECURITY_HEADERS, "Content-Type": kind, **(headers or {})})
