"""How the signalling line ends for good, against a real server that closes it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from websockets.asyncio.server import ServerConnection, serve

from common.errors import ServiceError, UserError
from common.wire.signalling import Pong, Refused, Welcome, decode_from_client, encode
from ui.kit.signalling_client import SignallingClient


@dataclass
class Desk:
    """A server that knows one token, and remembers every client that greeted it."""

    port: int = 0
    good: str = "first"
    greeted: list[str] = field(default_factory=list)
    standing: list[ServerConnection] = field(default_factory=list)

    async def talk(self, socket: ServerConnection) -> None:
        hello = decode_from_client(await socket.recv())
        token: Any = getattr(hello.message, "token", None)
        self.greeted.append(token)
        if token != self.good:
            await socket.send(encode(Refused(code="auth.expired"), re=hello.id))
            await socket.close(4401)
            return
        await socket.send(encode(Welcome(number="T-03", role="teller", heartbeat_s=5.0), re=hello.id))
        self.standing.append(socket)
        await socket.wait_closed()

    async def close(self, code: int) -> None:
        await self.standing.pop().close(code)


@pytest.fixture
async def desk() -> AsyncIterator[Desk]:
    made = Desk()
    async with serve(made.talk, "127.0.0.1", 0) as server:
        made.port = next(iter(server.sockets)).getsockname()[1]
        yield made


@dataclass
class Owner:
    """Who holds the session: what the client was told and asked."""

    token: str = "first"
    stopped: asyncio.Queue[str] = field(default_factory=asyncio.Queue)
    renewals: list[str] = field(default_factory=list)
    answer: Callable[["Owner"], Awaitable[None]] | None = None

    async def renew(self) -> None:
        self.renewals.append(self.token)
        if self.answer is not None:
            await self.answer(self)


@pytest.fixture
async def owner() -> Owner:
    return Owner()


@pytest.fixture
async def client(desk: Desk, owner: Owner) -> AsyncIterator[SignallingClient]:
    made = SignallingClient(
        f"ws://127.0.0.1:{desk.port}/ws/v1",
        lambda: owner.token,
        on_stopped=owner.stopped.put_nowait,
        renew=owner.renew,
        longest_pause_s=0.3,
    )
    made.start()
    await standing(made)
    yield made
    await made.close()


async def standing(client: SignallingClient) -> None:
    async with asyncio.timeout(10):
        await client.wait_standing()


async def test_a_replaced_window_stays_away_until_it_is_started_again(
    desk: Desk, owner: Owner, client: SignallingClient
) -> None:
    await desk.close(4409)
    assert await asyncio.wait_for(owner.stopped.get(), 10) == "signalling.replaced"
    assert client._task is not None
    await asyncio.wait_for(client._task, 10)
    assert (desk.greeted, owner.renewals) == (["first"], [])
    assert client.lost_since is not None
    with pytest.raises(ServiceError):
        await client.send(Refused(code="x"))
    client.start()
    client.start()
    await standing(client)
    assert desk.greeted == ["first", "first"]


async def test_an_expired_session_is_renewed_before_the_line_comes_back(
    desk: Desk, owner: Owner, client: SignallingClient
) -> None:
    async def renewed(who: Owner) -> None:
        who.token = "second"

    owner.answer, desk.good = renewed, "second"
    await desk.close(4401)
    await asyncio.sleep(0)
    async with asyncio.timeout(10):
        while not desk.standing:
            await asyncio.sleep(0.01)
    await standing(client)
    assert desk.greeted == ["first", "second"]
    assert owner.renewals == ["first"]


async def test_a_token_that_was_renewed_meanwhile_is_not_renewed_again(
    desk: Desk, owner: Owner, client: SignallingClient
) -> None:
    owner.token = desk.good = "second"
    await desk.close(4401)
    async with asyncio.timeout(10):
        while not desk.standing:
            await asyncio.sleep(0.01)
    assert (desk.greeted, owner.renewals) == (["first", "second"], [])


async def test_a_session_that_is_over_stops_the_line(desk: Desk, owner: Owner, client: SignallingClient) -> None:
    async def over(who: Owner) -> None:
        raise UserError("network.session_ended")

    owner.answer = over
    await desk.close(4401)
    assert await asyncio.wait_for(owner.stopped.get(), 10) == "network.session_ended"
    assert desk.greeted == ["first"]


@pytest.mark.expects_log("signalling refused")
async def test_a_refused_greeting_is_renewed_too_and_a_lost_server_is_waited_for(
    desk: Desk, owner: Owner, client: SignallingClient
) -> None:
    async def later(who: Owner) -> None:
        if len(who.renewals) == 1:
            raise ServiceError("network.unreachable")
        who.token = "second"

    owner.answer, desk.good = later, "second"
    await desk.close(4401)
    async with asyncio.timeout(10):
        while not desk.standing:
            await asyncio.sleep(0.01)
    # Closed; not renewed; greeted with the old token and refused; renewed; greeted with the new one.
    assert desk.greeted == ["first", "first", "second"]
    assert owner.stopped.empty()


async def test_closing_at_the_moment_a_message_comes_ends_the_line(desk: Desk) -> None:
    for turns in range(8):
        client = SignallingClient(f"ws://127.0.0.1:{desk.port}/ws/v1", lambda: desk.good)
        client.start()
        await standing(client)
        await desk.standing.pop().send(encode(Pong()))
        for _ in range(turns):
            await asyncio.sleep(0)
        async with asyncio.timeout(5):
            await client.close()
