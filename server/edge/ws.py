"""``/ws/v1``: sign on with the first frame, then messages in, messages out (docs/signalling.md)."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import APIRouter, WebSocket, WebSocketDisconnect

from common.aio import cancel_and_wait
from common.clock import Clock
from common.errors import AppError, UserError
from common.wire.sessions import Role
from common.wire.signalling import (
    MAX_BYTES,
    Candidate,
    Description,
    Frame,
    HangUp,
    Hello,
    Ping,
    Pong,
    Refused,
    RestartCall,
    SetPresence,
    Welcome,
    decode_from_client,
    encode,
)
from server.edge.calls import Calls
from server.edge.connection import CloseCode, Connection, Pass
from server.edge.hub import Hub
from server.edge.limits import TokenBucket
from server.edge.metrics import Metrics
from server.edge.presence import PresenceBook, SeatState
from server.edge.sessions import Sessions
from server.edge.timings import Timings

log = logging.getLogger(__name__)
STALL_S = 1.0


@dataclass(frozen=True)
class Signalling:
    """What one connection's conversation needs."""

    hub: Hub
    calls: Calls
    presence: PresenceBook
    sessions: Sessions
    clock: Clock
    timings: Timings
    metrics: Metrics
    on_seat_changed: Callable[[], None]


def router(parts: Signalling) -> APIRouter:
    """The WebSocket route."""
    routes = APIRouter()

    @routes.websocket("/ws/v1")
    async def signalling(socket: WebSocket) -> None:
        await socket.accept()
        try:
            connection = await _sign_on(socket, parts)
            if connection is not None:
                await _serve(socket, connection, parts)
        except WebSocketDisconnect:
            pass

    return routes


async def _sign_on(socket: WebSocket, parts: Signalling) -> Connection | None:
    """Wait for `Hello`; None when it did not come, or its token is worth nothing, and the socket was closed."""
    frame = Frame(message=None)
    try:
        async with asyncio.timeout(parts.timings.hello_s):
            frame = _decode(await socket.receive())
        if not isinstance(frame.message, Hello):
            raise UserError("signalling.hello_first")
        session = await asyncio.to_thread(parts.sessions.find, frame.message.token)
    except TimeoutError:
        await socket.close(CloseCode.SILENT, "no hello")
        return None
    except AppError as error:
        parts.metrics.count(f"refused {error.code}")
        await socket.send_text(encode(_refusal(error), re=frame.id))
        await socket.close(CloseCode.NOT_SIGNED_ON, error.code)
        return None
    holder = Pass(session.principal, session.token_hash, session.record.expires_at)
    connection = Connection(socket, holder, limit=parts.timings.send_queue)
    who = session.principal
    welcome = Welcome(number=who.number, role=who.role.value, heartbeat_s=parts.timings.heartbeat_s)
    connection.send(welcome, re=frame.id)
    return connection


async def _serve(socket: WebSocket, connection: Connection, parts: Signalling) -> None:
    """Read and write until one side ends it."""
    reader = asyncio.create_task(_read(socket, connection, parts), name="ws read")
    writer = asyncio.create_task(connection.write(), name="ws write")
    closing = asyncio.create_task(connection.decided_to_close(), name="ws closing")
    parts.hub.attach(connection)
    try:
        await asyncio.wait({reader, writer, closing}, return_when=asyncio.FIRST_COMPLETED)
        if connection.closing:
            # Let the queue drain; a client that reads nothing does not get to hold us.
            await asyncio.wait({writer}, timeout=STALL_S)
    finally:
        parts.hub.detach(connection)
        await cancel_and_wait(reader, writer, closing)
    for task in (reader, writer):
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, WebSocketDisconnect):
            log.error("connection failed", exc_info=error)


async def _read(socket: WebSocket, connection: Connection, parts: Signalling) -> None:
    timings = parts.timings
    bucket = TokenBucket(parts.clock, per_second=timings.frames_per_second, burst=timings.frames_burst)
    while not connection.closing:
        try:
            async with asyncio.timeout(timings.silent_s):
                received = await socket.receive()
        except TimeoutError:
            connection.close(CloseCode.SILENT, "silent")
            return
        if not bucket.take():
            parts.metrics.count("floods")
            connection.send(Refused(code="signalling.too_many"))
            connection.close(CloseCode.FLOOD, "too many frames")
            return
        _handle(received, connection, parts)


def _handle(received: object, connection: Connection, parts: Signalling) -> None:
    """One frame; whatever is wrong with it is answered and changes nothing."""
    frame = Frame(message=None)
    try:
        frame = _decode(received)
        _carry_out(frame, connection, parts)
    except AppError as error:
        parts.metrics.count(f"refused {error.code}")
        connection.send(_refusal(error), re=frame.id)


def _decode(received: object) -> Frame:
    assert isinstance(received, dict)
    if received["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(received.get("code", 1005))
    text = received.get("text")
    if text is None:
        raise UserError("signalling.not_text")
    if len(text.encode()) > MAX_BYTES:
        raise UserError("signalling.too_long")
    return decode_from_client(text)


def _carry_out(frame: Frame, connection: Connection, parts: Signalling) -> None:
    message = frame.message
    if isinstance(message, Ping):
        connection.send(Pong(), re=frame.id)
    elif isinstance(message, SetPresence):
        if connection.holder.principal.role is not Role.TELLER:
            raise UserError("presence.not_a_seat")
        if parts.presence.set_seat(connection.number, SeatState(message.state)):
            parts.on_seat_changed()
    elif isinstance(message, Description | Candidate | RestartCall | HangUp):
        parts.calls.receive(connection.holder.principal, message)
    else:
        raise UserError("signalling.already_signed_on")


def _refusal(error: AppError) -> Refused:
    return Refused(code=error.code, params=dict(error.params))
