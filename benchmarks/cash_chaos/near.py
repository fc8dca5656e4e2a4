"""The whole counter in one process: each part can lose its power at a seam and is switched on again a moment later."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from benchmarks.cash_chaos.bank import Bank, NearServer
from benchmarks.cash_chaos.books import Look, counters_of, journal_of, ledger_of, notes_of
from benchmarks.cash_chaos.seams import Part, PowerCut, Seams
from benchmarks.cash_chaos.wire import DOORS, RECYCLER, NearMachine
from benchmarks.people.counter import Counter
from common.clock import Clock, SystemIds
from devices.client.counts import Counts
from devices.client.journal import CashJournal, Movement, MovementKind
from devices.client.machine import DeviceEvent
from devices.sim.main import Folders, Vtm
from devices.sim.motor import VirtualMotor
from devices.sim.service import Service
from devices.sim.store import Store
from ui.vtm_app.agent.agent import KioskAgent
from ui.vtm_app.agent.host import Limits
from ui.vtm_app.agent.screen import Screen

log = logging.getLogger(__name__)
HURRY = Limits(
    take_card_s=0.5, take_cash_s=0.06, take_paper_s=0.05, insert_s=0.12, look_s=0.001, machine_back_s=0.012,
    goodbye_s=0.0, again_s=0.004,
)  # fmt: skip
"""A customer's minute is over in a twentieth of a second."""


class SeamJournal(CashJournal):
    """The kiosk's journal, whose writer can lose its power before and after each line."""

    def __init__(self, file: Path, seams: Seams, clock: Clock) -> None:
        super().__init__(file, clock, SystemIds())
        self._seams = seams

    def _seam(self, name: str, write: Callable[[], Movement]) -> Movement:
        self._seams.at(f"journal {name}", Part.KIOSK)
        done = write()
        self._seams.at(f"journal {name} written", Part.KIOSK)
        return done

    def intend(self, key: str, kind: MovementKind, detail: dict[str, Any], counts_before: Counts) -> Movement:
        return self._seam("intent", lambda: super(SeamJournal, self).intend(key, kind, detail, counts_before))

    def settle(self, key: str, state: str, detail: dict[str, Any], counts_after: Counts) -> Movement:
        return self._seam("outcome", lambda: super(SeamJournal, self).settle(key, state, detail, counts_after))

    def tell(self, key: str, about: str = "") -> Movement:
        return self._seam("told", lambda: super(SeamJournal, self).tell(key, about))


class SeamStore(Store):
    """The machine's disk, whose writer can lose its power before and after each step of the mechanics."""

    def __init__(self, file: Path, seams: Seams) -> None:
        super().__init__(file)
        self._seams = seams

    def write(self, documents: Any) -> None:
        self._seams.at("step of the mechanics", Part.MACHINE)
        super().write(documents)
        self._seams.at("step written down", Part.MACHINE)


class NearCounter:
    """Kiosk, machine and server of one episode."""

    def __init__(self, folder: Path, dice: random.Random) -> None:
        self.folder, self.dice = folder, dice
        self._loop = asyncio.get_running_loop()
        self.seams = Seams(self._fall)
        self.counter = Counter(folder / "bank")
        self.bank = Bank(self.counter, self.seams, dice)
        self.screen = Screen()
        self.refused = ""
        """What the teller's last command was refused with, for whoever looks into a visit that is stuck."""
        self.vtm: Vtm | None = None
        self.machine: NearMachine | None = None
        self.agent: KioskAgent | None = None
        self.engineer: NearMachine | None = None
        """The engineer's own connection to the machine, while the window stands."""
        self._mending: set[asyncio.Task[None]] = set()
        self._broken: list[BaseException] = []
        self._lives = 0
        """How often the kiosk was switched on."""

    @property
    def machine_file(self) -> Path:
        return Folders(self.folder, "K-02").state

    @property
    def journal_file(self) -> Path:
        return self.folder / "kiosk.sqlite3"

    # --- power ---------------------------------------------------------------------------------------------------

    async def open(self) -> None:
        """Switch everything on."""
        self._switch_on_machine()
        await self._switch_on_kiosk()

    async def close(self) -> None:
        """Switch everything off."""
        while self._mending:
            await asyncio.wait(set(self._mending))
        await self._switch_off_kiosk()
        await self._switch_off_machine()
        self.counter.close()

    async def whole(self) -> None:
        """Wait until every part has its power, also one that lost it a moment ago and has not fallen yet.

        Raises:
            RuntimeError: a part could not be switched on again.
        """
        while self._mending or self.seams.dead:
            if self._broken:
                raise RuntimeError("a part does not come back") from self._broken[0]
            if self._mending:
                await asyncio.wait(set(self._mending))
            else:
                await asyncio.sleep(0)

    def _fall(self, part: Part) -> None:
        """The power of a part is gone; somebody switches it on again soon. May be called in any thread."""
        self._loop.call_soon_threadsafe(self._fallen, part)

    def _fallen(self, part: Part) -> None:
        if part in (Part.MACHINE, Part.CABLE, Part.KIOSK) and self.machine is not None:
            self.machine.unplug()
        if part in (Part.MACHINE, Part.CABLE, Part.ENGINEER) and self.engineer is not None:
            self.engineer.unplug()
        task = self._loop.create_task(self._mend(part), name=f"mend {part.value}")
        self._mending.add(task)
        task.add_done_callback(self._mended)

    def _mended(self, task: "asyncio.Task[None]") -> None:
        self._mending.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            self._broken.append(error)

    async def _mend(self, part: Part) -> None:
        if part is Part.KIOSK:
            await self._switch_off_kiosk()
        elif part is Part.MACHINE:
            await self._switch_off_machine()
        await asyncio.sleep(self.dice.random() * 0.02)
        self.seams.dead.discard(part)
        if part is Part.KIOSK:
            await self._switch_on_kiosk()
        elif part is Part.MACHINE:
            self._switch_on_machine()
        elif part is Part.CABLE:
            self._plug_in()
        elif part is Part.NETWORK:
            self.bank.welcome()
        elif part is Part.SERVER:
            with contextlib.suppress(PowerCut):
                self.bank.come_back()

    # --- machine -------------------------------------------------------------------------------------------------

    def _service(self, name: str) -> Service | None:
        """One of the machine's services, while it has power."""
        if self.vtm is None or Part.MACHINE in self.seams.dead:
            return None
        return next(service for service in self.vtm.services if service.name == name)

    def _switch_on_machine(self) -> None:
        try:
            folders = Folders(self.folder, "K-02")
            self.vtm = Vtm(folders, motor=VirtualMotor(), store=SeamStore(folders.state, self.seams))
        except PowerCut:
            return
        for service in self.vtm.services:
            service.start()
        self._plug_in()

    def _plug_in(self) -> None:
        for machine in (self.machine, self.engineer):
            if machine is not None:
                machine.connect()

    async def _switch_off_machine(self) -> None:
        vtm, self.vtm = self.vtm, None
        if vtm is not None:
            await vtm.close()

    # --- kiosk ---------------------------------------------------------------------------------------------------

    async def _switch_on_kiosk(self) -> None:
        self.bank.line.handlers.clear()
        self._lives += 1
        # The server's time stands still: what a kiosk read earlier by the world's would seem older than it is.
        clock = self.bank.counter.clock
        life, journal = self._lives, SeamJournal(self.journal_file, self.seams, clock)

        def stands() -> bool:
            return life == self._lives and Part.KIOSK not in self.seams.dead

        self.agent = KioskAgent(
            cast(Any, NearServer(self.bank, stands)), cast(Any, self.bank.line), self._connect, journal, clock,
            SystemIds(), on_screen=lambda screen: self._shown(screen, stands), limits=HURRY,
        )  # fmt: skip
        await self.agent.start()

    async def _connect(self, told: Callable[[DeviceEvent], None]) -> NearMachine:
        self.machine = NearMachine(self.seams, told, self._service)
        self.machine.connect()
        return self.machine

    def engineers_machine(self) -> NearMachine:
        """The engineer's window connects; whoever asked closes it."""
        self.engineer = NearMachine(self.seams, lambda _event: None, self._service, Part.ENGINEER, (RECYCLER, DOORS))
        self.engineer.connect()
        return self.engineer

    def _shown(self, screen: Screen, stands: Callable[[], bool]) -> None:
        """A tap that waited for its answer when the power went speaks to nobody any more."""
        if stands():
            self.screen = screen

    async def _switch_off_kiosk(self) -> None:
        agent, self.agent = self.agent, None
        machine, self.machine = self.machine, None
        if agent is not None:
            await agent.close()
        if machine is not None:
            await machine.close()

    # --- the witnesses -------------------------------------------------------------------------------------------

    def look(self) -> Look:
        """Everybody's word at a quiet moment."""
        with self.counter.database.read() as unit:
            ledger = ledger_of(unit)
        return Look(notes_of(self.machine_file), counters_of(self.machine_file), journal_of(self.journal_file), ledger)
