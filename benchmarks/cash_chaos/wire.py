"""The machine's wire inside one process: the real connection code on both ends of a pair of queues."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any, cast

from websockets.exceptions import ConnectionClosedError

from benchmarks.cash_chaos.seams import Part, Seams
from common.aio import TaskSet
from devices.client.card import CardData
from devices.client.cash import CashLink
from devices.client.connection import OnMessage, ServiceConnection
from devices.client.counts import Counts
from devices.client.deposit import CashAcceptor
from devices.client.discovery import FoundService
from devices.client.link import Link
from devices.client.machine import DeviceEvent, MachineState
from devices.client.payout import CashDispenser
from devices.client.status import MachineStatus
from devices.sim.connection import Connection
from devices.sim.service import Service
from devices.sim.trace import Trace
from devices.xfs.catalogue import load
from devices.xfs.codes import ConnectionLost
from devices.xfs.envelope import Message

AGAIN_S = 0.005
MOVE_S, MARGIN_S = 0.6, 0.2
"""So long is a movement waited for, and its answer beyond that."""
CARD = CardData(pan="9999004182394821", expiry="3012", track2="9999004182394821=3012", chip_atr=b"")
RECYCLER, DOORS = "CashRecycler", "Auxiliaries"
_INTERFACES = {
    RECYCLER: frozenset({"CashDispenser", "CashAcceptor", "CashManagement", "Storage"}),
    DOORS: frozenset({"Auxiliaries"}),
}


class Plug:
    """One end of a line: what websockets' connections look like to the code that uses them."""

    def __init__(self, seams: Seams, part: Part) -> None:
        self._seams, self._part = seams, part
        self._inbox: asyncio.Queue[str | None] = asyncio.Queue()
        self.other: Plug | None = None
        self.open = True
        self.transport = self

    async def send(self, text: str) -> None:
        self._seams.at("message sent", self._part)
        if not self.open or self.other is None:
            raise ConnectionClosedError(None, None)
        self.other._inbox.put_nowait(text)
        self._seams.at("message delivered", self._part)

    async def __aiter__(self) -> AsyncIterator[str]:
        while (text := await self._inbox.get()) is not None:
            yield text

    def abort(self) -> None:
        """Both ends find the line dead."""
        for end in (self, self.other):
            if end is not None and end.open:
                end.open = False
                end._inbox.put_nowait(None)

    async def close(self) -> None:
        self.abort()


def line(seams: Seams, part: Part) -> tuple[Plug, Plug]:
    """The end of a part, and the machine's."""
    near, machine = Plug(seams, part), Plug(seams, Part.MACHINE)
    near.other, machine.other = machine, near
    return near, machine


class Card:
    """A card that is in the reader when it is asked for, and taken when it is given back."""

    async def read(self, *, timeout_s: float, on_prompt: Callable[[str], None] | None = None) -> CardData:
        return CARD

    async def eject(self) -> None:
        """Out."""

    async def wait_taken(self, *, timeout_s: float) -> bool:
        return True

    async def media(self) -> str:
        return "notPresent"


class Papers:
    """PIN pad, printer and document camera: nothing of theirs is about cash."""

    async def import_key(self, name: str, block: str) -> None:
        """Any key will do."""

    async def print_receipt(self, title: str, lines: list[str]) -> None:
        """Printed."""

    async def wait_taken(self, *, timeout_s: float) -> bool:
        return True

    async def take_picture(self) -> bytes:
        return b""


class NearMachine:
    """The recycler's client over a :class:`Plug`; a switchboard as `devices.client.machine.Machine` is one.

    Args:
        service: one of the machine's by name, while it has power.
        wanted: the services to be connected with.
    """

    def __init__(
        self, seams: Seams, on_event: Callable[[DeviceEvent], None], service: Callable[[str], Service | None],
        part: Part = Part.KIOSK, wanted: tuple[str, ...] = (RECYCLER,),
    ) -> None:  # fmt: skip
        self._seams, self._on_event, self._service, self._part = seams, on_event, service, part
        self._wanted = wanted
        self._listeners: list[OnMessage] = []
        self._found: dict[str, FoundService] = {}
        self._closed = False
        self._ready = asyncio.Event()
        self._serving = TaskSet("near machine")
        cash = CashLink(Link(self, "CashDispenser"), move_timeout_s=MOVE_S)
        self._cash = cash
        self.dispenser, self.acceptor, self.card = CashDispenser(cash), CashAcceptor(cash), Card()
        self.pin_pad = self.printer = self.document_camera = Papers()

    def connect(self) -> None:
        """Plug into the machine, if it has power."""
        missing = [name for name in self._wanted if self._connected(name) is None]
        if self._closed or not missing or self._seams.dead & {self._part, Part.CABLE}:
            return
        for name in missing:
            service = self._service(name)
            if service is None:
                return
            near, far = line(self._seams, self._part)
            served = Connection(f"{name}-1", cast(Any, far), service, Trace())
            self._serving.spawn(served.serve(), name="near connection")
            connection = ServiceConnection(
                f"near/{name}", cast(Any, near), load(), self._told, answer_margin_s=MARGIN_S
            )  # fmt: skip
            connection.on_lost = self._lost
            self._found[name] = FoundService(connection, _INTERFACES[name], {})
        self._ready.set()
        self._on_event(DeviceEvent("Machine.StateChanged", {"state": MachineState.READY.value}))

    def unplug(self) -> None:
        """The line is dead: either side has lost its power."""
        for found in self._found.values():
            cast(Plug, found.connection._socket).abort()

    async def close(self) -> None:
        """Let the machine go."""
        self._closed = True
        for found in self._found.values():
            await found.connection.close()
        self._found.clear()
        await self._serving.close()

    def _lost(self) -> None:
        self._ready.clear()
        asyncio.get_running_loop().call_later(AGAIN_S, self.connect)
        if self._part not in self._seams.dead:
            self._on_event(DeviceEvent("Machine.StateChanged", {"state": MachineState.LOST.value}))

    def _told(self, message: Message) -> None:
        if self._part in self._seams.dead:
            return
        for listener in tuple(self._listeners):
            listener(message)
        self._on_event(DeviceEvent(message.name, message.payload or {}))

    def listen(self, listener: OnMessage) -> Callable[[], None]:
        """See `devices.client.link.Switchboard`."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def service_for(self, interface: str) -> FoundService | None:
        """See `devices.client.link.Switchboard`."""
        return next((self._connected(name) for name in self._wanted if interface in _INTERFACES[name]), None)

    def _connected(self, name: str) -> FoundService | None:
        found = self._found.get(name)
        return None if found is None or found.connection.lost.is_set() else found

    def has(self, interface: str) -> bool:
        """See `devices.client.exchange.Fitting`."""
        return any(interface in _INTERFACES[name] for name in self._wanted)

    def services(self) -> dict[str, FoundService]:
        """No service is looked at for the machine's picture: the recycler's counters are what matters here."""
        return {}

    async def wait_ready(self, timeout_s: float) -> bool:
        """Wait until the machine is there."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._ready.wait()
        except TimeoutError:
            return False
        return True

    async def counts(self) -> Counts:
        """The cash counters now."""
        return await self._cash.counts()

    async def coin_counts(self) -> Counts | None:
        """This machine gives no coins."""
        return None

    async def status(self) -> MachineStatus:
        """Nothing but the counters is asked for here."""
        if self.service_for("CashDispenser") is None:
            raise ConnectionLost("CashRecycler")
        return MachineStatus()
