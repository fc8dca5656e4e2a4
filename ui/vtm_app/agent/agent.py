"""Follows the case of the visit: the step that the server asks for has its task, and when it changes so does the task.

Nothing here decides about money or rights. A kiosk that was switched off and on fetches its open case and goes on.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from pydantic import BaseModel

from common.aio import TaskSet
from common.clock import Clock, IdSource
from common.errors import AppError, ServiceError, UserError
from common.wire.cases import CardMoved, CardState, CaseRow, CaseView, CustomerStep
from common.wire.signalling import CaseChanged, MachineOrdered, QueueChanged, Welcome
from devices.client.card import CardData
from devices.client.deposit import CashInSession
from devices.client.errors import ConnectionLost, DeviceError
from devices.client.journal import CashJournal
from devices.client.machine import DeviceEvent, Machine, MachineState
from ui.kit.client import ApiClient
from ui.kit.signalling_client import SignallingClient
from ui.vtm_app.agent import recovery, visit_steps
from ui.vtm_app.agent.glass import Glance
from ui.vtm_app.agent.goodbye import farewell, return_undeclared
from ui.vtm_app.agent.host import DocumentGuide, Eye, Host, Limits, Step, Wish
from ui.vtm_app.agent.orders import CASH_STEPS, Orders
from ui.vtm_app.agent.reporting import EVERY_S, Reporter, offered
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.agent.steps import CARD_MOVES, STEPS, TO_THE_END
from ui.vtm_app.agent.taps import Taps
from ui.vtm_app.agent.vendor import VendorWatch

log = logging.getLogger(__name__)
_S = CustomerStep

ConnectMachine = Callable[[Callable[[DeviceEvent], None]], Any]


class KioskAgent:
    """One kiosk's agent. Everything is called on the loop; the window goes through its bridge.

    Args:
        connect: connects the machine, given the event callback.
        on_screen: gets each new :class:`Screen`, on the loop.
        eye: takes a picture of the customer; None: the teller looks instead.
        guide: looks at documents before they are taken; None: they are taken as soon as they lie still.
    """

    def __init__(
        self,
        api: ApiClient,
        signalling: SignallingClient,
        connect: ConnectMachine,
        journal: CashJournal,
        clock: Clock,
        ids: IdSource,
        *,
        on_screen: Callable[[Screen], object],
        guide: DocumentGuide | None = None,
        eye: Eye | None = None,
        limits: Limits | None = None,
    ) -> None:
        self.api, self.journal, self.clock, self.limits = api, journal, clock, limits or Limits()
        self._ids, self._connect, self._on_screen, self.guide, self.eye = ids, connect, on_screen, guide, eye
        self._tasks = TaskSet("kiosk")
        self._screen = Screen()
        self._case: CaseView | None = None
        self._machine: Machine | None = None
        self._machine_away = False
        self._running: tuple[CustomerStep, asyncio.Task[None]] | None = None
        self._changed = asyncio.Event()
        self._report_now = asyncio.Event()
        self._last: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self._recovering = asyncio.Lock()
        self.card: CardData | None = None
        self.cash_in: CashInSession | None = None
        self.cash_key: str | None = None
        self.last_document: Glance | None = None
        self.chip_sent: str | None = None
        self.wishes: asyncio.Queue[Wish] = asyncio.Queue(8)
        self.notes_in = asyncio.Event()
        self.taps = Taps(self)
        self.orders = Orders(self)
        self.vendor = VendorWatch(
            lambda: self.machine, self.show, self._spawn, self._ready,
            lambda: self._case is None and not self._recovering.locked(),
        )  # fmt: skip
        self._reporter: Reporter | None = None
        signalling.on(CaseChanged, self._told, here=True)
        signalling.on(QueueChanged, self._told, here=True)
        signalling.on(Welcome, lambda _: self.look_again(), here=True)
        signalling.on(MachineOrdered, lambda _: self._look_for_orders(), here=True)

    # --- life --------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Connect the machine and go on with whatever visit is open. Returns at once; trying goes on by itself."""
        self._on_screen(self._screen)
        self._tasks.spawn(self._run(), name="kiosk agent")

    async def close(self) -> None:
        """Stop. A movement of cash under way is left to the journal."""
        await self._tasks.close()
        if self._machine is not None:
            await self._machine.close()
        self.journal.close()

    async def _run(self) -> None:
        self._machine = await self._connected()
        self._reporter = Reporter(self._machine)
        self._spawn(self._report(), "machine report")
        await self._ready()
        await self._look_for_case()

    async def _connected(self) -> Machine:
        while True:
            try:
                machine: Machine = await self._connect(self._device_said)
                return machine
            except ServiceError as error:
                log.warning("machine not found", extra={"code": error.code})
                await asyncio.sleep(self.limits.again_s)

    async def _ready(self) -> None:
        """The machine stands: its PIN pad gets this day's key. It may go away again meanwhile."""
        try:
            await visit_steps.load_pin_key(self)
        except AppError as error:
            log.warning("PIN key not loaded", extra={"code": error.code})
        self.show(machine_ready=not self._machine_away)

    def _spawn(self, coroutine: Any, name: str) -> None:
        with contextlib.suppress(RuntimeError):
            self._tasks.spawn(coroutine, name=name)

    @property
    def machine(self) -> Machine:
        """The connected machine."""
        if self._machine is None:
            raise ConnectionLost("Machine")
        return self._machine

    def _device_said(self, event: DeviceEvent) -> None:
        self._report_now.set()
        self.vendor.told(event)
        if event.name == "Machine.StateChanged":
            ready = event.payload.get("state") == MachineState.READY.value
            self._machine_away = not ready
            self.show(machine_ready=ready)
            if ready and self._machine is not None:
                self._spawn(self._ready(), "machine back")
        if event.name == "CashManagement.ItemsInsertedEvent" and self.at(_S.INSERT_CASH):
            self.notes_in.set()
            self.show(phase="counting", deadline=None)
        if event.name == "CardReader.MediaRemovedEvent":
            self._spawn(self._card_gone(), "card gone")

    async def _card_gone(self) -> None:
        """The card left the reader. If nobody had given it back, somebody pulled it out."""
        case = self._case
        inside = case is not None and case.card is not None and case.card.state is CardState.INSIDE
        if inside and case is not None and case.customer_step not in CARD_MOVES:
            self.card = None
            try:
                await self.send("card/state", CardMoved(state=CardState.PULLED))
            except AppError as error:
                log.warning("pulled card not reported", extra={"code": error.code})

    def _look_for_orders(self) -> None:
        if self._machine is not None:
            self._spawn(self.orders.look(), "orders")

    async def report(self) -> None:
        """Tell the server how the machine is right now."""
        assert self._reporter is not None, "the machine is connected"
        await self.api.command("PUT", "/machines/me/report", await self._reporter.report())

    async def _report(self) -> None:
        while True:
            self._report_now.clear()
            try:
                await self.vendor.keep_registered()
                await self.report()
                self.show(scenarios=await offered(self.api))
            except AppError as error:
                log.info("machine report not delivered", extra={"code": error.code})
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S):
                    await self._report_now.wait()
            await asyncio.sleep(0.3)

    # --- the case ----------------------------------------------------------------------------------------------

    @property
    def screen(self) -> Screen:
        """What is shown."""
        return self._screen

    @property
    def case(self) -> CaseView:
        if self._case is None:
            raise RuntimeError("no visit")
        return self._case

    @property
    def case_id(self) -> str | None:
        return self._case.id if self._case is not None else None

    def at(self, step: CustomerStep) -> bool:
        return self._case is not None and self._case.customer_step is step

    def show(self, **changes: Any) -> None:
        screen = replace(self._screen, **changes)
        if screen != self._screen:
            self._screen = screen
            self._on_screen(screen)

    def note_online(self, online: bool) -> None:
        """The window's connection to the server was lost or came back."""
        self.show(online=online)

    def _told(self, message: CaseChanged | QueueChanged) -> None:
        if self._case is not None and message.case_id == self._case.id:
            self._spawn(self._fetch(message.case_id), "fetch case")
        elif self._case is None and isinstance(message, CaseChanged):
            self.look_again()  # a teller began a case at this machine

    async def _fetch(self, case_id: str) -> None:
        try:
            self._take(await self.api.get(f"/cases/{case_id}", CaseView))
        except AppError as error:
            log.info("case not fetched", extra={"code": error.code})

    def look_again(self) -> None:
        """The server may know of a visit, or wait for an outcome, that this kiosk has not told it."""
        self._spawn(self._look_for_case(), "look for case")

    async def _look_for_case(self) -> None:
        """After a start or a lost line: the visit that is open here, if any, and outcomes not told yet."""
        if self._machine is None:
            return
        self._look_for_orders()
        async with self._recovering:
            try:
                if self._case is None:
                    await self._resume_visit()
                    await recovery.recover(self)
                else:
                    await self._fetch(self._case.id)
                    await self._tell_untold()
            except AppError as error:
                log.info("open visit not looked for", extra={"code": error.code})
        await self.vendor.agree()
        if self._case is not None:
            self._follow()

    async def _resume_visit(self) -> None:
        rows = [CaseRow.model_validate(row) for row in await self.api.get_json("/cases", mine=True)]
        if rows and self._case is None:
            self.adopt(await self.api.get(f"/cases/{rows[0].id}", CaseView))

    async def _tell_untold(self) -> None:
        """The line was lost before an outcome could be told, and its step is over."""
        if self._running is None or self._running[1].done():
            await recovery.recover(self)

    async def send(self, suffix: str, body: BaseModel | None = None, *, case_id: str | None = None) -> CaseView:
        case = await self.api.post(f"/cases/{case_id or self.case.id}/{suffix}", body, CaseView)
        self._take(case)
        return case

    async def upload(self, kind: str, picture: bytes) -> CaseView:
        media_type = "image/png" if picture.startswith(b"\x89PNG") else "image/jpeg"
        case = await self.api.upload(f"/cases/{self.case.id}/evidence?kind={kind}", picture, media_type, CaseView)
        self._take(case)
        return case

    def adopt(self, case: CaseView) -> None:
        """A visit begins, or is taken up again after a restart."""
        if self._case is None:
            if self.guide is not None:
                self._spawn(self.guide.wake(), "guide")
            self._now(case, None)

    def _take(self, case: CaseView) -> None:
        """The case of this visit as it is now; another one, or an older state, changes nothing."""
        if self._case is not None and case.id == self._case.id and case.version >= self._case.version:
            self._now(case, self._case.customer_step)

    def _now(self, case: CaseView, before: CustomerStep | None) -> None:
        self._case = case
        if case.customer_step is not before:
            self.show(case=case, step=case.customer_step, phase="", digits=0, deadline=None, problem=None, look=None)
        else:
            self.show(case=case, step=case.customer_step)
        self._follow()

    def _follow(self) -> None:
        """Let the task of the present step run, and no other."""
        step = self.case.customer_step
        if self._recovering.locked():
            return
        if self._running is not None:
            running, task = self._running
            if running is step and not task.done():
                return
            if not task.done():
                if running in TO_THE_END:
                    if running is _S.INSERT_CASH:
                        with contextlib.suppress(asyncio.QueueFull):
                            self.wishes.put_nowait(Wish.BACK)
                    return
                task.cancel()
        if step is _S.GOODBYE:
            if self._ending is None or self._ending.done():
                self._ending = self._tasks.spawn(self._say_goodbye(self._last), name="goodbye")
            return
        handler = STEPS.get(step)
        if handler is None:
            self._running = None
            return
        self._last = self._tasks.spawn(self._perform(step, handler, self._last), name=f"step {step.value}")
        self._running = (step, self._last)

    async def _perform(self, step: CustomerStep, handler: Step, before: "asyncio.Task[None] | None") -> None:
        """Run a step until it is done; trouble on the way is shown and tried again while the case asks for it."""
        if before is not None:
            await asyncio.wait({before})
        if not self.at(step):  # while it waited for its turn the case went on
            self._performed()
            return
        if self.cash_in is not None and step not in (_S.INSERT_CASH, _S.STORE_CASH, _S.RETURN_CASH):
            await return_undeclared(self)
        host: Host = self
        while True:
            try:
                if step in CASH_STEPS:
                    await self.orders.way_settled()
                await handler(host)
            except UserError as error:
                self.show(problem=error)
                log.info("step refused", extra={"step": step.value, "code": error.code})
            except (DeviceError, ConnectionLost) as error:
                self.show(problem=error)
                await self.machine.wait_ready(self.limits.machine_back_s)
            except ServiceError as error:
                self.show(problem=error)
                log.warning("step failed", extra={"step": step.value, "code": error.code})
            if not self.at(step):
                break
            await asyncio.sleep(self.limits.again_s)
        self._performed()

    def _performed(self) -> None:
        """A task that must not be cut off may have outlived its step: the next one starts from here. Where a task's own
        word to the server moved the case on, the next one already waits for it to end, and is not begun twice."""
        if self._running is not None and self._running[1] is asyncio.current_task():
            self._running = None
            if self._case is not None:
                self._follow()

    async def _say_goodbye(self, before: "asyncio.Task[None] | None") -> None:
        """Back to rest: whatever is still inside is given back first."""
        if before is not None:
            await asyncio.wait({before})
        await farewell(self)
        self._case, self._running = None, None
        self.card = None
        now = self._screen
        self._screen = now.rested()
        self._on_screen(self._screen)
        self.look_again()  # the next business of the same visit may have begun meanwhile
