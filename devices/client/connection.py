"""One WebSocket to one service: request ids, acknowledges, events, completions."""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage

from common.aio import cancel_and_wait
from devices.xfs import record
from devices.xfs.catalogue import Catalogue
from devices.xfs.codes import ConnectionLost, DeviceError, ack_error, device_error
from devices.xfs.envelope import BadMessage, Dialect, Message, MessageType, Payload, decode, encode

log = logging.getLogger(__name__)
_LARGEST = 32 * 1024 * 1024  # pictures come in one message
OPEN_TIMEOUT_S = 3.0
ANSWER_MARGIN_S = 15.0
"""A command that gives no completion this long after its own timeout will not give one any more."""

OnMessage = Callable[[Message], None]
OnText = Callable[[str, str], None]
"""Told of every text of a connection: ``>`` to the service, ``<`` from it."""


@dataclass(slots=True)
class _Open:
    completion: "asyncio.Future[Message]"
    on_event: OnMessage | None
    details: list[Message] = field(default_factory=list)


class ServiceConnection:
    """A connected service. Made by :meth:`open`; whoever opened it closes it."""

    def __init__(
        self,
        uri: str,
        socket: ClientConnection,
        catalogue: Catalogue,
        on_unsolicited: OnMessage,
        dialect: Dialect = Dialect.SPEC,
        *,
        answer_margin_s: float = ANSWER_MARGIN_S,
    ) -> None:
        self.uri = uri
        self._dialect = dialect
        self._margin_s = answer_margin_s
        self._record = record.channel("client", dialect)
        self.name = uri.rstrip("/").rsplit("/", 1)[-1]
        self._socket = socket
        self._catalogue = catalogue
        self._on_unsolicited = on_unsolicited
        self._open: dict[int, _Open] = {}
        self._serial = 0
        self.lost = asyncio.Event()
        self.on_lost: Callable[[], None] = lambda: None
        self.on_text: OnText = lambda _way, _text: None
        self._reader = asyncio.create_task(self._read(), name=f"{self.name} reader")

    @classmethod
    async def open(
        cls, uri: str, catalogue: Catalogue, on_unsolicited: OnMessage, dialect: Dialect = Dialect.SPEC
    ) -> "ServiceConnection":
        """Connect.

        Raises:
            ConnectionLost: nobody answers there.
        """
        try:
            socket = await connect(
                uri, compression=None, max_size=_LARGEST, open_timeout=OPEN_TIMEOUT_S, close_timeout=1, proxy=None
            )
        except (OSError, TimeoutError, InvalidHandshake, InvalidMessage, EOFError) as error:
            raise ConnectionLost(uri.rstrip("/").rsplit("/", 1)[-1]) from error
        return cls(uri, socket, catalogue, on_unsolicited, dialect)

    async def close(self) -> None:
        """Close the connection; the service cancels what is still open."""
        await self._socket.close()
        await cancel_and_wait(self._reader)
        self._drop()

    def _drop(self) -> None:
        if not self.lost.is_set():
            self.lost.set()
            self.on_lost()
        for entry in self._open.values():
            if not entry.completion.done():
                entry.completion.set_exception(ConnectionLost(self.name))

    async def _read(self) -> None:
        try:
            async for said in self._socket:
                text = said if isinstance(said, str) else said.decode("utf-8", "replace")
                if self._record is not None:
                    self._record.read("<", text)
                self.on_text("<", text)
                try:
                    message = decode(text)
                except BadMessage as error:
                    log.warning("unreadable message", extra={"service": self.name, "reason": str(error)})
                    continue
                self._dispatch(message)
        except ConnectionClosed:
            pass
        finally:
            self._drop()

    def _dispatch(self, message: Message) -> None:
        entry = self._open.get(message.request_id or 0)
        if message.type is MessageType.UNSOLICITED:
            self._on_unsolicited(message)
        elif entry is None:
            log.debug("message for no open command", extra={"message_name": message.name})
        elif message.type is MessageType.EVENT:
            if entry.on_event is not None:
                entry.on_event(message)
            self._on_unsolicited(message)
        elif entry.completion.done():
            log.debug("message after the completion", extra={"message_name": message.name})
        elif message.type is MessageType.ACKNOWLEDGE:
            if message.status is not None:
                entry.completion.set_exception(ack_error(message))
        elif message.type is MessageType.COMPLETION:
            if message.completion_code is None:
                entry.completion.set_result(message)
            else:
                entry.completion.set_exception(device_error(message))

    async def command(
        self, name: str, payload: Payload | None = None, *, timeout_s: float = 60.0, on_event: OnMessage | None = None
    ) -> Payload:
        """Give a command and wait for its completion; events come to ``on_event`` meanwhile.

        Cancelling this coroutine asks the service to cancel the command.

        Raises:
            DeviceError: the service refused or failed; ``completion`` is ``noAnswer`` when it never completed.
            ConnectionLost: before the completion came; what the command did is unknown.
        """
        if self.lost.is_set():
            raise ConnectionLost(self.name)
        self._serial += 1
        number = self._serial
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._open[number] = _Open(future, on_event)
        message = Message(
            MessageType.COMMAND,
            name,
            self._catalogue.version(name, MessageType.COMMAND),
            number,
            payload=payload,
            timeout_ms=max(1, round(timeout_s * 1000)),
        )
        try:
            await self._send(message)
            # Not wait_for: one that is cancelled at the moment of the answer forgets (Python 3.11) that it was.
            async with asyncio.timeout(timeout_s + self._margin_s):
                completion = await future
        except TimeoutError as error:
            raise DeviceError(
                "device.timeout", command=name, completion="noAnswer", error_code=None, retryable=True
            ) from error
        except asyncio.CancelledError:
            await self._cancel(number)
            raise
        finally:
            del self._open[number]
            if future.done() and not future.cancelled():
                future.exception()  # where sending has failed nobody asks, and the loop would report that as a bug
        return completion.payload or {}

    async def _send(self, message: Message) -> None:
        text = encode(message, self._dialect)
        if self._record is not None:
            self._record.wrote(">", text)
        self.on_text(">", text)
        try:
            await self._socket.send(text)
        except ConnectionClosed as error:
            raise ConnectionLost(self.name) from error

    async def _cancel(self, victim: int) -> None:
        if self.lost.is_set():
            return
        self._serial += 1
        version = self._catalogue.version("Common.Cancel", MessageType.COMMAND)
        cancel = Message(
            MessageType.COMMAND,
            "Common.Cancel",
            version,
            self._serial,
            payload={"requestIds": [victim]},
            timeout_ms=5000,
        )
        with contextlib.suppress(ConnectionLost):
            await self._send(cancel)
