"""Requests to Azure Resource Manager: azure-core's pipeline with the two policies that a read needs, and the patience
that its limits ask for.

Measured with benchmarks/arm_reads.py: the pipelines of the azure-mgmt packages run a dozen policies more for each
request, none of which changes what is read.
"""

import asyncio
import logging
import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from json import loads
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.core.pipeline import AsyncPipeline
from azure.core.pipeline.policies import AsyncBearerTokenCredentialPolicy
from azure.core.pipeline.transport import HttpRequest

from muster.adapters.arm_cloud import Cloud
from muster.adapters.arm_failure import Failure
from muster.adapters.http_transport import http_transport
from muster.adapters.no_telemetry import NO_TELEMETRY
from muster.adapters.observed_call import observed_call
from muster.ports import Clock, Telemetry
from muster.values.errors import TransientFault
from muster.values.json import Json, JsonObject

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.core.pipeline.transport import AsyncHttpResponse

ATTEMPTS = 4
"""How often a request is made before its failure is a TransientFault."""

PATIENCE_SECONDS = 8.0
"""How long one request waits in all between its attempts. Whoever asked has its own, longer way to try again."""

OPERATION_SECONDS = 20.0
"""How long one long-running operation is waited for in all. Event Grid gives an event half a minute."""

FIRST_WAIT_SECONDS = 0.25
POLL_SECONDS = 2.0
CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
"""Between two reads of an answer's bytes; ANSWER_SECONDS bounds the whole."""
ANSWER_SECONDS = 40.0
AT_ONCE = 32
"""Requests under way together."""

_HEADERS = {"User-Agent": "muster", "Accept": "application/json"}
_PASSING = frozenset({408, 429, 500, 502, 503, 504})

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reply:
    """Azure's final answer to a request: its status, its JSON (None where it is none), its Date; of a 202 also where
    its result will be (Location, "" where it does not say) and when to ask for it (Retry-After, in seconds)."""

    status: int
    body: Json
    observed_at: datetime
    location: str = ""
    retry_after: float | None = None

    @property
    def ok(self) -> bool:
        """Whether the request was carried out."""
        return self.status == 200

    @property
    def failure(self) -> Failure:
        """Why it was not."""
        return Failure.of(self.body)


@dataclass(frozen=True, slots=True)
class Patience:
    """How a client waits: `attempts` in all, `seconds` of waiting in all, the whole of an answer in `answer`; for a
    long-running operation `operation` seconds in all, `poll` between two looks where Azure does not say."""

    attempts: int = ATTEMPTS
    seconds: float = PATIENCE_SECONDS
    first_wait: float = FIRST_WAIT_SECONDS
    answer: float = ANSWER_SECONDS
    operation: float = OPERATION_SECONDS
    poll: float = POLL_SECONDS


class ArmClient:
    """Asks one management endpoint. Paths are built by the caller from parsed ids; nothing else is ever requested."""

    def __init__(
        self,
        cloud: Cloud,
        credential: "AsyncTokenCredential",
        clock: Clock,
        patience: Patience | None = None,
        telemetry: Telemetry = NO_TELEMETRY,
    ) -> None:
        self.cloud = cloud
        self._credential = credential
        self._clock = clock
        self.patience = patience or Patience()
        self._telemetry = telemetry
        self._slots = asyncio.Semaphore(AT_ONCE)
        transport = http_transport(connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS, loopback=cloud.loopback)
        policies: list[Any] = [AsyncBearerTokenCredentialPolicy(credential, cloud.token_scope)]
        self._pipeline: AsyncPipeline[HttpRequest, AsyncHttpResponse] = AsyncPipeline(transport, policies)

    async def get(self, path: str, query: Mapping[str, str]) -> Reply:
        """Read `path`, which begins with a slash and is percent-encoded. Raises TransientFault."""
        return await self.get_encoded(f"{path}?{urlencode(query)}")

    async def get_encoded(self, target: str) -> Reply:
        """As get, for a path with its query in one. Raises TransientFault."""
        return await self._ask("GET", target)

    async def post(self, path: str, query: Mapping[str, str], body: JsonObject | None) -> Reply:
        """Ask a question that comes as JSON, or an action that takes none. It may be made several times. Raises
        TransientFault."""
        target = f"{path}?{urlencode(query)}"
        return await self._ask("POST", target, body)

    async def close(self) -> None:
        """Close the connections."""
        await self._pipeline.__aexit__()
        await self._credential.close()

    async def _ask(self, method: str, target: str, body: JsonObject | None = None) -> Reply:
        waited, attempt = 0.0, 0
        while True:
            attempt += 1
            told: float | None = None
            cause: BaseException | None = None
            try:
                request = HttpRequest(method, f"{self.cloud.url}{target}", headers=_HEADERS)
                if body is not None:
                    request.headers["Content-Type"] = "application/json"
                    request.set_json_body(body)
                response = await self._send(request)
            except ClientAuthenticationError as error:
                log.error("no token for %s: %s", self.cloud.name, _first_line(error))
                raise TransientFault(f"no token for {self.cloud.name}: {_first_line(error)}") from error
            except (AzureError, TimeoutError) as error:
                trouble, cause = f"{_path(target)}: {_first_line(error)}", error
            else:
                if response.status_code == 401:
                    failure = Failure.of(_json(response))
                    log.error("%s refused the token: %s", self.cloud.name, failure)
                    raise TransientFault(f"{self.cloud.name} refused the token: {failure}")
                if response.status_code not in _PASSING:
                    return self._reply(response)
                told = _retry_after(response)
                trouble = f"{_path(target)}: Azure answered {response.status_code}"
            wait = told if told is not None else self._wait(attempt)
            if attempt == self.patience.attempts or waited + wait > self.patience.seconds:
                raise TransientFault(trouble, retry_after=told) from cause
            await asyncio.sleep(wait)
            waited += wait

    def _reply(self, response: "AsyncHttpResponse") -> Reply:
        reply = Reply(response.status_code, _json(response), self._date(response))
        if response.status_code != 202:
            return reply
        return replace(reply, location=response.headers.get("Location", ""), retry_after=_retry_after(response))

    async def _send(self, request: HttpRequest) -> "AsyncHttpResponse":
        with observed_call(self._telemetry, request.method) as answered:
            async with self._slots, asyncio.timeout(self.patience.answer):
                # Only a server of this machine is ever asked without TLS.
                ran = await self._pipeline.run(request, stream=False, enforce_https=not self.cloud.loopback)
            answered(ran.http_response.status_code)
        return ran.http_response

    def _wait(self, attempt: int) -> float:
        """Growing, and scattered, so that workers that failed together do not come back together."""
        longest: float = self.patience.first_wait * 3.0 ** (attempt - 1)
        return longest * random.uniform(0.5, 1.0)  # noqa: S311

    def _date(self, response: "AsyncHttpResponse") -> datetime:
        """The Date of the answer: what muster's own clock says may be off, and another worker's otherwise."""
        try:
            return _instant(response.headers["Date"])
        except (KeyError, ValueError):
            return self._clock()


@lru_cache(maxsize=8)
def _instant(text: str) -> datetime:
    """A Date. All answers of a second have the same. Raises ValueError."""
    return parsedate_to_datetime(text).astimezone(UTC)


def _json(response: "AsyncHttpResponse") -> Json:
    """The answer's JSON. A gateway's page is none."""
    try:
        found: Json = loads(response.body())
    except (ValueError, RecursionError):
        return None
    return found


def _retry_after(response: "AsyncHttpResponse") -> float | None:
    """Retry-After in seconds; Azure writes no date there."""
    text = response.headers.get("Retry-After", "")
    return float(text) if text.isascii() and text.isdigit() and len(text) < 6 else None


def _path(target: str) -> str:
    return target.partition("?")[0][:300]


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:300]
