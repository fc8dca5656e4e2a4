"""The signalling socket: signing on, refusals, limits. Whatever is wrong is answered and changes nothing."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from common.errors import UserError
from common.wire.signalling import (
    MAX_BYTES,
    CaseChanged,
    DeskChanged,
    Ping,
    Refused,
    SetPresence,
    TaskAssigned,
    decode_from_client,
    decode_from_server,
)
from server.edge.connection import CloseCode, Connection, Pass
from tests.fakes.services import FakeUsers
from tests.fakes.wire import NO_TLS
from tests.server.edge.conftest import MakeServer
from tests.server.edge.harness import QUICK, Bank, Server, bearer, client


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """One for the whole module: nothing here may leave anything behind in it."""
    one = Server(Bank()).start()
    yield one
    one.stop()


BAD_FRAMES: list[tuple[str, str]] = [
    ("", "signalling.not_json"),
    ("{", "signalling.not_json"),
    ("[" * 20000, "signalling.not_json"),
    ("[]", "signalling.bad_envelope"),
    ("null", "signalling.bad_envelope"),
    ('{"v":1,"type":"ping","payload":[]}', "signalling.bad_envelope"),
    ('{"type":"ping"}', "signalling.version"),
    ('{"v":2,"type":"ping"}', "signalling.version"),
    ('{"v":1,"type":"money.transfer"}', "signalling.unknown_type"),
    ('{"v":1,"type":"welcome","payload":{"number":"T-01","role":"admin"}}', "signalling.unknown_type"),
    ('{"v":1}', "signalling.unknown_type"),
    ('{"v":1,"type":"presence.set","payload":{"state":"king"}}', "signalling.bad_payload"),
    ('{"v":1,"type":"presence.set"}', "signalling.bad_payload"),
    ('{"v":1,"type":"call.hangup","payload":{"call_id":7}}', "signalling.bad_payload"),
    ('{"v":1,"type":"ping","id":{"a":1}}', "signalling.bad_payload"),
    ('{"v":1,"type":"hello","payload":{"token":"x"}}', "signalling.already_signed_on"),
    ('{"v":1,"type":"call.hangup","payload":{"call_id":"none"}}', "call.not_found"),
]


@pytest.mark.parametrize(("text", "code"), BAD_FRAMES)
async def test_bad_frames_are_refused_and_change_nothing(server: Server, text: str, code: str) -> None:
    async with client(server, "T-01") as teller:
        before = server.edge.presence.seats()
        await teller.socket.send(text)
        assert (await teller.expect(Refused)).code == code
        assert await teller.all_until_now() == []
        assert server.edge.presence.seats() == before


async def test_binary_frames_are_refused(server: Server) -> None:
    async with client(server, "T-01") as teller:
        await teller.socket.send(b'{"v":1,"type":"ping"}')
        assert (await teller.expect(Refused)).code == "signalling.not_text"


async def test_a_too_long_frame_closes_the_connection(server: Server) -> None:
    async with client(server, "T-01") as teller:
        with suppress(ConnectionClosed):
            await teller.socket.send("x" * (MAX_BYTES + 1))
        assert await teller.closed() == 1009


@pytest.mark.parametrize(
    ("first", "code"),
    [
        (json.dumps({"v": 1, "type": "ping"}), "signalling.hello_first"),
        (json.dumps({"v": 1, "type": "hello", "payload": {"token": "guess"}}), "auth.required"),
        (json.dumps({"v": 1, "type": "hello", "payload": {}}), "signalling.bad_payload"),
        ("hello", "signalling.not_json"),
    ],
)
async def test_nobody_gets_in_without_a_session(server: Server, first: str, code: str) -> None:
    async with connect(server.ws_url) as socket:
        await socket.send(first)
        refusal = decode_from_server(await socket.recv()).message
        assert isinstance(refusal, Refused)
        assert refusal.code == code
        await socket.wait_closed()
        assert socket.close_code == 4401
    assert not server.edge.presence.online("T-01")


async def test_silence_is_closed_before_and_after_hello(make_server: MakeServer) -> None:
    server = make_server(timings=replace(QUICK, hello_s=0.1, silent_s=0.2))
    async with connect(server.ws_url) as socket:
        await socket.wait_closed()
        assert socket.close_code == 4408
    async with client(server, "T-01") as teller:
        assert await teller.closed() == 4408


async def test_only_a_teller_has_a_seat(server: Server) -> None:
    for number in ("K-01", "A-01"):
        async with client(server, number) as one:
            assert await one.refused(SetPresence(state="ready")) == "presence.not_a_seat"
    assert server.edge.presence.seats() == ()


async def test_a_flood_is_cut(make_server: MakeServer) -> None:
    server = make_server(timings=replace(QUICK, frames_burst=20, frames_per_second=1))
    async with client(server, "T-01") as teller:
        with suppress(ConnectionClosed):
            for _ in range(30):
                await teller.send(Ping())
        assert await teller.closed() == 1008
    async with client(server, "T-01") as teller:
        assert await teller.all_until_now() == []


async def test_signing_off_and_running_out_close_the_connection(server: Server) -> None:
    token = await asyncio.to_thread(server.token, "T-01")
    async with client(server, "T-01", token) as teller, httpx.AsyncClient(base_url=server.url, verify=NO_TLS) as http:
        fresh = (await http.post("/api/v1/sessions/refresh", headers=bearer(token))).json()["token"]
        await http.delete("/api/v1/sessions/current", headers=bearer(fresh))
        assert await teller.closed() == 4401
    async with client(server, "T-02") as teller:
        (connection,) = server.edge.hub._by_number.values()
        connection.holder = replace(connection.holder, expires_at=datetime.now(UTC))
        assert await teller.closed() == 4401


class StuckSocket:
    """A client that reads nothing."""

    async def send_text(self, data: str) -> None:
        await asyncio.Event().wait()

    async def close(self, code: int = 1000, reason: str | None = None) -> None: ...


def connection(limit: int) -> Connection:
    user = FakeUsers().by_login("t-01")
    assert user is not None
    return Connection(StuckSocket(), Pass(user.principal, "hash", datetime.now(UTC) + timedelta(hours=1)), limit=limit)


async def test_what_replaces_itself_does_not_fill_the_queue_and_the_rest_closes_it() -> None:
    slow = connection(limit=4)
    for version in (1, 3, 2):
        slow.send(CaseChanged(case_id="case-1", version=version))
    for _ in range(100):
        slow.send(DeskChanged())
    slow.send(TaskAssigned(task_id="1"))
    slow.send(TaskAssigned(task_id="2"))
    assert not slow.closing
    assert next(iter(slow._pending.values()))[0] == CaseChanged(case_id="case-1", version=3)
    slow.send(TaskAssigned(task_id="3"))
    await asyncio.wait_for(slow.decided_to_close(), 20)
    assert slow._close == (CloseCode.TOO_SLOW, "cannot keep up")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
TYPES = ["hello", "ping", "presence.set", "call.description", "call.candidate", "call.restart", "call.hangup"]
envelopes = st.fixed_dictionaries(
    {},
    optional={
        "v": st.just(1) | json_values,
        "type": st.sampled_from(TYPES) | json_values,
        "id": st.text(max_size=8) | json_values,
        "payload": st.dictionaries(
            st.sampled_from(["call_id", "generation", "kind", "sdp", "state", "token", "candidate"])
            | st.text(max_size=5),
            json_values,
        )
        | json_values,
    },
)


@given(st.text() | st.binary() | envelopes.map(json.dumps) | json_values.map(json.dumps))
@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
def test_the_parser_answers_anything_with_a_message_or_a_typed_error(frame: str | bytes) -> None:
    try:
        message: Any = decode_from_client(frame).message
    except UserError as error:
        assert error.code.startswith("signalling.")
    else:
        assert message.type in TYPES


@given(frames=st.lists(envelopes.map(json.dumps) | st.text(max_size=40), min_size=20, max_size=20))
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_sequence_of_frames_leaves_the_server_serving(server: Server, frames: list[str]) -> None:
    token = TOKENS.setdefault(server.url, "") or server.token("K-01")
    TOKENS[server.url] = token
    asyncio.run(_survives(server, token, frames))


TOKENS: dict[str, str] = {}


async def _survives(server: Server, token: str, frames: list[str]) -> None:
    async with client(server, "K-01", token) as kiosk:
        for frame in frames:
            await kiosk.socket.send(frame)
        await kiosk.all_until_now()
        assert server.edge.presence.online("K-01")
        assert server.edge.presence.seats() == ()
        assert server.edge.calls._by_id == {}
