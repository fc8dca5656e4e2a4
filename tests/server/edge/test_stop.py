"""The server stops in order and within its three seconds, whoever holds on to it.

Counted on a clock that stands still while anything works and jumps to the next timer when nothing does: what is
measured is how long the server chooses to wait, not how busy the machine is.
"""

import asyncio
import base64
import os
import selectors
import socket
import threading
from collections.abc import Iterator

import pytest
from fastapi import APIRouter
from websockets.asyncio.client import connect

from common.clock import SystemClock, SystemIds
from common.settings import Settings
from server.edge.app import EdgeServices, create_app
from server.edge.edge import Edge
from server.edge.serving import GRACE_S, ReadyServer, listen
from tests.server.edge.harness import Bank, Client

PROMISE_S = 3.0
PATIENCE_S = 60.0
"""Of the test, on a machine however busy."""
QUIET_S = 0.02
"""Nothing happened for so long, really: whoever is still coming had the chance."""


class Selector(selectors.DefaultSelector):
    """Turns the loop's clock on by what it would have slept."""

    virtual_s: float | None = None

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if self.virtual_s is None:
            return list(super().select(timeout))
        found = list(super().select(min(timeout if timeout is not None else QUIET_S, QUIET_S)))
        if not found and timeout is not None:
            self.virtual_s += timeout
        return found


class Loop(asyncio.SelectorEventLoop):
    """Real time until :meth:`jump`, from then on time that only passes while nothing is to be done."""

    def __init__(self) -> None:
        self.clock = Selector()
        self._began = 0.0
        super().__init__(self.clock)

    def jump(self) -> None:
        self._began, self.clock.virtual_s = super().time(), 0.0

    def time(self) -> float:
        return super().time() if self.clock.virtual_s is None else self._began + self.clock.virtual_s


class Stage:
    """A server in a thread, and a log of what happened in which order."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.loop: Loop | None = None
        self.asked = threading.Event()
        self.url = ""
        self.waited_s: float | None = None
        self._up = threading.Event()
        bank, edge = Bank(), Edge(SystemClock(), SystemIds())
        self.token = ""
        services = EdgeServices(
            bank.users, bank.sessions, bank.guesses, bank.queue, bank.tasks, check_database=lambda: None,
            public_routers=[self._routes()], close=lambda: self.log.append("services closed"),
        )  # fmt: skip
        self.server = ReadyServer(
            create_app(services, Settings(), edge.clock, edge), listen("127.0.0.1", 0), self._ready
        )
        self.thread = threading.Thread(target=self._run, name="server")
        self.thread.start()
        assert self._up.wait(PATIENCE_S)

    def _routes(self) -> APIRouter:
        routes = APIRouter()

        @routes.get("/never")
        async def never() -> None:
            self.asked.set()
            try:
                await asyncio.Event().wait()
            finally:
                self.log.append("request ended")

        @routes.get("/soon")
        async def soon() -> str:
            self.asked.set()
            await asyncio.sleep(GRACE_S / 2)
            self.log.append("request answered")
            return "done"

        return routes

    def _run(self) -> None:
        def make() -> Loop:
            self.loop = Loop()
            return self.loop

        with asyncio.Runner(loop_factory=make) as runner:
            runner.run(self.server.serve(sockets=[self.server._bound]))
        assert self.loop is not None
        self.waited_s = self.loop.clock.virtual_s
        self.log.append("loop ended")
        self.server._bound.close()

    def _ready(self, url: str) -> None:
        self.url = url
        self._up.set()

    @property
    def address(self) -> tuple[str, int]:
        host, _, port = self.url.removeprefix("http://").rpartition(":")
        return host, int(port)

    def ask(self, words: str) -> socket.socket:
        """A connection on which this was said and from which nothing is read."""
        line = socket.create_connection(self.address, PATIENCE_S)
        line.sendall(words.encode())
        return line

    def stop(self) -> None:
        assert self.loop is not None
        self.loop.call_soon_threadsafe(self.loop.jump)
        self.server.should_exit = True

    def ended(self) -> float:
        """Seconds that the server chose to wait before it was gone."""
        self.thread.join(PATIENCE_S)
        assert not self.thread.is_alive()
        assert self.waited_s is not None
        return self.waited_s


@pytest.fixture
def stage() -> Iterator[Stage]:
    made = Stage()
    yield made
    made.server.should_exit = made.server.force_exit = True
    made.thread.join(PATIENCE_S)


def upgrade(host: str) -> str:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET /ws/v1 HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )


@pytest.mark.expects_log("Cancel 2 running task(s), timeout graceful shutdown exceeded")
@pytest.mark.expects_log("Exception in ASGI application\n")
def test_whoever_holds_on_is_let_go_within_three_seconds(stage: Stage) -> None:
    held: list[socket.socket] = [
        stage.ask("POST /api/v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"),
        stage.ask("GET /healthz HTT"),
        stage.ask(upgrade("x")),
        stage.ask("GET /never HTTP/1.1\r\nHost: x\r\n\r\n"),
    ]
    assert stage.asked.wait(PATIENCE_S)
    stage.stop()
    assert stage.ended() <= PROMISE_S
    assert stage.log == ["request ended", "services closed", "loop ended"]
    for line in held:
        line.close()


def test_what_is_nearly_done_is_answered_before_anything_is_closed(stage: Stage) -> None:
    line = stage.ask("GET /soon HTTP/1.1\r\nHost: x\r\n\r\n")
    assert stage.asked.wait(PATIENCE_S)
    stage.stop()
    assert stage.ended() <= PROMISE_S
    assert line.recv(4096).startswith(b"HTTP/1.1 200")
    assert stage.log == ["request answered", "services closed", "loop ended"]
    line.close()


async def test_a_connected_client_is_told_and_the_port_is_free_at_once(stage: Stage) -> None:
    async with connect(stage.url.replace("http", "ws") + "/ws/v1", compression=None) as one:
        stage.stop()
        assert await Client(one, "T-03").closed() == 1012
        stage.log.append("client told")
    waited_s = await asyncio.to_thread(stage.ended)
    assert waited_s <= PROMISE_S
    assert stage.log[0] == "client told"
    listen(*stage.address).close()
