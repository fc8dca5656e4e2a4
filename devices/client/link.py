"""A lasting handle on one interface of the machine, whatever happens to the connection beneath."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Protocol

from devices.client.connection import OnMessage
from devices.client.discovery import FoundService
from devices.xfs.codes import ConnectionLost, DeviceError
from devices.xfs.envelope import Message, Payload

POLL_S = 2.0


class Switchboard(Protocol):
    """Who knows the present connections, and every message that comes in."""

    def service_for(self, interface: str) -> FoundService | None: ...

    def listen(self, listener: OnMessage) -> Callable[[], None]: ...


class Link:
    """Commands to the service that has an interface."""

    def __init__(self, switchboard: Switchboard, interface: str) -> None:
        self._switchboard = switchboard
        self._interface = interface

    @property
    def capabilities(self) -> Payload:
        """What the service said about itself; empty while it is away."""
        found = self._switchboard.service_for(self._interface)
        return found.capabilities if found is not None else {}

    async def command(
        self, name: str, payload: Payload | None = None, *, timeout_s: float = 60.0, on_event: OnMessage | None = None
    ) -> Payload:
        """Give a command (see :meth:`ServiceConnection.command`).

        Raises:
            DeviceError: refused or failed.
            ConnectionLost: the service is away, or went away before the completion.
        """
        found = self._switchboard.service_for(self._interface)
        if found is None:
            raise ConnectionLost(self._interface)
        return await found.connection.command(name, payload, timeout_s=timeout_s, on_event=on_event)

    async def status(self) -> Payload:
        """The service's full status."""
        return await self.command("Common.Status", timeout_s=5.0)

    @asynccontextmanager
    async def watching(self, *names: str) -> "AsyncIterator[asyncio.Event]":
        """An event that is set whenever one of the named messages comes in."""
        seen = asyncio.Event()

        def note(message: Message) -> None:
            if message.name in names:
                seen.set()

        stop = self._switchboard.listen(note)
        try:
            yield seen
        finally:
            stop()

    async def wait_until(self, holds: Callable[[Payload], bool], *names: str, timeout_s: float) -> bool:
        """Wait until the service's status satisfies ``holds``; False when the time is over.

        The status is read again on each of the named events and from time to time, so that an event lost
        with a connection does no harm.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout_s
        async with self.watching(*names) as seen:
            while True:
                seen.clear()
                try:
                    if holds(await self.status()):
                        return True
                except (ConnectionLost, DeviceError):  # no answer is no news: ask again until the time is over
                    await asyncio.sleep(0.1)
                left = deadline - loop.time()
                if left <= 0:
                    return False
                try:
                    async with asyncio.timeout(min(left, POLL_S)):
                        await seen.wait()
                except TimeoutError:
                    continue


class Fitted:
    """A part that a machine may have or not; without it every call is ConnectionLost."""

    def __init__(self, link: Link) -> None:
        self._link = link

    @property
    def there(self) -> bool:
        """Whether the machine has one and it is connected."""
        return bool(self._link.capabilities)
