"""The signalling WebSocket: says hello, keeps the line alive, comes back by itself. No Qt.

Handlers run on the loop, or wherever ``deliver`` takes them (an app passes ``bridge.emit_to_gui``).
"""

import asyncio
import contextlib
import itertools
import logging
import random
import ssl
import time
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

from common.aio import cancel_and_wait
from common.errors import AppError, ServiceError, UserError
from common.wire.signalling import (
    MAX_BYTES,
    Frame,
    Hello,
    Message,
    Ping,
    Refused,
    Welcome,
    decode_from_server,
    encode,
)

M = TypeVar("M", bound=Message)
log = logging.getLogger(__name__)
Deliver = Callable[[Callable[[], object]], object]
_NOT_SIGNED_ON, _REPLACED = 4401, 4409


class _Ended(Exception):
    """The line is not to come back by itself; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _here(call: Callable[[], object]) -> None:
    call()


class SignallingClient:
    """One connection to ``/ws/v1`` that comes back after every loss, until :meth:`close`.

    Two ends are final until :meth:`start` is called again: a newer window of the same user has taken over (4409), and
    the session is over and cannot be renewed (4401). Coming back by itself would be a quarrel with the other window.

    Args:
        url: ``ws://host:port/ws/v1``, or ``wss`` with ``tls``.
        token: returns the present session token; asked at every connection.
        on_state: told when the line stands (None) and when it is lost (``time.monotonic`` of that moment).
        on_stopped: told the code of a final end: ``signalling.replaced`` or ``network.session_ended``.
        renew: makes the session's token good again, or raises UserError when it cannot; asked after 4401.
        deliver: carries handler calls to another thread; default: the loop's own.
    """

    def __init__(
        self,
        url: str,
        token: Callable[[], str],
        *,
        client: str = "",
        on_state: Callable[[float | None], object] | None = None,
        on_stopped: Callable[[str], object] | None = None,
        renew: Callable[[], Awaitable[object]] | None = None,
        deliver: Deliver = _here,
        longest_pause_s: float = 5.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._tls = tls
        self._url, self._token, self._client = url, token, client
        self._on_state, self._deliver = on_state, deliver
        self._on_stopped, self._renew = on_stopped, renew
        self._longest = longest_pause_s
        self._handlers: list[tuple[type[Message], Callable[[Any], object], bool]] = []
        self._socket: ClientConnection | None = None
        self._ids = itertools.count(1)
        self._task: asyncio.Task[None] | None = None
        self._standing = asyncio.Event()
        self.lost_since: float | None = time.monotonic()
        self.welcome: Welcome | None = None

    def on(self, kind: type[M], handler: Callable[[M], object], *, here: bool = False) -> None:
        """Call ``handler`` for messages of a type; ``here``: on the loop at once (media), whatever ``deliver`` is."""
        self._handlers.append((kind, handler, here))

    def start(self) -> None:
        """Begin to connect, or begin again after a final end; nothing happens while it runs. Call on the loop."""
        if self._task is not None and not self._task.done():
            return
        self._task = asyncio.get_running_loop().create_task(self._run(), name="signalling")

    async def close(self) -> None:
        """Hang up and stop coming back."""
        if self._task is not None:
            await cancel_and_wait(self._task)
            self._task = None

    async def wait_standing(self) -> None:
        """Until the server has said welcome."""
        await self._standing.wait()

    async def send(self, message: Message) -> str:
        """Send a message; returns its id. Raises ``network.unreachable`` while the line is down."""
        if self._socket is None or self.welcome is None:
            raise ServiceError("network.unreachable")
        number = str(next(self._ids))
        try:
            await self._socket.send(encode(message, id=number))
        except WebSocketException as error:
            raise ServiceError("network.unreachable") from error
        return number

    async def _run(self) -> None:
        pause = 0.2
        while True:
            began = time.monotonic()
            try:
                await self._attempt()
            except _Ended as end:
                self._tell_stopped(end.code)
                return
            if time.monotonic() - began > 10:
                pause = 0.2
            await asyncio.sleep(pause * random.uniform(0.8, 1.2))  # noqa: S311 - jitter, not a secret
            pause = min(pause * 2, self._longest)

    async def _attempt(self) -> None:
        """One connection, from its making to its loss."""
        token, closed = self._token(), 0
        try:
            await self._session(token)
        except ConnectionClosed as error:
            closed = error.rcvd.code if error.rcvd is not None else 0
            log.info("signalling lost", extra={"what": type(error).__name__, "code": closed})
        except (OSError, WebSocketException, TimeoutError) as error:
            log.info("signalling lost", extra={"what": type(error).__name__})
        except UserError as error:
            # The first frame was refused; what refuses a token comes with 4401 as well.
            closed = _NOT_SIGNED_ON if error.code.startswith("auth.") else 0
            log.warning("signalling refused", extra={"code": error.code})
        except AppError as error:
            log.warning("signalling refused", extra={"code": error.code})
        finally:
            self._lose()
        if closed == _REPLACED:
            raise _Ended("signalling.replaced")
        if closed == _NOT_SIGNED_ON and self._token() == token:
            await self._make_good()

    async def _make_good(self) -> None:
        if self._renew is None:
            return
        try:
            await self._renew()
        except UserError as error:
            raise _Ended("network.session_ended") from error
        except ServiceError as error:
            log.info("session not renewed", extra={"code": error.code})

    def _lose(self) -> None:
        self._socket = self.welcome = None
        self._standing.clear()
        if self.lost_since is None:
            self.lost_since = time.monotonic()
            self._tell_state()

    def _tell_state(self) -> None:
        if self._on_state is not None:
            on_state, since = self._on_state, self.lost_since
            self._deliver(lambda: on_state(since))

    def _tell_stopped(self, code: str) -> None:
        log.info("signalling stopped", extra={"code": code})
        if (on_stopped := self._on_stopped) is not None:
            self._deliver(lambda: on_stopped(code))

    async def _session(self, token: str) -> None:
        socket = await connect(
            self._url, max_size=MAX_BYTES * 4, ping_interval=None, proxy=None, open_timeout=5, close_timeout=1,
            ssl=self._tls,
        )  # fmt: skip
        try:
            await self._greet_and_listen(socket, token)
        finally:
            # Not "async with": that says 1011 (internal error) when the task is cancelled in an orderly end.
            await socket.close()

    async def _greet_and_listen(self, socket: ClientConnection, token: str) -> None:
        await socket.send(encode(Hello(token=token, client=self._client), id=str(next(self._ids))))
        async with asyncio.timeout(5):
            first = decode_from_server(await socket.recv())
        if isinstance(first.message, Refused):
            raise UserError(first.message.code)
        if not isinstance(first.message, Welcome):
            raise ServiceError("signalling.no_welcome")
        self._socket, self.welcome, self.lost_since = socket, first.message, None
        self._standing.set()
        self._tell_state()
        self._dispatch(first)
        beat = asyncio.create_task(self._heartbeat(socket, first.message.heartbeat_s), name="signalling heartbeat")
        try:
            await self._listen(socket, first.message.heartbeat_s * 3)
        finally:
            await cancel_and_wait(beat)

    async def _heartbeat(self, socket: ClientConnection, every_s: float) -> None:
        with contextlib.suppress(WebSocketException):
            while True:
                await asyncio.sleep(every_s)
                await socket.send(encode(Ping(), id=str(next(self._ids))))

    async def _listen(self, socket: ClientConnection, silence_s: float) -> None:
        while True:
            async with asyncio.timeout(silence_s):
                raw = await socket.recv()
            try:
                frame = decode_from_server(raw)
            except UserError as error:
                # A newer server may say what this client does not know; everything else goes on.
                log.warning("signalling message not understood", extra={"code": error.code})
                continue
            self._dispatch(frame)

    def _dispatch(self, frame: Frame) -> None:
        message = frame.message
        for kind, handler, here in self._handlers:
            if isinstance(message, kind):
                if here:
                    handler(message)
                else:
                    self._deliver(lambda handler=handler: handler(message))  # type: ignore[misc]
