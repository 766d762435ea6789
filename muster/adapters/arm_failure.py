"""What Azure Resource Manager says when it refuses.

Source: learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors; the form is
`{"error": {"code": ..., "message": ...}}`, and without the outer object from a few providers.
"""

import re
from dataclasses import dataclass

from muster.values.json import Json

_ACTION = re.compile(r"action '([A-Za-z0-9./*]{3,256})'", re.ASCII)
_LACKS = re.compile(r"does not have (?:authorization|permission)[^']{0,80}'([A-Za-z0-9./*]{3,256})'", re.ASCII)

GONE = frozenset({"resourcenotfound", "notfound", "resourcegroupnotfound", "parentresourcenotfound"})
"""Codes, lower-cased, of a 404 that says that the resource isn't there; other 404s say that the question is wrong."""

NEVER_USED = frozenset({"missingsubscriptionregistration", "subscriptionnotregistered"})
"""The subscription never used the resource provider, so that it has nothing of it."""

IMAGE_DEPRECATED = "imageversiondeprecated"


@dataclass(frozen=True, slots=True)
class Failure:
    """`code` and `message` as Azure wrote them, "" where it wrote none."""

    code: str
    message: str

    @classmethod
    def of(cls, body: Json) -> "Failure":
        """From the body of an answer, whatever it is."""
        if isinstance(body, dict) and isinstance(body.get("error"), dict):
            body = body["error"]
        if not isinstance(body, dict):
            return cls("", "")
        code, message = body.get("code"), body.get("message")
        return cls(
            code[:80] if isinstance(code, str) else "",
            message[:1000] if isinstance(message, str) else "",
        )

    def permission(self, expected: str) -> str:
        """The action that is missing; `expected` where the message names none."""
        found = _LACKS.search(self.message) or _ACTION.search(self.message)
        return found[1] if found else expected

    def __str__(self) -> str:
        return f"{self.code}: {self.message[:200]}" if self.message else self.code or "no reason given"
