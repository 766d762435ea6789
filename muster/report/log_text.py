"""What a log line may say: no secrets, and nothing of the person behind an event."""

import re

from muster.report.redaction import REDACTED, SECRET_MEMBERS

_MEMBERS = "|".join(sorted(SECRET_MEMBERS))
_RULES = (
    # Claims are an object: where they begin, the rest is theirs.
    (re.compile(r"""["']claims\\?["']\s*:.*""", re.IGNORECASE | re.DOTALL), REDACTED),
    (
        re.compile(
            rf"""(["']?\b(?:{_MEMBERS})\\?["']?\s*[:=]\s*)(?:\\"(?:[^"\\]|\\[^"])*\\"|"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,;}}]+)""",
            re.IGNORECASE,
        ),
        rf"\g<1>{REDACTED}",
    ),
    (re.compile(r"\beyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?"), REDACTED),
    (re.compile(r"\b(Bearer|SharedKey|SharedAccessSignature)\s+[^\s,;]+", re.IGNORECASE), rf"\g<1> {REDACTED}"),
    (
        re.compile(r"\b(sig|AccountKey|SharedAccessKey|client_secret|password)=[^\s&;,\"']+", re.IGNORECASE),
        rf"\g<1>={REDACTED}",
    ),
    # A principal's name or an address of mail. The part before the @ has at most 64 characters, so that a long word is
    # looked at once.
    (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"), REDACTED),
)


def log_text(text: str) -> str:
    """A log line's text, or a traceback, with what must not be kept replaced."""
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text
