"""Two links hold a call: real signalling sockets, real media, small pictures; the server only relays."""

import io
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot
from websockets.asyncio.server import ServerConnection, serve

from common.errors import AppError
from common.settings import VideoSettings
from common.wire import signalling as wire
from ui.kit.bridge import AsyncBridge
from ui.kit.call_link import CallLink
from ui.kit.signalling_client import SignallingClient
from video.call import CallState
from video.sources.choose import Portrait

SMALL = VideoSettings(camera="synthetic", microphone="synthetic", speaker="none", width=320, height=180, fps=15)


class Exchange:
    """A server for two: starts a call, relays descriptions and candidates, ends it on a hang-up."""

    def __init__(self) -> None:
        self.sockets: dict[str, ServerConnection] = {}
        self.port = 0

    async def talk(self, socket: ServerConnection) -> None:
        hello = wire.decode_from_client(await socket.recv())
        assert isinstance(hello.message, wire.Hello)
        number = hello.message.token
        self.sockets[number] = socket
        await socket.send(wire.encode(wire.Welcome(number=number, role="teller", heartbeat_s=1), re=hello.id))
        async for raw in socket:
            frame = wire.decode_from_client(raw)
            message = frame.message
            if isinstance(message, wire.Ping):
                await socket.send(wire.encode(wire.Pong(), re=frame.id))
            elif isinstance(message, wire.HangUp):
                await self.tell_all(wire.CallEnded(call_id=message.call_id, reason="hangup", by=number))
            elif isinstance(message, wire.Description | wire.Candidate):
                other = next(one for name, one in self.sockets.items() if name != number)
                await other.send(wire.encode(message.model_copy(update={"sender": number})))

    async def tell_all(self, message: wire.Message) -> None:
        for socket in self.sockets.values():
            await socket.send(wire.encode(message))

    async def start_call(self) -> None:
        for number, other in (("T-03", "K-02"), ("K-02", "T-03")):
            peer = wire.Participant(number=other, role="teller", name="")
            started = wire.CallStarted(
                call_id="call-1", case_id="one", generation=1, offerer=number == "T-03", peers=[peer]
            )
            await self.sockets[number].send(wire.encode(started))

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        async with serve(self.talk, "127.0.0.1", 0) as server:
            self.port = next(iter(server.sockets)).getsockname()[1]
            yield


class Counter:
    """Teller and kiosk in one process, each link with a client of its own, on one loop."""

    def __init__(self, bridge: AsyncBridge, qtbot: QtBot, exchange: Exchange) -> None:
        self.bridge, self.qtbot, self.exchange = bridge, qtbot, exchange
        self.clients = [self._client("T-03"), self._client("K-02")]
        portraits: tuple[Portrait, Portrait] = ("teller", "customer")
        self.links = [CallLink(bridge, client, SMALL, who) for client, who in zip(self.clients, portraits, strict=True)]
        self.ended: list[str] = []
        for client, link in zip(self.clients, self.links, strict=True):
            bridge.on_close(client.close)
            bridge.call_soon(client.start)
            link.ended.connect(self.ended.append)

    def _client(self, number: str) -> SignallingClient:
        return SignallingClient(
            f"ws://127.0.0.1:{self.exchange.port}/ws/v1",
            lambda: number,
            deliver=lambda call: self.bridge.emit_to_gui(call, None),
        )

    def connect(self) -> None:
        self.qtbot.waitUntil(lambda: len(self.exchange.sockets) == 2, timeout=10_000)
        self.bridge.submit(self.exchange.start_call)
        for link in self.links:
            self.qtbot.waitUntil(
                lambda link=link: (s := link.snapshot_now) is not None and s.state is CallState.CONNECTED,  # type: ignore[misc]
                timeout=20_000,
            )


@pytest.fixture
def counter(qtbot: QtBot) -> Iterator[Counter]:
    bridge, exchange = AsyncBridge(), Exchange()
    bridge.start()
    ready: list[int] = []
    opened = exchange.open()
    bridge.submit(opened.__aenter__, lambda _: ready.append(1))
    qtbot.waitUntil(lambda: bool(ready))
    bridge.on_close(lambda: opened.__aexit__(None, None, None))
    made = Counter(bridge, qtbot, exchange)
    yield made
    bridge.close(timeout=15)


def test_a_call_stands_with_pictures_and_ends_on_both_sides(counter: Counter, qtbot: QtBot) -> None:
    teller, kiosk = counter.links
    begun: list[str] = []
    teller.started.connect(begun.append)
    counter.connect()
    assert begun == ["call-1"]
    for link in counter.links:
        qtbot.waitUntil(lambda link=link: link.remote_picture() is not None, timeout=10_000)  # type: ignore[misc]
        picture = link.remote_picture()
        assert picture is not None
        assert (picture.width, picture.height) == (320, 180)
    kiosk.hang_up()
    qtbot.waitUntil(lambda: counter.ended == ["hangup", "hangup"], timeout=10_000)
    assert teller.snapshot_now is None
    assert teller.remote_picture() is None
    figures = teller.figures()
    assert figures is not None
    assert figures["setup_ms"] > 0


def test_a_snapshot_is_a_photograph_and_needs_a_call(counter: Counter, qtbot: QtBot) -> None:
    teller, _ = counter.links
    taken: list[bytes] = []
    refused: list[AppError] = []
    teller.snapshot(lambda data, at: taken.append(data), refused.append)
    qtbot.waitUntil(lambda: bool(refused))
    assert refused[0].code == "call.no_picture"
    counter.connect()
    qtbot.waitUntil(lambda: teller.remote_picture() is not None, timeout=10_000)
    teller.snapshot(lambda data, at: taken.append(data), refused.append)
    qtbot.waitUntil(lambda: bool(taken), timeout=10_000)
    with Image.open(io.BytesIO(taken[0])) as picture:
        assert (picture.format, picture.size) == ("JPEG", (320, 180))


def test_messages_go_both_ways_and_too_long_ones_nowhere(counter: Counter, qtbot: QtBot) -> None:
    heard: dict[int, list[bytes]] = {0: [], 1: []}
    for place, link in enumerate(counter.links):
        link.data_received.connect(heard[place].append)
    counter.links[0].send_data(b"without a call")
    counter.connect()
    counter.links[0].send_data(bytes(200_001))
    for sender, receiver in ((0, 1), (1, 0)):
        message = bytes([sender + 1]) * 40_000

        def came(sender: int = sender, receiver: int = receiver, message: bytes = message) -> bool:
            if message not in heard[receiver]:
                counter.links[sender].send_data(message)
            return message in heard[receiver]

        qtbot.waitUntil(came, timeout=10_000)
    assert {len(data) for got in heard.values() for data in got} == {40_000}


def test_mute_and_hold_are_in_the_snapshot(counter: Counter, qtbot: QtBot) -> None:
    teller, _ = counter.links
    counter.connect()
    teller.set_muted(True)
    teller.set_held(True)
    qtbot.waitUntil(lambda: (s := teller.snapshot_now) is not None and s.local_muted and s.local_held, timeout=10_000)


def test_a_side_that_lost_the_server_and_one_that_is_gone_are_told_to_the_other(counter: Counter, qtbot: QtBot) -> None:
    teller, kiosk = counter.links
    heard: list[float] = []
    teller.peer_lost.connect(heard.append)
    kiosk.peer_lost.connect(heard.append)
    counter.connect()
    socket = counter.exchange.sockets["T-03"]
    lost = wire.PeerLost(call_id="call-1", number="K-02", grace_s=12.5)
    counter.bridge.submit(lambda: socket.send(wire.encode(lost)))
    qtbot.waitUntil(lambda: heard == [12.5], timeout=10_000)
    gone = wire.CallEnded(call_id="call-1", reason="peer_gone", by="K-02")
    counter.bridge.submit(lambda: socket.send(wire.encode(gone)))
    qtbot.waitUntil(lambda: counter.ended == ["peer_gone"], timeout=10_000)
    assert teller.snapshot_now is None
