"""A real server on a real socket around fakes, and clients that speak to it."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, TypeVar

import httpx
from fastapi import APIRouter
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from common.clock import SystemClock, SystemIds
from common.settings import Settings
from common.wire.signalling import DeskChanged, Hello, Message, Ping, Pong, Refused, Welcome, decode_from_server, encode
from server.edge.app import EdgeServices, create_app
from server.edge.edge import Edge
from server.edge.serving import Certificate, ReadyServer, listen
from server.edge.timings import Timings
from tests.fakes.services import HASHER, PASSWORD, FakeGuesses, FakeQueue, FakeSessionStore, FakeTasks, FakeUsers
from tests.fakes.wire import NO_TLS

M = TypeVar("M", bound=Message)
QUICK = Timings(ring_s=30, call_grace_s=30, task_grace_s=30, restart_gap_s=0.0, sweep_s=0.02)
DEADLINE_S = 10.0


@dataclass
class Bank:
    """What outlives a server."""

    users: FakeUsers = field(default_factory=FakeUsers)
    sessions: FakeSessionStore = field(default_factory=FakeSessionStore)
    guesses: FakeGuesses = field(default_factory=FakeGuesses)
    queue: FakeQueue = field(default_factory=FakeQueue)
    tasks: FakeTasks = field(default_factory=FakeTasks)


class Server:
    """One life of a server, in a thread of its own."""

    def __init__(
        self,
        bank: Bank,
        timings: Timings = QUICK,
        *,
        port: int = 0,
        routers: Sequence[APIRouter] = (),
        public_routers: Sequence[APIRouter] = (),
        check_database: Callable[[], None] = lambda: None,
        certificate: Certificate | None = None,
        stop: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.bank = bank
        self.clock = SystemClock()
        self.edge = Edge(self.clock, SystemIds(), timings)
        services = EdgeServices(
            bank.users,
            bank.sessions,
            bank.guesses,
            bank.queue,
            bank.tasks,
            check_database=check_database,
            hasher=HASHER,
            routers=routers,
            public_routers=public_routers,
            stop=stop,
        )
        self.app = create_app(services, Settings(), self.clock, self.edge)
        self._listening = threading.Event()
        self._url = ""
        self._server = ReadyServer(self.app, listen("127.0.0.1", port), self._ready, certificate)
        self._thread = threading.Thread(target=self._server.serve_until_told, name="server")

    def _ready(self, url: str) -> None:
        self._url = url
        self._listening.set()

    def start(self) -> "Server":
        self._thread.start()
        assert self._listening.wait(DEADLINE_S)
        return self

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join(DEADLINE_S)
        assert not self._thread.is_alive()

    @property
    def url(self) -> str:
        return self._url

    @property
    def port(self) -> int:
        return int(self._url.rpartition(":")[2])

    @property
    def ws_url(self) -> str:
        return self._url.replace("http", "ws") + "/ws/v1"

    def token(self, number: str) -> str:
        answer = httpx.post(
            f"{self._url}/api/v1/sessions",
            json={"login": number.lower(), "password": PASSWORD},
            timeout=DEADLINE_S,
            verify=NO_TLS,
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["token"])


class Client:
    """A signed-on signalling client that keeps what it was sent until somebody asks."""

    def __init__(self, socket: ClientConnection, number: str) -> None:
        self.socket = socket
        self.number = number
        self.on_desk: Callable[[DeskChanged], None] = lambda message: None
        self._kept: list[Message] = []
        self._serial = 0

    async def send(self, message: Message) -> str:
        """The id the frame was sent with."""
        self._serial += 1
        await self.socket.send(encode(message, id=str(self._serial)))
        return str(self._serial)

    async def expect(self, kind: type[M], when: Callable[[M], bool] = lambda message: True) -> M:
        """The next message of this kind for which ``when`` holds."""
        for index, kept in enumerate(self._kept):
            if isinstance(kept, kind) and when(kept):
                del self._kept[index]
                return kept
        async with asyncio.timeout(DEADLINE_S):
            while True:
                message = decode_from_server(await self.socket.recv()).message
                if isinstance(message, kind) and when(message):
                    return message
                self._kept.append(message)

    async def all_until_now(self) -> list[Message]:
        """What was sent before the answer to a ping sent now and not asked for yet, but for the desk's ticks."""
        await self.send(Ping())
        await self.expect(Pong)
        kept, self._kept = self._kept, []
        for one in kept:
            if isinstance(one, DeskChanged):
                self.on_desk(one)
        return [one for one in kept if not isinstance(one, DeskChanged)]

    async def refused(self, message: Message) -> str:
        """Send, and the code of the refusal that answers it."""
        sent = await self.send(message)
        async with asyncio.timeout(DEADLINE_S):
            while True:
                frame = decode_from_server(await self.socket.recv())
                if frame.re == sent:
                    assert isinstance(frame.message, Refused), frame
                    return frame.message.code
                self._kept.append(frame.message)

    async def closed(self) -> int:
        """Read on until the server closes; the code."""
        async with asyncio.timeout(DEADLINE_S):
            with suppress(ConnectionClosed):
                while True:
                    await self.socket.recv()
        assert self.socket.close_code is not None
        return self.socket.close_code


@asynccontextmanager
async def client(server: Server, number: str, token: str | None = None) -> AsyncIterator[Client]:
    """A client signed on as this user."""
    token = token or await asyncio.to_thread(server.token, number)
    async with connect(server.ws_url, compression=None) as socket:
        one = Client(socket, number)
        await one.send(Hello(token=token, client="test"))
        assert (await one.expect(Welcome)).number == number
        yield one


def bearer(token: str) -> dict[str, Any]:
    return {"Authorization": f"Bearer {token}"}
