"""The requests that every event makes of Azure Storage, on the shortest way that azure-core has.

The storage SDK's clients build models and run a dozen policies for each call, none of which changes what is stored:
three quarters of what a call costs (measured with benchmarks/throughput.py). What is listed, and what is asked for
seldom, goes through the SDK. Of azure-core's two kinds of requests this is the one of its pipeline, whose response
costs a quarter less than that of azure.core.rest.
Source of the requests: learn.microsoft.com/rest/api/storageservices (Put Blob, Get Blob, Put Message).
"""

from collections.abc import Mapping
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.core.pipeline import AsyncPipeline
from azure.core.pipeline.policies import AsyncBearerTokenCredentialPolicy, AsyncRetryPolicy
from azure.core.pipeline.transport import HttpRequest

from muster.adapters.http_transport import http_transport

if TYPE_CHECKING:
    from azure.core.pipeline.transport import AsyncHttpResponse

API_VERSION = "2025-11-05"
"""Azure takes it, and it is the newest that Azurite 3.35.0 takes; the SDK's own default is newer than that."""

CONNECT_SECONDS = 5
READ_SECONDS = 10

_SCOPE = "https://storage.azure.com/.default"
_RETRIES = {"retry_total": 2, "retry_backoff_factor": 1.0, "retry_backoff_max": 4, "timeout": 20}
"""The SDK's own retries start at 15 seconds; Event Grid waits 30 for the whole invocation."""

_REPEATABLE = frozenset({"GET", "PUT", "POST"})
"""What is tried again where the connection broke. A message that is put twice asks for the same look twice."""

_REFUSALS = {404: ResourceNotFoundError, 409: ResourceExistsError, 412: ResourceModifiedError}


class StorageRequests:
    """Requests to one service (blobs or queues) of one account. `url` may end in a shared access signature;
    `credential` is what the SDK's client of the service has: the policy that signs with the account's key, an async
    token credential, or None."""

    def __init__(self, url: str, credential: Any) -> None:
        self._url, _, self._signature = url.partition("?")
        self._url = self._url.rstrip("/")
        transport = http_transport(connect_seconds=CONNECT_SECONDS, read_seconds=READ_SECONDS)
        policies: list[Any] = [AsyncRetryPolicy(**_RETRIES)]
        if hasattr(credential, "get_token"):
            policies.append(AsyncBearerTokenCredentialPolicy(credential, _SCOPE))
        elif credential is not None:
            policies.append(credential)
        self._pipeline: AsyncPipeline[HttpRequest, AsyncHttpResponse] = AsyncPipeline(transport, policies)

    async def get(self, path: str) -> "AsyncHttpResponse | None":
        """What lies at a path, None where nothing does. Raises as send does. A new resource has no finding yet, so that
        this is no error, which would cost as much as the request itself."""
        response = await self._ask("GET", path, {}, None, "")
        if response.status_code == 404:
            return None
        return _carried_out(response)

    async def send(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes | None = None, query: str = ""
    ) -> "AsyncHttpResponse":
        """Make a request of `path` (without a leading slash, percent-encoded) and answer with the whole response.

        Raises what the SDK's clients raise: ResourceNotFoundError, ResourceExistsError, ResourceModifiedError and other
        HttpResponseErrors with Azure's `error_code`, and AzureError where nothing was answered. The errors have no
        `response`, but its `retry_after`.
        """
        return _carried_out(await self._ask(method, path, headers, content, query))

    async def close(self) -> None:
        """Close the connections."""
        await self._pipeline.__aexit__()

    async def _ask(
        self, method: str, path: str, headers: Mapping[str, str], content: bytes | None, query: str
    ) -> "AsyncHttpResponse":
        asked = "&".join(filter(None, (query, self._signature)))
        # Azure takes a signature for 15 minutes after its date, and all attempts end within 20 seconds.
        sent = {**headers, "x-ms-version": API_VERSION, "x-ms-date": formatdate(usegmt=True), "User-Agent": "muster"}
        request = HttpRequest(method, f"{self._url}/{path}{'?' if asked else ''}{asked}", headers=sent)
        if content is not None:
            request.set_bytes_body(content)
        return (await self._pipeline.run(request, stream=False, retry_on_methods=_REPEATABLE)).http_response


def _carried_out(response: "AsyncHttpResponse") -> "AsyncHttpResponse":
    if response.status_code < 300:
        return response
    code = response.headers.get("x-ms-error-code", "")
    kind = _REFUSALS.get(response.status_code, HttpResponseError)
    # Given the response, the error would read its text, for whose encoding a library of 22 MB is loaded.
    error = kind(message=f"{response.status_code} {code}".rstrip())
    error.status_code, error.reason = response.status_code, response.reason
    error.error_code = code  # type: ignore[attr-defined] # as the SDK's clients have it
    error.retry_after = response.headers.get("Retry-After")  # type: ignore[attr-defined] # see storage_faults
    raise error
