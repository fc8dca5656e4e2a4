"""One live WebSocket: a bounded queue out, newest-only for messages that replace each other."""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from itertools import count
from typing import Protocol

from common.wire.signalling import CaseChanged, DeskChanged, Message, QueueChanged, encode
from server.services.ports import Principal


class CloseCode(IntEnum):
    """Why the server closes a connection (docs/signalling.md, "Close codes")."""

    RESTARTING = 1012
    FLOOD = 1008
    NOT_SIGNED_ON = 4401
    SILENT = 4408
    REPLACED = 4409
    TOO_SLOW = 4413


class Socket(Protocol):
    """What a connection needs of a WebSocket."""

    async def send_text(self, data: str) -> None: ...

    async def close(self, code: int = 1000, reason: str | None = None) -> None: ...


@dataclass(frozen=True)
class Pass:
    """What a connection was opened with: a session and its end."""

    principal: Principal
    token_hash: str
    expires_at: datetime


class Connection:
    """Used on the event loop only.

    Policy of the queue: `CaseChanged` of the same case, `QueueChanged` of the same case and `DeskChanged` take
    the place of an older one not sent yet; any other message that finds ``limit`` waiting closes the connection
    (4413), because a client that misses one cannot know it.
    """

    def __init__(self, socket: Socket, holder: Pass, *, limit: int) -> None:
        self._socket = socket
        self.holder = holder
        self._limit = limit
        self._pending: OrderedDict[object, tuple[Message, str | None]] = OrderedDict()
        self._serials = count()
        self._wake = asyncio.Event()
        self._closing = asyncio.Event()
        self._close: tuple[int, str] | None = None
        self.dropped = 0

    @property
    def number(self) -> str:
        """The user's number: who this connection speaks for."""
        return self.holder.principal.number

    @property
    def closing(self) -> bool:
        """Whether the server has decided to close it."""
        return self._close is not None

    def send(self, message: Message, *, re: str | None = None) -> None:
        """Queue a message; ``re`` is the id of the frame it answers."""
        if self._close is not None:
            return
        key = _replaces(message)
        if key is None:
            key = next(self._serials)
        elif key in self._pending:
            self.dropped += 1
            if _newer(message, self._pending[key][0]):
                self._pending[key] = (message, re)
            return
        if len(self._pending) >= self._limit:
            self._pending.clear()
            self.close(CloseCode.TOO_SLOW, "cannot keep up")
            return
        self._pending[key] = (message, re)
        self._wake.set()

    def close(self, code: CloseCode, reason: str) -> None:
        """Send what is queued, then close. The first code counts."""
        if self._close is None:
            self._close = (int(code), reason)
            self._closing.set()
            self._wake.set()

    async def write(self) -> None:
        """Send until closed; to be run as a task beside the reader."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._pending:
                _, (message, re) = self._pending.popitem(last=False)
                await self._socket.send_text(encode(message, re=re))
            if self._close is not None:
                await self._socket.close(*self._close)
                return

    async def decided_to_close(self) -> None:
        """Return when a close was decided, by whomever."""
        await self._closing.wait()


def _replaces(message: Message) -> object | None:
    """The key under which a newer message replaces an older one; None: every one counts."""
    if isinstance(message, CaseChanged | QueueChanged):
        return (message.type, message.case_id)
    if isinstance(message, DeskChanged):
        return message.type
    return None


def _newer(message: Message, queued: Message) -> bool:
    if isinstance(message, CaseChanged) and isinstance(queued, CaseChanged):
        return message.version > queued.version
    return True
