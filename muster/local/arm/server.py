"""The loopback server: what Azure Resource Manager answers to reads, over real sockets; and to the one action that
muster asks for, a long-running operation."""

import asyncio
import base64
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode
from uuid import uuid4

from aiohttp import web

from muster.local.arm import graph
from muster.local.arm.effective import ACTION, effective_entries, runs
from muster.local.arm.estate import Estate
from muster.local.arm.fault_plan import Fault, FaultPlan
from muster.local.arm.limits import UNLIMITED, Limits, Meter
from muster.local.arm.permissions import GRAPH, Role, action_of
from muster.values.json import Json, JsonObject, canonical

ADDRESS = "127.0.0.1"
PAGE = 100
GRAPH_PAGE = 1000
REQUESTS_REMEMBERED = 100_000
TOKEN = "/msi/token"
"""Where the managed identity endpoint of App Service would be."""

_EXPANDED = {
    "microsoft.compute/virtualmachines": "instanceView",
    "microsoft.compute/virtualmachinescalesets/virtualmachines": "instanceView",
}
_OF_TENANT = ("/providers/microsoft.authorization/", "/providers/microsoft.management/managementgroups/")
"""What lies in no subscription: policies that are built in, and those of management groups."""

_STATUS = {Fault.THROTTLED: 429, Fault.BROKEN: 500, Fault.UNAVAILABLE: 503}


@dataclass(frozen=True, slots=True)
class Seen:
    """One request and the status of its answer, 0 where it got none."""

    method: str
    path: str
    query: str
    status: int


@dataclass
class ArmState:
    """What the server answers from; may be changed while it runs. `page` is how many members a list's page has.

    `role`: what its callers may read, None for everything. `partial`: the estate is not all that there is, as recorded
    samples are not, so that what it lacks is refused (NotRecorded) instead of denied. `seen` has the newest requests,
    oldest first. `managed`: entries of effective rules that come from network managers, by the lower-cased path of the
    interface. An operation is under way for `looks` looks at its result, `retry_after` seconds between them.
    """

    estate: Estate
    plan: FaultPlan = field(default_factory=FaultPlan)
    limits: Limits = UNLIMITED
    role: Role | None = None
    partial: bool = False
    page: int = PAGE
    managed: dict[str, list[JsonObject]] = field(default_factory=dict)
    looks: int = 1
    retry_after: int = 0
    monotonic: Callable[[], float] = time.monotonic
    seen: deque[Seen] = field(default_factory=lambda: deque(maxlen=REQUESTS_REMEMBERED))
    url: str = ""

    def __post_init__(self) -> None:
        self.meter = Meter(self.limits, self.monotonic)


@asynccontextmanager
async def arm_server(state: ArmState, port: int = 0) -> AsyncIterator[ArmState]:
    """The server on loopback until the block is left; `url` is then where it is."""
    application = web.Application()
    handler = _Handler(state)
    application.router.add_get(TOKEN, handler.token)
    application.router.add_post("/providers/Microsoft.ResourceGraph/resources", handler.graph)
    application.router.add_post("/{path:.*}", handler.act)
    application.router.add_get("/{path:.*}", handler.read)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    try:
        await web.TCPSite(runner, ADDRESS, port).start()
        state.url = f"http://{ADDRESS}:{runner.addresses[-1][1]}"
        yield state
    finally:
        await runner.cleanup()


class _Refused(Exception):
    """An answer that is an error, in Azure's form."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}

    def response(self) -> web.Response:
        return web.json_response(
            {"error": {"code": self.code, "message": self.message}}, status=self.status, headers=self.headers
        )


class _Cut(Exception):
    """The connection is gone; nobody gets an answer."""


class _Handler:
    def __init__(self, state: ArmState) -> None:
        self._state = state
        self._operations: dict[str, tuple[int, JsonObject]] = {}
        self._answers = graph.HeldAnswers()

    async def token(self, request: web.Request) -> web.Response:
        """A token as the managed identity endpoint of App Service gives it."""
        if "X-IDENTITY-HEADER" not in request.headers:
            return web.json_response({"error": {"code": "400", "message": "no X-IDENTITY-HEADER"}}, status=400)
        expires = str(int(time.time()) + 3600)
        resource = request.query.get("resource", "")
        return web.json_response(
            {"access_token": "loopback", "expires_on": expires, "resource": resource, "token_type": "Bearer"}
        )

    async def read(self, request: web.Request) -> web.StreamResponse:
        """A resource or a list."""
        path = request.path.lower().rstrip("/")
        return await self._answered(request, lambda principal: self._read(request, path, principal))

    async def act(self, request: web.Request) -> web.StreamResponse:
        """An action of a resource."""
        path = request.path.lower().rstrip("/")
        return await self._answered(request, lambda principal: self._act(request, path, principal))

    async def graph(self, request: web.Request) -> web.StreamResponse:
        """Rows of Resource Graph."""
        body = await request.json()
        return await self._answered(request, lambda principal: self._graph(body, principal))

    async def _answered(self, request: web.Request, answer: Callable[[str], web.Response]) -> web.StreamResponse:
        response: web.StreamResponse
        try:
            principal = _principal(request)
            fault = self._state.plan.draw()
            await self._meet(fault, request)
            response = answer(principal)
        except _Refused as refused:
            response = refused.response()
        except _Cut:
            self._note(request, 0)
            return web.Response()
        self._note(request, response.status)
        return response

    def _note(self, request: web.Request, status: int) -> None:
        self._state.seen.append(Seen(request.method, request.path, request.query_string, status))

    async def _meet(self, fault: Fault | None, request: web.Request) -> None:
        plan = self._state.plan
        if fault is None:
            return
        if fault is Fault.SLOW:
            await asyncio.sleep(plan.slow)
            return
        if fault in _STATUS:
            headers = {"Retry-After": str(plan.retry_after)} if fault is Fault.THROTTLED else {}
            raise _Refused(_STATUS[fault], "PlannedFault", "This was asked for.", headers)
        if fault is Fault.STALL:
            await asyncio.sleep(plan.stall)
        if request.transport is not None:
            request.transport.abort()
        raise _Cut

    def _read(self, request: web.Request, path: str, principal: str) -> web.Response:
        state = self._state
        if path == "/subscriptions":
            return web.json_response({"value": [one for one in state.estate.containers() if "subscriptionId" in one]})
        headers = self._admit(request, path, principal)
        if path in self._operations:
            return self._result(path, headers)
        if path in state.plan.deprecated:
            raise _Refused(404, "ImageVersionDeprecated", "The platform image is deprecated.")
        # A path is a list's where it ends with a type, which it does where the segments behind the provider are even.
        behind = path.rpartition("/providers/")[2] if "/providers/" in path else ""
        if path == "/subscriptions" or (behind and behind.count("/") % 2):
            return self._list(request, path, headers)
        if state.plan.is_late(path):
            raise _not_found(path)
        body = state.estate.one(path)
        if body is None:
            raise self._lacking(path)
        if state.plan.is_settling(path):
            body = _updating(body)
        return web.json_response(_shown(body, request.query.get("$expand", "")), headers=headers)

    def _admit(self, request: web.Request, path: str, principal: str, verb: str = "read") -> dict[str, str]:
        """What every answer depends on, in Azure's order; the headers of the answer."""
        state = self._state
        parts = path.split("/")
        subscription = parts[2] if len(parts) > 2 and parts[1] == "subscriptions" else ""
        if not subscription and path != "/subscriptions" and not path.startswith(_OF_TENANT):
            raise _Refused(404, "NotFound", "There is nothing below this path.")
        if "api-version" not in request.query:
            raise _Refused(400, "MissingApiVersionParameter", "The api-version query parameter is required.")
        wait, left = state.meter.read(subscription or "the tenant", principal)
        headers = {"x-ms-ratelimit-remaining-subscription-reads": str(left)}
        if wait:
            raise _throttled(wait, headers)
        self._permit(path, verb)
        if subscription and state.estate.one(f"/subscriptions/{subscription}") is None:
            raise _Refused(404, "SubscriptionNotFound", f"The subscription '{subscription}' could not be found.")
        return headers

    def _act(self, request: web.Request, path: str, principal: str) -> web.Response:
        state = self._state
        headers = self._admit(request, path, principal, "action")
        owner = path.removesuffix(ACTION)
        if owner == path:
            raise _Refused(404, "InvalidResourceType", "The resource has no such action.")
        interface = state.estate.one(owner)
        if interface is None:
            raise self._lacking(owner)
        if not runs(state.estate, interface):
            code = "NicMustBeAttachedToRunningVmToGetEffectiveSecurityGroups"
            said = f"The network interface {interface.get('id')} is not attached to a running virtual machine."
            raise _Refused(400, code, said)
        try:
            found: list[Json] = [*state.managed.get(owner, []), *effective_entries(state.estate, interface)]
        except LookupError as lacking:
            raise self._lacking(str(lacking.args[0])) from lacking
        below = f"providers/microsoft.network/locations/{interface.get('location')}/operationresults/{uuid4()}"
        result = f"/subscriptions/{path.split('/')[2]}/{below}"
        self._operations[result] = (state.looks, {"value": found})
        return self._under_way(result, headers)

    def _result(self, path: str, headers: dict[str, str]) -> web.Response:
        left, body = self._operations[path]
        if left:
            self._operations[path] = (left - 1, body)
            return self._under_way(path, headers)
        return web.json_response(body, headers=headers)

    def _under_way(self, path: str, headers: dict[str, str]) -> web.Response:
        location = f"{self._state.url}{path}?api-version=2024-05-01"
        later = {"Location": location, "Retry-After": str(self._state.retry_after)}
        return web.json_response(None, status=202, headers={**headers, **later})

    def _list(self, request: web.Request, path: str, headers: dict[str, str]) -> web.Response:
        estate = self._state.estate
        members = estate.many(path)
        if members is None or (self._state.partial and not members):
            raise self._lacking(path)
        members = _filtered(members, request.query.get("$filter", ""))
        expand = request.query.get("$expand", "")
        if estate.is_bare(path):
            return web.json_response([_shown(member, "") for member in members], headers=headers)
        try:
            start = int(request.query.get("$skiptoken", "0"))
        except ValueError as error:
            raise _Refused(400, "InvalidSkipToken", "The skip token is none.") from error
        end = start + self._state.page
        body: JsonObject = {"value": [_shown(member, expand) for member in members[start:end]]}
        if end < len(members):
            query = {**{k: v for k, v in request.query.items() if k != "$skiptoken"}, "$skiptoken": str(end)}
            body["nextLink"] = f"{self._state.url}{request.path}?{urlencode(query)}"
        return web.json_response(body, headers=headers)

    def _graph(self, body: Json, principal: str) -> web.Response:
        state = self._state
        wait, left = state.meter.graph(principal)
        headers = {
            "x-ms-user-quota-remaining": str(left),
            "x-ms-user-quota-resets-after": f"00:00:{int(wait) + 1:02d}",
        }
        if wait:
            raise _throttled(wait, headers)
        self._permit(GRAPH)
        asked = body if isinstance(body, dict) else {}
        options = asked.get("options")
        options = options if isinstance(options, dict) else {}
        top, token = options.get("$top"), options.get("$skipToken")
        size = min(top, GRAPH_PAGE) if isinstance(top, int) and top > 0 else GRAPH_PAGE
        try:
            start = int(base64.b64decode(token)) if isinstance(token, str) else 0
        except ValueError as error:
            raise _Refused(400, "BadRequest", "The skip token is none.") from error
        question = canonical({**asked, "options": principal})
        rows = self._answers.rows(question, lambda: self._rows(asked), start=start, end=start + size)
        if state.partial and not rows:
            raise self._lacking(GRAPH)
        page: list[Json] = [*rows[start : start + size]]
        answer: JsonObject = {"totalRecords": len(rows), "count": len(page), "resultTruncated": "false", "data": page}
        if start + size < len(rows):
            answer["$skipToken"] = base64.b64encode(str(start + size).encode()).decode()
        return web.json_response(answer, headers=headers)

    def _rows(self, asked: JsonObject) -> list[JsonObject]:
        query, named = asked.get("query"), asked.get("subscriptions")
        subscriptions = frozenset(str(one).lower() for one in named) if isinstance(named, list) else self._below(asked)
        try:
            rows = graph.answer(query if isinstance(query, str) else "", self._state.estate, subscriptions)
        except graph.UnknownQuery as error:
            raise _Refused(400, "InvalidQuery", str(error)) from error
        role = self._state.role
        if role is None:
            return rows
        # As in Azure, a row that its reader may not read is not there.
        return [row for row in rows if "type" not in row or role.allows(f"{row['type']}/read")]

    def _below(self, asked: JsonObject) -> frozenset[str]:
        """The subscriptions below management groups; a subscription that is none where there are none."""
        groups = asked.get("managementGroups")
        if not isinstance(groups, list):
            return frozenset()
        wanted = {str(group).lower() for group in groups}
        ancestry: Iterable[tuple[str, tuple[str, ...]]] = self._state.estate.management_groups.items()
        below = frozenset(one for one, names in ancestry if wanted & {name.lower() for name in names})
        return below or frozenset({"none"})

    def _lacking(self, path: str) -> _Refused:
        if self._state.partial:
            return _Refused(404, "NotRecorded", f"Nothing is recorded at '{path}'.")
        return _not_found(path)

    def _permit(self, path: str, verb: str = "read") -> None:
        action = action_of(path, verb)
        role = self._state.role
        if self._state.plan.is_forbidden(path) or (role is not None and not role.allows(action)):
            message = (
                "The client 'loopback' with object id 'loopback' does not have authorization to perform action"
                f" '{action}' over scope '{path}' or the scope is invalid."
            )
            raise _Refused(403, "AuthorizationFailed", message)


def _filtered(members: list[JsonObject], wanted: str) -> list[JsonObject]:
    """Of a list of definitions those that a tenant has made."""
    if not wanted:
        return members
    if wanted != "policyType eq 'Custom'":
        raise _Refused(400, "InvalidFilter", f"The filter {wanted!r} is not understood here.")
    of = [(member, member.get("properties")) for member in members]
    return [member for member, known in of if isinstance(known, dict) and known.get("policyType") == "Custom"]


def _principal(request: web.Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme != "Bearer" or not token:
        raise _Refused(401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
    return token


def _throttled(wait: float, headers: dict[str, str]) -> _Refused:
    after = {**headers, "Retry-After": str(int(wait) + 1)}
    return _Refused(429, "TooManyRequests", "The request is being throttled.", after)


def _not_found(path: str) -> _Refused:
    return _Refused(404, "ResourceNotFound", f"The Resource '{path}' under its resource group was not found.")


def _updating(body: JsonObject) -> JsonObject:
    properties = body.get("properties")
    return {
        **body,
        "properties": {**(properties if isinstance(properties, dict) else {}), "provisioningState": "Updating"},
    }


def _shown(body: JsonObject, expand: str) -> JsonObject:
    """A body as a read gives it: what is given only when it is expanded, left out where it is not."""
    member = _EXPANDED.get(str(body.get("type", "")).lower())
    properties = body.get("properties")
    if member is None or member in expand.split(",") or not isinstance(properties, dict) or member not in properties:
        return body
    return {**body, "properties": {name: value for name, value in properties.items() if name != member}}
