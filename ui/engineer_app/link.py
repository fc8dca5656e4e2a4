"""The machine on the bridge's loop, seen from the window: looked at once a second, with its new messages."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from common.aio import cancel_and_wait
from common.errors import AppError, ServiceError
from devices.client.counts import Counts
from devices.client.exchange import CashExchange
from devices.client.probe import Heard, Probe, ServiceLook, TrialOffer, TrialResult
from devices.hands.client import Hands, HandsView
from ui.engineer_app.trace import OwnMessages
from ui.kit.bridge import AsyncBridge
from ui.kit.local_machine import Simulator

log = logging.getLogger(__name__)
EVERY_S = 1.0
_VENDOR = "vendorMode.service"
T = TypeVar("T")


@dataclass(frozen=True)
class MachineLook:
    """The machine at one moment; ``view`` only of a simulated one. ``messages`` are the new ones: the simulated
    machine's with everybody, and this window's own with services that keep no record for it."""

    services: tuple[ServiceLook, ...] = ()
    counts: Counts | None = None
    view: HandsView | None = None
    messages: tuple[dict[str, Any], ...] = ()
    tests: tuple[TrialOffer, ...] = ()

    @property
    def vendor_mode(self) -> str:
        """The standard's word for it; empty: the machine knows no such mode."""
        return next((one.status[_VENDOR] for one in self.services if _VENDOR in one.status), "")


@dataclass
class _Open:
    probe: Probe
    hands: Hands | None
    serial: int = 0


class MachineLink(QObject):
    """Lives on the GUI thread.

    Args:
        find: the simulated machine that runs here, if one does.
        probe: connections to it, or to whatever machine the settings name; see `ui.kit.local_machine.probe_machine`.

    Signals:
        looked(object): a `MachineLook`, or None while the machine does not answer; its messages are the new ones.
    """

    looked = Signal(object)

    def __init__(
        self,
        bridge: AsyncBridge,
        find: Callable[[], Simulator | None],
        probe: Callable[[Simulator | None, Heard], Probe],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._find, self._probe = bridge, find, probe
        self._own = OwnMessages()
        self._open: _Open | None = None
        self._task: asyncio.Task[None] | None = None
        bridge.call_soon(self._begin)
        bridge.on_close(self._close)

    # --- on the loop -------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._run(), name="engineer link")

    async def _run(self) -> None:
        while True:
            try:
                await self._follow()
            except AppError as error:
                log.info("machine not looked at", extra={"code": error.code})
            self._bridge.emit_to_gui(lambda: self.looked.emit(None), self)
            await asyncio.sleep(EVERY_S)

    async def _follow(self) -> None:
        simulator = self._find()
        self._own.whole = simulator is None
        probe = self._probe(simulator, self._own.heard)
        hands: Hands | None = None
        try:
            await probe.open()
            if simulator is not None:
                hands = await Hands.connect(simulator.host, simulator.hands_port, simulator.hands_token)
            self._open = _Open(probe, hands)
            while not probe.lost and self._find() == simulator:
                look = await self._look(self._open)
                self._bridge.emit_to_gui(lambda look=look: self.looked.emit(look), self)  # type: ignore[misc]
                await asyncio.sleep(EVERY_S)
        finally:
            self._open = None
            await probe.close()
            if hands is not None:
                await hands.close()

    async def _look(self, now: _Open) -> MachineLook:
        services = tuple(await now.probe.looks())
        counts = await now.probe.cash_counts()
        view: HandsView | None = None
        messages: tuple[dict[str, Any], ...] = ()
        if now.hands is not None:
            view = await now.hands.get_view()
            messages = tuple(await now.hands.trace(now.serial))
            now.serial = messages[-1]["number"] if messages else now.serial
        messages += self._own.take()
        return MachineLook(services, counts, view, messages, tuple(now.probe.tests()))

    async def _close(self) -> None:
        if self._task is not None:
            await cancel_and_wait(self._task)

    # --- from the GUI thread -------------------------------------------------------------------------------------

    def _submit(
        self, work: Callable[[_Open], Coroutine[Any, Any, T]], on_ok: Callable[[T], object] | None,
        on_error: Callable[[AppError], object],
    ) -> None:  # fmt: skip
        async def run() -> T:
            if self._open is None:
                raise ServiceError("device.unreachable")
            return await work(self._open)

        self._bridge.submit(run, on_ok, on_error, self)

    def inject(
        self, fault: str, when: object, params: Mapping[str, object], on_error: Callable[[AppError], object]
    ) -> None:
        """Put a fault on the board of a simulated machine; see `devices.hands.client.FaultBoard.inject`."""
        self._submit(lambda now: _hands(now).faults.inject(fault, when, **params), None, on_error)

    def vendor_mode(self, enter: bool, on_error: Callable[[AppError], object]) -> None:
        """Ask for the machine for the engineer alone, or give it back; who uses it has to agree."""
        way = "EnterModeRequest" if enter else "ExitModeRequest"
        self._submit(lambda now: now.probe.command("VendorMode", f"VendorMode.{way}"), None, on_error)

    def clear_faults(self, on_error: Callable[[AppError], object]) -> None:
        """Take every fault off."""
        self._submit(lambda now: _hands(now).faults.clear(), None, on_error)

    def test(
        self, name: str, on_ok: Callable[[TrialResult], object], on_error: Callable[[AppError], object]
    ) -> None:  # fmt: skip
        """Carry out one test."""
        self._submit(lambda now: now.probe.test(name), on_ok, on_error)

    def exchange(
        self, work: Callable[[CashExchange, Hands | None], Coroutine[Any, Any, T]], on_ok: Callable[[T], object],
        on_error: Callable[[AppError], object],
    ) -> None:  # fmt: skip
        """Work at the open safe."""
        self._submit(lambda now: work(CashExchange(now.probe), now.hands), on_ok, on_error)


def _hands(now: _Open) -> Hands:
    if now.hands is None:
        raise ServiceError("hands.unreachable")
    return now.hands
