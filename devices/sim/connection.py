"""One client's connection to one service: reads commands, acknowledges them, writes what the service sends."""

import asyncio
import logging

from websockets.asyncio.server import ServerConnection
from websockets.exceptions import ConnectionClosed

from common.aio import cancel_and_wait
from devices.sim.service import Service
from devices.sim.trace import Trace
from devices.xfs import record
from devices.xfs.codes import AckStatus
from devices.xfs.envelope import (
    MAX_MESSAGE_BYTES,
    BadMessage,
    Dialect,
    Message,
    MessageType,
    Payload,
    decode,
    encode,
    salvage,
)

log = logging.getLogger(__name__)
MAX_UNSENT = 2000
"""Messages waiting for a slow client; one more and the connection is dropped (its commands with it)."""


class Connection:
    """Serves one WebSocket until it closes."""

    def __init__(
        self, name: str, socket: ServerConnection, service: Service, trace: Trace, dialect: Dialect = Dialect.SPEC
    ) -> None:
        self._name = name
        self._socket = socket
        self._service = service
        self._trace = trace
        self._dialect = dialect
        self._unsent: asyncio.Queue[str] = asyncio.Queue(MAX_UNSENT)
        self._highest_id = 0
        self._record = record.channel("service", dialect)

    async def serve(self) -> None:
        """Read until the client goes."""
        writer = asyncio.create_task(self._write(), name=f"{self._name} writer")
        self._service.join(self)
        try:
            async for text in self._socket:
                self._receive(text if isinstance(text, str) else text.decode("utf-8", "replace"))
        except ConnectionClosed:
            pass
        finally:
            self._service.leave(self)
            await cancel_and_wait(writer)

    async def _write(self) -> None:
        try:
            while True:
                text = await self._unsent.get()
                self._trace.record(self._name, "<", text)
                if self._record is not None:
                    self._record.wrote("<", text)
                await self._socket.send(text)
        except ConnectionClosed:
            return

    def send(self, message: Message) -> None:
        """Queue a message for the client."""
        try:
            self._unsent.put_nowait(encode(message, self._dialect))
        except asyncio.QueueFull:
            log.warning("client does not read, connection dropped", extra={"connection": self._name})
            self.abort()

    def send_event(self, name: str, request_id: int, payload: Payload | None) -> None:
        """Queue an event of a running command."""
        version = self._service.catalogue.version(name, MessageType.EVENT)
        self.send(Message(MessageType.EVENT, name, version, request_id, payload=payload))

    def abort(self) -> None:
        """Drop the connection as a pulled cable does."""
        self._service.leave(self)
        self._socket.transport.abort()

    def _receive(self, text: str) -> None:
        self._trace.record(self._name, ">", text if len(text) <= MAX_MESSAGE_BYTES else text[:200])
        if self._record is not None:
            self._record.read(">", text)
        if len(text) > MAX_MESSAGE_BYTES:
            self._refuse(*salvage(text), AckStatus.INVALID_MESSAGE)
            return
        try:
            message = decode(text)
        except BadMessage as error:
            self._refuse(error.name, error.request_id, AckStatus.INVALID_MESSAGE)
            return
        number = message.request_id
        if message.type is not MessageType.COMMAND:
            self._refuse(message.name, number, AckStatus.INVALID_MESSAGE)
        elif number is None or self._service.in_use(self, number):
            self._refuse(message.name, number, AckStatus.INVALID_REQUEST_ID)
        elif not self._service.has_room(self, message.name):
            self._refuse(message.name, number, AckStatus.TOO_MANY_REQUESTS)
        else:
            self._highest_id = max(self._highest_id, number)
            self._acknowledge(message.name, number, None)
            self._service.accept(self, message)

    def _refuse(self, name: str | None, number: int | None, status: AckStatus) -> None:
        """Say that a command is dead.

        The standard wants its name and id back. Where they cannot be made out, the id that the next
        command of this connection would most likely have carried stands in, and the one command that
        every service knows.
        """
        self._acknowledge(name or "Common.Status", number or self._highest_id + 1, status)

    def _acknowledge(self, name: str, number: int, status: AckStatus | None) -> None:
        catalogue = self._service.catalogue
        version = catalogue.version(name, MessageType.COMMAND) if catalogue.has_command(name) else "2.0"
        self.send(
            Message(MessageType.ACKNOWLEDGE, name, version, number, status=status.value if status is not None else None)
        )
