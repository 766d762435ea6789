"""The Event Grid front answers as the Functions host's does."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from muster.local.errors import UnusableApp
from muster.local.host import MAX_BODY, LocalHost, local_host
from muster.values.json import Json

WriteApp = Callable[[str], Path]

KEY = "k%y/+="
NOTIFICATION = {"aeg-event-type": "Notification"}

APP = """
    import asyncio
    import json
    import azure.functions as func

    app = func.FunctionApp()
    heard = []
    together = asyncio.Barrier(3)

    @app.function_name("raw")
    @app.event_grid_trigger(arg_name="event")
    async def raw(event: str) -> None:
        heard.append(json.loads(event))
        if heard[-1].get("fail"):
            raise RuntimeError(heard[-1]["fail"])

    @app.function_name("typed")
    @app.event_grid_trigger(arg_name="event")
    def typed(event: func.EventGridEvent) -> None:
        heard.append((type(event).__name__, event.id))

    @app.function_name("meeting")
    @app.event_grid_trigger(arg_name="event")
    async def meeting(event: str) -> None:
        await asyncio.wait_for(together.wait(), 5)
"""


@pytest.fixture
async def host(write_app: WriteApp) -> AsyncIterator[LocalHost]:
    async with local_host(write_app(APP), key=KEY, port=0) as host:
        yield host


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def heard() -> list[Any]:
    found: list[Any] = sys.modules["function_app"].heard
    return found


async def post(
    session: aiohttp.ClientSession, url: str, body: "Json | bytes", headers: dict[str, str] | None = None
) -> tuple[int, str]:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with session.post(url, data=BytesIO(data), headers=headers or NOTIFICATION) as answer:
        return answer.status, await answer.text()


@pytest.mark.parametrize(
    ("body", "events"),
    [
        ([{"id": "1"}], [{"id": "1"}]),
        ({"id": "1", "specversion": "1.0"}, [{"id": "1", "specversion": "1.0"}]),
        ([{"id": "1"}, {"id": "2"}], [{"id": "1"}, {"id": "2"}]),
        ([{"eventTime": "2026-11-16T09:22:05.4407981Z"}], [{"eventTime": "2026-11-16T09:22:05.4407981Z"}]),
        ([], []),
    ],
)
async def test_every_event_is_one_call(
    host: LocalHost, session: aiohttp.ClientSession, body: Json, events: Json
) -> None:
    assert (await post(session, host.events_url("raw"), body))[0] == 202
    assert heard() == events


async def test_a_typed_parameter_gets_what_the_worker_makes_of_the_event(
    host: LocalHost, session: aiohttp.ClientSession
) -> None:
    time = "2026-11-16T09:22:05.4407981Z"
    events: list[Json] = [{"id": "1", "eventTime": time}, {"id": "2", "specversion": "1.0", "time": time}]
    for event in events:
        assert (await post(session, host.events_url("typed"), [event]))[0] == 202
    assert heard() == [("EventGridEvent", "1"), ("CloudEvent", "2")]
    status, text = await post(session, host.events_url("typed"), [{"id": "3", "eventTime": "yesterday"}])
    assert status == 500
    assert "yesterday" in text


async def test_the_calls_of_a_delivery_run_at_once(host: LocalHost, session: aiohttp.ClientSession) -> None:
    assert (await post(session, host.events_url("meeting"), [{}, {}, {}]))[0] == 202


async def test_one_failed_call_fails_the_delivery_after_all_have_run(
    host: LocalHost, session: aiohttp.ClientSession
) -> None:
    status, text = await post(session, host.events_url("raw"), [{"fail": "no luck"}, {"id": "2"}])
    assert (status, text) == (500, "RuntimeError: no luck")
    assert {"id": "2"} in heard()


async def test_an_unknown_function_is_not_found(host: LocalHost, session: aiohttp.ClientSession) -> None:
    status, text = await post(session, host.events_url("other"), [{}])
    assert (status, text) == (404, "cannot find function: 'other'")


@pytest.mark.parametrize(
    "code", ["", "?functionName=raw", "?functionName=raw&code=wrong", "?functionName=raw&code=%C3"]
)
@pytest.mark.parametrize("method", ["POST", "OPTIONS"])
async def test_the_key_is_needed(host: LocalHost, session: aiohttp.ClientSession, code: str, method: str) -> None:
    url = f"{host.url}/runtime/webhooks/eventgrid{code}"
    async with session.request(method, url, json=[{}], headers=NOTIFICATION) as answer:
        assert answer.status == 401
    assert heard() == []


async def test_the_key_may_come_in_a_header_and_names_in_any_case(
    host: LocalHost, session: aiohttp.ClientSession
) -> None:
    url = f"{host.url}/runtime/webhooks/eventgrid?functionname=raw"
    assert (await post(session, url, [{}], {"Aeg-Event-Type": "notification", "x-functions-key": KEY}))[0] == 202


@pytest.mark.parametrize(
    ("event_type", "status"),
    [("Unsubscribe", 202), ("unsubscribe", 202), ("Other", 400), ("", 400)],
)
async def test_other_kinds_of_messages(
    host: LocalHost, session: aiohttp.ClientSession, event_type: str, status: int
) -> None:
    url = host.events_url("raw")
    assert (await post(session, url, [{}], {"aeg-event-type": event_type}))[0] == status
    assert heard() == []


async def test_no_kind_of_message_is_a_bad_request(host: LocalHost, session: aiohttp.ClientSession) -> None:
    async with session.post(host.events_url("raw"), json=[{}]) as answer:
        assert answer.status == 400


CODE = "512d38b6-c7b8-40c8-89fe-f46f9e9622b6"


@pytest.mark.parametrize(
    "body",
    [
        [{"eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {"validationCode": CODE}}],
        {"specversion": "1.0", "data": json.dumps({"validationCode": CODE})},
        {"specversion": "1.0", "data": {"validationCode": CODE}},
    ],
)
async def test_the_handshake_answers_with_the_code(host: LocalHost, session: aiohttp.ClientSession, body: Json) -> None:
    status, text = await post(session, host.events_url("raw"), body, {"aeg-event-type": "SubscriptionValidation"})
    assert status == 200
    assert json.loads(text) == {"validationResponse": CODE}
    assert heard() == []


@pytest.mark.parametrize("body", [[], {}, [{}], [{"data": "{"}], [{"data": {"validationCode": 1}}], "x", b"{"])
async def test_a_handshake_without_a_code_fails(
    host: LocalHost, session: aiohttp.ClientSession, body: "Json | bytes"
) -> None:
    answer = await post(session, host.events_url("raw"), body, {"aeg-event-type": "SubscriptionValidation"})
    assert answer[0] == 500


async def test_a_sender_may_ask_first(host: LocalHost, session: aiohttp.ClientSession) -> None:
    headers = {"WebHook-Request-Origin": "eventgrid.azure.net"}
    async with session.options(host.events_url("raw"), headers=headers) as answer:
        assert answer.status == 200
        assert answer.headers["Webhook-Allowed-Origin"] == "eventgrid.azure.net"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"1", b'"x"', b"null"])
async def test_what_is_neither_an_object_nor_an_array_fails(
    host: LocalHost, session: aiohttp.ClientSession, body: bytes
) -> None:
    assert (await post(session, host.events_url("raw"), body))[0] == 500
    assert heard() == []


async def test_an_event_too_large_for_event_grid_still_reaches_the_function(
    host: LocalHost, session: aiohttp.ClientSession
) -> None:
    assert (await post(session, host.events_url("raw"), [{"pad": "x" * 2 * 1024 * 1024}]))[0] == 202
    assert len(heard()) == 1


async def test_a_body_past_the_bound_is_refused(host: LocalHost, session: aiohttp.ClientSession) -> None:
    assert (await post(session, host.events_url("raw"), b" " * (MAX_BODY + 1)))[0] == 413


async def test_half_a_surrogate_pair_arrives_as_it_was_sent(host: LocalHost, session: aiohttp.ClientSession) -> None:
    assert (await post(session, host.events_url("raw"), b'[{"id": "\\ud800"}]'))[0] == 202
    assert heard() == [{"id": "\ud800"}]


async def test_a_taken_port_is_replaced_by_another(write_app: WriteApp) -> None:
    taken = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port: int = taken.sockets[0].getsockname()[1]
    async with taken, local_host(write_app(APP), key=KEY, port=port) as host:
        assert host.url.startswith("http://127.0.0.1:")
        assert host.url != f"http://127.0.0.1:{port}"


async def test_a_trigger_without_a_driver_is_refused(write_app: WriteApp) -> None:
    root = write_app(APP.replace('event_grid_trigger(arg_name="event")', 'warm_up_trigger(arg_name="event")', 1))
    with pytest.raises(UnusableApp, match=r"warmupTrigger \(raw\)"):
        async with local_host(root, key=KEY, port=0):
            pass
