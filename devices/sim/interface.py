"""What every interface of a service is made of, and one command while it runs."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, ClassVar, Protocol, TypeVar

from devices.xfs.codes import CommandFailed, CompletionCode
from devices.xfs.envelope import Message, Payload

T = TypeVar("T")


class Outlet(Protocol):
    """Where a running command sends its events: the connection that gave the command."""

    def send_event(self, name: str, request_id: int, payload: Payload | None) -> None: ...


class Running:
    """An accepted command. Handlers wait for people only through :meth:`wait`, so that it can be stopped.

    Where something moves afterwards they do it by :func:`devices.sim.interlock.ask`, which ends with the power, too.
    """

    def __init__(self, message: Message, outlet: Outlet) -> None:
        self.message = message
        self.payload: Payload = message.payload or {}
        self.outlet = outlet
        self.done = False
        self.timer: asyncio.TimerHandle | None = None
        self._stop: asyncio.Future[CompletionCode] = asyncio.get_running_loop().create_future()

    @property
    def stopped(self) -> CompletionCode | None:
        """Why the command is to end early; None: it is not."""
        return self._stop.result() if self._stop.done() else None

    def stop(self, code: CompletionCode) -> None:
        """Ask the command to end with this code at its next opportunity."""
        if not self._stop.done():
            self._stop.set_result(code)

    def check(self) -> None:
        """The last moment before something moves: ends the command when it was stopped meanwhile.

        Raises:
            CommandFailed: with the code it was stopped with.
        """
        if self.stopped is not None:
            raise CommandFailed(self.stopped)

    async def wait(self, awaitable: Awaitable[T]) -> T:
        """Wait for something that may never happen.

        Raises:
            CommandFailed: the command was stopped first.
        """
        task = asyncio.ensure_future(awaitable)
        try:
            await asyncio.wait((task, self._stop), return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
        finally:
            task.cancel()
        self.check()
        raise AssertionError("neither done nor stopped")

    def event(self, name: str, payload: Payload | None = None) -> None:
        """Send an event of this command to its owner."""
        assert self.message.request_id is not None
        self.outlet.send_event(name, self.message.request_id, payload)


Handler = Callable[[Running], Awaitable[Payload | None]]


class Broadcaster(Protocol):
    """The service, as its interfaces see it."""

    name: str

    def broadcast(self, name: str, payload: Payload | None = None) -> None:
        """Send an unsolicited event to every connection of the service."""


class Interface:
    """One interface of a service: its commands, its part of status and capabilities.

    Subclasses fill ``name``, ``immediate`` (commands that do not queue), ``events`` and :meth:`commands`; ``listed`` is
    false where the standard has no word for the interface in ``Common.Capabilities``.
    """

    name: ClassVar[str]
    events: ClassVar[tuple[str, ...]] = ()
    immediate: ClassVar[frozenset[str]] = frozenset()
    listed: ClassVar[bool] = True

    def __init__(self) -> None:
        self._broadcaster: Broadcaster | None = None

    def attach(self, broadcaster: Broadcaster) -> None:
        """Give the interface its service."""
        self._broadcaster = broadcaster

    def broadcast(self, event: str, payload: Payload | None = None) -> None:
        """Send an unsolicited event, named without its interface."""
        if self._broadcaster is not None:
            name = event if "." in event else f"{self.name}.{event}"
            self._broadcaster.broadcast(name, payload)

    @property
    def service(self) -> str:
        """Name of the service that it belongs to; a fault may be aimed at that."""
        return self._broadcaster.name if self._broadcaster is not None else ""

    def faults(self) -> Sequence[str]:
        """Faults of the board that strike here and can be aimed at this service."""
        return ()

    def commands(self) -> Mapping[str, Handler]:
        """Handlers by command, named without the interface."""
        return {}

    def announced(self) -> Sequence[str]:
        """The events that it can send, as its capabilities list them: fewer than ``events`` where a part is missing."""
        return self.events

    def left(self, outlet: Outlet) -> None:
        """A connection of the service has ended."""
        return

    def broken(self, error_code: str, running: Running) -> None:
        """The fault board let this command report an error: bring about the state that goes with it, if any."""
        return

    def status(self) -> Payload:
        """Members of ``Common.Status`` by interface (``{"cardReader": {...}}``)."""
        return {}

    def common_status(self) -> Payload:
        """What this interface adds to the ``common`` part of the status."""
        return {}

    def capabilities(self) -> Payload:
        """Members of ``Common.Capabilities`` by interface."""
        return {}


def integer(payload: Mapping[str, Any], name: str, default: int = 0) -> int:
    """An integer member that the catalogue's check has let through."""
    return int(payload.get(name, default))
