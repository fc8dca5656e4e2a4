"""A machine as one thing: found, connected, watched, and found again when it was away."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from common.aio import TaskSet
from common.errors import ServiceError
from devices.client.card import CardReader
from devices.client.cash import CashLink, output_empty, way_free
from devices.client.connection import OnMessage
from devices.client.counts import Counts
from devices.client.deposit import CashAcceptor
from devices.client.discovery import FoundService, connect_service, elsewhere, find_services, last_part, meant
from devices.client.giving import Dispenser, SheetPrinter
from devices.client.id_card import IdCardReader
from devices.client.link import Link
from devices.client.paper import DocumentCamera, GuidanceLights, ReceiptPrinter
from devices.client.passbook import PassbookPrinter
from devices.client.payout import CashDispenser
from devices.client.pin_pad import PinPad
from devices.client.status import (
    LOST,
    DeviceStatus,
    MachineStatus,
    acceptor_status,
    camera_status,
    card_reader_status,
    dispenser_status,
    pin_pad_status,
    printer_status,
)
from devices.xfs.catalogue import load
from devices.xfs.codes import ConnectionLost, DeviceError
from devices.xfs.envelope import Dialect, Message, Payload
from devices.xfs.uris import STANDARD_PORTS

log = logging.getLogger(__name__)
WANTED = (
    "Lights", "CardDispenser", "TokenDispenser", "PagePrinter", "CertificatePrinter", "PassbookPrinter", "Auxiliaries",
)  # fmt: skip
"""Used where the machine has them; the first is missed as soon as it is gone. See
:data:`devices.client.discovery.ROLES` for names that are no interface."""
REQUIRED = ("CardReader", "CashDispenser", "CashAcceptor", "Storage", "PinPad", "Printer", "Camera")
LOOK_AGAIN_S = 30.0
"""A device that a machine may have and does not show is looked for again so often."""
_BACKOFF_S = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)


class MachineState(StrEnum):
    """READY: every required interface is connected; LOST: some are away and looked for."""

    READY = "ready"
    LOST = "lost"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class DeviceEvent:
    """Something the machine told: the standard's name (``CardReader.MediaRemovedEvent``) and payload.

    ``Machine.StateChanged`` with ``{"state"}`` is ours: the connection went or came back.
    """

    name: str
    payload: Payload


class Machine:
    """A connected machine with its devices. Made by :meth:`connect`, ended by :meth:`close`."""

    def __init__(
        self,
        host: str,
        ports: Sequence[int],
        on_event: Callable[[DeviceEvent], None] | None,
        services: Mapping[str, str],
        dialect: Dialect,
    ) -> None:
        self._host = host
        self._chosen = dict(services)
        self._dialect = dialect
        self._ports = tuple(ports)
        self._on_event = on_event
        self._catalogue = load()
        self._found: dict[str, FoundService] = {}  # by URI
        self._shown: dict[str, FoundService] = {}  # likewise, away now or not
        self._own: set[str] = set()  # URIs that the machine itself has listed
        self._listeners: list[OnMessage] = []
        self._tasks = TaskSet("machine")
        self._ready = asyncio.Event()
        self._again = asyncio.Event()
        self.state = MachineState.LOST
        cash = CashLink(Link(self, "CashDispenser"))
        self._cash, self._coins = cash, CashLink(Link(self, "CoinDispenser"))
        self.card = CardReader(Link(self, "CardReader"))
        self.dispenser = CashDispenser(cash)
        self.acceptor = CashAcceptor(cash)
        self.pin_pad = PinPad(Link(self, "PinPad"))
        self.printer = ReceiptPrinter(Link(self, "Printer"))
        self.passbook = PassbookPrinter(Link(self, "PassbookPrinter"))
        self.new_cards = Dispenser(Link(self, "CardDispenser"))
        self.tokens = Dispenser(Link(self, "TokenDispenser"))
        self.certificates = SheetPrinter(Link(self, "CertificatePrinter"))
        self.pages = SheetPrinter(Link(self, "PagePrinter"))
        self.id_card = IdCardReader(Link(self, "IdCardReader"))
        self.document_camera = DocumentCamera(Link(self, "Camera"))
        self.lights = GuidanceLights(Link(self, "Lights"))

    @classmethod
    async def connect(
        cls,
        host: str = "127.0.0.1",
        ports: Sequence[int] = STANDARD_PORTS,
        on_event: Callable[[DeviceEvent], None] | None = None,
        *,
        services: Mapping[str, str] | None = None,
        dialect: str = Dialect.SPEC,
    ) -> "Machine":
        """Find a machine and connect to the services that the kiosk uses.

        Args:
            on_event: called in the event loop for every message that is no answer; must not block.
            services: interface (or role) to the URI of a service that takes its place, on whatever host.
            dialect: ``spec`` or ``kal``: whose spelling is written to the machine; every spelling is understood.

        Raises:
            ServiceError: ``device.unreachable`` or ``device.incomplete`` (``missing`` names interfaces).
        """
        machine = cls(host, ports, on_event, services or {}, Dialect(dialect))
        try:
            missing = await machine._look()
            if missing:
                code = "device.incomplete" if machine._found else "device.unreachable"
                raise ServiceError(code, missing=", ".join(missing))
        except BaseException:
            await machine.close()
            raise
        machine._set_state(MachineState.READY)
        machine._tasks.spawn(machine._keep_connected(), name="machine supervisor")
        return machine

    async def close(self) -> None:
        """Let the machine go."""
        self.state = MachineState.CLOSED
        await self._tasks.close()
        # Side by side: a machine that is gone answers no goodbye, and each one is waited for a second.
        await asyncio.gather(*(found.connection.close() for found in self._found.values()))
        self._found.clear()

    async def wait_ready(self, timeout_s: float) -> bool:
        """Wait until everything is connected; False when the time is over."""
        try:
            async with asyncio.timeout(timeout_s):
                await self._ready.wait()
        except TimeoutError:
            return False
        return True

    # -- connections ---------------------------------------------------------------------------------

    def service_for(self, interface: str) -> FoundService | None:
        """The connected service that the kiosk means when it names an interface."""
        return meant(interface, self._found.values(), self._chosen)

    def has(self, interface: str) -> bool | None:
        """Whether the machine has ever shown a service for this; it may be away now. None: nobody knows, for a service
        that the machine lists has not answered yet.
        """
        if any(found.serves(interface) for found in self._shown.values()):
            return True
        return False if self._own <= self._shown.keys() else None

    def services(self) -> Mapping[str, FoundService]:
        """Every connected service by name: the last part of its address, and the host where it is another one."""
        connected = ((uri, found) for uri, found in self._found.items() if not found.connection.lost.is_set())
        return {last_part(uri) if uri in self._own else elsewhere(uri): found for uri, found in connected}

    async def reconnect(self, name: str, *, timeout_s: float = 15.0) -> None:
        """Begin the connection to one service anew; what it was doing for us is given up.

        Raises:
            ConnectionLost: there is no such service, or it does not come back in time (it is looked for further).
        """
        found = self.services().get(name)
        if found is None:
            raise ConnectionLost(name)
        self._again.clear()
        await found.connection.close()
        try:
            async with asyncio.timeout(timeout_s):
                while name not in self.services():
                    await self._again.wait()
                    self._again.clear()
        except TimeoutError as error:
            raise ConnectionLost(name) from error

    def listen(self, listener: OnMessage) -> Callable[[], None]:
        """Call ``listener`` for every event of every service; the function returned ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _told(self, message: Message) -> None:
        for listener in tuple(self._listeners):
            listener(message)
        self._emit(DeviceEvent(message.name, message.payload or {}))

    def _emit(self, event: DeviceEvent) -> None:
        if self._on_event is not None:
            self._on_event(event)

    def _set_state(self, state: MachineState) -> None:
        if state is self.state:
            return
        self.state = state
        if state is MachineState.READY:
            self._ready.set()
        else:
            self._ready.clear()
        self._emit(DeviceEvent("Machine.StateChanged", {"state": state.value}))

    def _lost(self, found: FoundService) -> None:
        """A connection has gone: known at once, before anybody who waited for its answer is told."""
        missed = any(found.serves(name) for name in (*REQUIRED, *WANTED[:1]))
        if self.state is MachineState.READY and missed:
            self._set_state(MachineState.LOST)

    async def _look(self) -> list[str]:
        """Connect to what can be found and is not connected; the required interfaces still missing."""
        for uri, found in list(self._found.items()):
            if found.connection.lost.is_set():
                del self._found[uri]
                await found.connection.close()
        listed = await find_services(self._host, self._ports, self._catalogue, self._dialect)
        self._own |= set(listed)
        for uri in dict.fromkeys((*self._chosen.values(), *listed)):
            if uri in self._found:
                continue
            try:
                found = await connect_service(uri, self._catalogue, self._told, self._dialect)
            except (ConnectionLost, DeviceError):
                log.info("service does not answer", extra={"uri": uri})
                continue
            found.connection.on_lost = partial(self._lost, found)
            self._found[uri] = self._shown[uri] = found
        self._again.set()
        return [name for name in REQUIRED if self.service_for(name) is None]

    async def _keep_connected(self) -> None:
        while True:
            waits = [asyncio.create_task(found.connection.lost.wait()) for found in self._found.values()]
            whole = all(self.service_for(name) is not None for name in WANTED)
            try:
                await asyncio.wait(
                    waits, timeout=None if whole else LOOK_AGAIN_S, return_when=asyncio.FIRST_COMPLETED
                )  # fmt: skip
            finally:
                for wait in waits:
                    wait.cancel()
            if any(self.service_for(name) is None for name in REQUIRED):
                self._set_state(MachineState.LOST)
            attempt = 0
            while await self._look():
                await asyncio.sleep(_BACKOFF_S[min(attempt, len(_BACKOFF_S) - 1)])
                attempt += 1
            self._set_state(MachineState.READY)

    # -- the whole machine ---------------------------------------------------------------------------

    async def counts(self) -> Counts:
        """The cash counters now, for journal and panel.

        Raises:
            ConnectionLost, DeviceError: they cannot be read.
        """
        return await self._cash.counts()

    async def coin_counts(self) -> Counts | None:
        """The counters of the coin hoppers now; None where the machine gives no coins.

        Raises:
            ConnectionLost, DeviceError: they cannot be read.
        """
        return None if self.service_for("CoinDispenser") is None else await self._coins.counts()

    async def reset_cash(self) -> bool:
        """Clear the cash transport; False when something stays stuck. Journal the intent before calling this.

        Raises:
            CashOutcomeUnknown: look at the counters once the machine is back.
            ConnectionLost, DeviceError: the counters cannot be read; nothing was ordered.
        """
        return await self._cash.reset(await self.counts())

    async def way_free(self) -> bool:
        """Whether nothing lies, and nothing is jammed, between the cassettes and the slot.

        Raises:
            ConnectionLost, DeviceError: the machine does not say.
        """
        return way_free(await self._cash.link.status())

    async def end_wait_for_notes(self, timeout_s: float) -> bool:
        """Notes at the slot are not left to the customer any longer: whoever waits for that pulls them back.

        Returns:
            Whether nobody waits any more and the slot is empty.

        Raises:
            ConnectionLost, DeviceError: the machine does not say.
        """
        if not self._cash.end_wait():
            return await self._cash.output_empty()
        empty = self._cash.link.wait_until(output_empty, "CashManagement.ItemsTakenEvent", timeout_s=timeout_s)
        return await empty

    async def _part(self, interface: str, read: Callable[[Payload], DeviceStatus]) -> DeviceStatus:
        try:
            return read(await Link(self, interface).status())
        except (ConnectionLost, DeviceError):
            return LOST

    async def status(self) -> MachineStatus:
        """How every device is; one that is out of reach is bad, never an exception."""
        try:
            counts: Counts | None = await self.counts()
        except (ConnectionLost, DeviceError):
            counts = None
        parts = await asyncio.gather(
            self._part("CardReader", card_reader_status),
            self._part("PinPad", pin_pad_status),
            self._part("Printer", printer_status),
            self._part("Camera", camera_status),
            self._part("CashAcceptor", lambda s: acceptor_status(s, counts) if counts is not None else LOST),
            self._part("CashDispenser", lambda s: dispenser_status(s, counts) if counts is not None else LOST),
        )
        reader, pad, printer, camera, acceptor, dispenser = parts
        return MachineStatus(reader, pad, acceptor, dispenser, printer, camera)
