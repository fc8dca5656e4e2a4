"""The REST and signalling clients against real sockets that drop, refuse and come back."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel
from websockets.asyncio.server import Server, ServerConnection, serve

from common.errors import ServiceError, UserError
from common.wire.signalling import CaseChanged, DeskChanged, Pong, Refused, Welcome, decode_from_client, encode
from ui.kit.client import ApiClient, Patience
from ui.kit.signalling_client import SignallingClient

QUICK = Patience(first_s=0.01, longest_s=0.02, whole_s=5.0)
USER = {"id": "1", "number": "T-03", "name": "x", "role": "teller", "branch": "b"}


class Seen(BaseModel):
    """What the test server answers."""

    n: int


def session(token: str, minutes: float = 15) -> dict[str, Any]:
    return {"token": token, "expires_at": (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(), "user": USER}


def problem(code: str, status: int, **params: Any) -> dict[str, Any]:
    known = {"type": f"urn:guitai:error:{code}", "title": code, "status": status, "code": code}
    return {**known, "params": params, "retryable": status >= 500}


@dataclass
class Web:
    """A small HTTP server that does as it is told: each answer is (status, body) or None to drop the line."""

    answers: list[tuple[int, Any] | None] = field(default_factory=list)
    asked: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    async def serve_one(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {k.lower(): v for k, v in (line.split(": ", 1) for line in head[1:] if ": " in line)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            self.asked.append((head[0].rsplit(" ", 1)[0], headers, body))
            answer = self.answers.pop(0)
            if answer is not None:
                content = json.dumps(answer[1]).encode()
                kind = "application/problem+json" if answer[0] >= 400 else "application/json"
                top = f"HTTP/1.1 {answer[0]} X\r\nContent-Type: {kind}\r\nContent-Length: {len(content)}\r\n"
                if answer[0] == 409 and "retry_after_s" in answer[1].get("params", {}):
                    top += f"Retry-After: {answer[1]['params']['retry_after_s']}\r\n"
                writer.write(top.encode() + b"Connection: close\r\n\r\n" + content)
                await writer.drain()
        finally:
            writer.close()

    @property
    def keys(self) -> list[str | None]:
        return [headers.get("idempotency-key") for _, headers, _ in self.asked]


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    made = Web()
    server = await asyncio.start_server(made.serve_one, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    yield made
    server.close()
    await server.wait_closed()


@pytest.fixture
async def offline() -> list[float | None]:
    return []


@pytest.fixture
async def client(web: Web, offline: list[float | None]) -> AsyncIterator[ApiClient]:
    made = ApiClient(f"http://127.0.0.1:{web.port}", on_offline=offline.append, patience=QUICK)
    yield made
    await made.close()


async def test_a_lost_command_is_sent_again_with_the_same_key(
    client: ApiClient, web: Web, offline: list[float | None]
) -> None:
    web.answers += [None, None, (200, {"n": 7})]
    assert await client.post("/cases", {"a": 1}, Seen) == Seen(n=7)
    assert len(set(web.keys)) == 1
    assert web.keys[0]
    assert len(web.asked) == 3
    assert [since is None for since in offline] == [False, True]
    assert client.offline_since is None


async def test_a_server_that_is_still_at_work_is_asked_again_and_is_not_called_lost(
    client: ApiClient, web: Web, offline: list[float | None]
) -> None:
    busy = (409, problem("face.in_progress", 409, retry_after_s=0))
    web.answers += [busy, busy, (200, {"n": 7})]
    assert await client.post("/cases/1/submit", {"a": 1}, Seen) == Seen(n=7)
    assert (len(set(web.keys)), len(web.asked), offline) == (1, 3, [])


async def test_a_server_at_work_for_longer_than_patience_is_told_of_in_its_own_words(web: Web) -> None:
    web.answers += [(409, problem("face.in_progress", 409, retry_after_s=9))]
    client = ApiClient(f"http://127.0.0.1:{web.port}", patience=QUICK)
    with pytest.raises(UserError, match=r"face\.in_progress"):
        await client.post("/cases/1/submit", {"a": 1}, Seen)
    assert client.offline_since is None
    await client.close()


async def test_two_intentions_have_two_keys(client: ApiClient, web: Web) -> None:
    web.answers += [(200, {"n": 1}), (200, {"n": 2}), (200, {"n": 3})]
    await client.post("/cases", None, Seen)
    await client.post("/cases", None, Seen)
    await client.post("/cases", None, Seen, key="mine")
    assert web.keys[0] != web.keys[1]
    assert web.keys[2] == "mine"


async def test_patience_ends(web: Web) -> None:
    client = ApiClient("http://127.0.0.1:9", patience=Patience(0.01, 0.02, 0.05))
    with pytest.raises(ServiceError) as error:
        await client.get("/x", Seen)
    assert (error.value.code, client.offline_since is not None) == ("network.unreachable", True)
    await client.close()


async def test_problems_become_errors_with_code_and_params(client: ApiClient, web: Web) -> None:
    web.answers += [(409, problem("case.already_open", 409, seat="05")), (503, problem("ocr.down", 503)), (400, ["?"])]
    with pytest.raises(UserError) as user:
        await client.get("/x", Seen)
    assert (user.value.code, dict(user.value.params), user.value.retryable) == (
        "case.already_open",
        {"seat": "05"},
        False,
    )
    with pytest.raises(ServiceError) as service:
        await client.get("/x", Seen)
    assert (service.value.code, service.value.retryable) == ("ocr.down", True)
    with pytest.raises(ServiceError) as unknown:
        await client.get("/x", Seen)
    assert unknown.value.code == "network.bad_answer"


@pytest.mark.expects_log("answer not understood")
async def test_an_answer_of_another_shape_is_an_error(client: ApiClient, web: Web) -> None:
    web.answers += [(200, {"m": 1})]
    with pytest.raises(ServiceError) as error:
        await client.get("/x", Seen)
    assert error.value.code == "network.bad_answer"


async def test_the_session_is_sent_and_renewed_when_refused(client: ApiClient, web: Web) -> None:
    web.answers += [
        (200, session("one")),
        (401, problem("session.expired", 401)),
        (200, session("two")),
        (200, {"n": 5}),
    ]
    await client.sign_on("T-03", "secret")
    assert json.loads(web.asked[0][2]) == {"login": "T-03", "password": "secret"}
    assert await client.get("/x", Seen) == Seen(n=5)
    tokens = [headers.get("authorization") for _, headers, _ in web.asked]
    assert tokens == [None, "Bearer one", "Bearer one", "Bearer two"]


async def test_a_session_that_cannot_be_renewed_has_ended(client: ApiClient, web: Web) -> None:
    gone = (401, problem("session.expired", 401))
    web.answers += [(200, session("one")), gone, gone]
    await client.sign_on("T-03", "secret")
    with pytest.raises(UserError) as error:
        await client.get("/x", Seen)
    assert (error.value.code, client.session) == ("network.session_ended", None)


async def test_the_session_is_kept_alive(client: ApiClient, web: Web) -> None:
    web.answers += [(200, session("one", minutes=2 / 60)), (200, session("two"))]
    await client.sign_on("T-03", "secret")
    for _ in range(500):
        if len(web.asked) == 2:
            break
        await asyncio.sleep(0.01)
    assert web.asked[1][0] == "POST /api/v1/sessions/refresh"


Script = Callable[[ServerConnection], Any]


@dataclass
class Line:
    """A signalling server for one client at a time."""

    server: Server
    connections: list[ServerConnection]
    heard: list[str]

    @property
    def url(self) -> str:
        port = next(iter(self.server.sockets)).getsockname()[1]
        return f"ws://127.0.0.1:{port}/ws/v1"


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    connections: list[ServerConnection] = []
    heard: list[str] = []

    async def talk(socket: ServerConnection) -> None:
        hello = decode_from_client(await socket.recv())
        if hello.message.token != "good":
            await socket.send(encode(Refused(code="session.unknown"), re=hello.id))
            return
        connections.append(socket)
        await socket.send(encode(Welcome(number="T-03", role="teller", heartbeat_s=0.05), re=hello.id))
        async for raw in socket:
            frame = decode_from_client(raw)
            heard.append(frame.message.type)
            await socket.send(encode(Pong(), re=frame.id))

    async with serve(talk, "127.0.0.1", 0) as server:
        yield Line(server, connections, heard)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.005)


async def test_messages_reach_their_handlers(line: Line) -> None:
    carried: list[str] = []
    seen: list[Any] = []

    def deliver(call: Callable[[], object]) -> None:
        carried.append("carried")
        call()

    client = SignallingClient(line.url, lambda: "good", deliver=deliver)
    client.on(CaseChanged, seen.append)
    client.on(DeskChanged, lambda message: seen.append(message.type), here=True)
    client.start()
    await client.wait_standing()
    carried.clear()
    await line.connections[0].send(encode(CaseChanged(case_id="c", version=2)))
    await line.connections[0].send(encode(DeskChanged()))
    await until(lambda: len(seen) == 2)
    assert seen == [CaseChanged(case_id="c", version=2), "desk.changed"]
    assert carried == ["carried"]
    await until(lambda: "ping" in line.heard)
    await client.close()


async def test_a_lost_line_comes_back_by_itself(line: Line) -> None:
    states: list[float | None] = []
    client = SignallingClient(line.url, lambda: "good", on_state=states.append)
    client.start()
    await client.wait_standing()
    await line.connections[0].close()
    await until(lambda: len(line.connections) == 2)
    await client.wait_standing()
    assert [since is None for since in states] == [True, False, True]
    await client.close()
    with pytest.raises(ServiceError):
        await client.send(DeskChanged())


@pytest.mark.expects_log("signalling message not understood")
async def test_what_a_newer_server_says_is_passed_over(line: Line) -> None:
    seen: list[Any] = []
    client = SignallingClient(line.url, lambda: "good")
    client.on(DeskChanged, seen.append)
    client.start()
    await client.wait_standing()
    await line.connections[0].send('{"v": 1, "type": "new.thing", "payload": {}}')
    await line.connections[0].send(encode(DeskChanged()))
    await until(lambda: bool(seen))
    assert len(line.connections) == 1
    await client.close()


@pytest.mark.expects_log("signalling refused")
async def test_a_refused_hello_is_tried_again_with_a_fresh_token(line: Line) -> None:
    tokens = iter(["stale", "good"])
    client = SignallingClient(line.url, lambda: next(tokens))
    client.start()
    async with asyncio.timeout(10):
        await client.wait_standing()
    await client.close()
