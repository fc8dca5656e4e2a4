"""Orders of staff from afar, carried out by the kiosk: one after the other, each with its outcome to the server.

The server has asked its rules; here the machine itself is asked once more, at the very moment. What the machine's
counters and sensors say is the outcome, never a guess: where they cannot be read, the outcome is unknown.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from common.clock import Clock
from common.errors import AppError, ServiceError, UserError
from common.wire.cases import CardMoved, CardState, CaseView, CustomerStep
from common.wire.machine import OrderAction, OrderOutcome, OrderView, OwnMachine
from devices.client.counts import difference
from devices.client.errors import CashOutcomeUnknown, ConnectionLost
from devices.client.journal import CashJournal, Movement
from devices.client.link import Link
from devices.client.machine import Machine
from devices.client.paper import Lamp
from devices.client.picture import Viewer
from ui.kit.client import ApiClient
from ui.vtm_app.agent import sweeping
from ui.vtm_app.agent.guide import lamps_for
from ui.vtm_app.agent.host import Limits
from ui.vtm_app.agent.journaling import written
from ui.vtm_app.agent.screen import Screen

log = logging.getLogger(__name__)
_S = CustomerStep
LIGHT_S = 4.0
TRIES = 20
_CARD_STEPS = frozenset({_S.INSERT_CARD, _S.TAKE_CARD, _S.RETAIN_CARD, _S.GOODBYE})
CASH_STEPS = frozenset({_S.INSERT_CASH, _S.STORE_CASH, _S.TAKE_CASH, _S.RETURN_CASH})
_RESETS: Mapping[str, tuple[str, str, dict[str, Any]]] = {
    "receipt": ("Printer", "Printer.Reset", {"mediaControl": "eject"}),
    "page_printer": ("PagePrinter", "Printer.Reset", {"mediaControl": "eject"}),
    "certificate_printer": ("CertificatePrinter", "Printer.Reset", {"mediaControl": "eject"}),
    "card_dispenser": ("CardDispenser", "CardReader.Reset", {"to": "retain"}),
    "token_dispenser": ("TokenDispenser", "CardReader.Reset", {"to": "retain"}),
}
"""Devices beside card reader and cash: role, command, payload."""


class Ordered(Protocol):
    """The agent, as orders see it."""

    api: ApiClient
    journal: CashJournal
    clock: Clock
    limits: Limits

    @property
    def machine(self) -> Machine: ...

    @property
    def screen(self) -> Screen: ...

    @property
    def case(self) -> CaseView: ...

    @property
    def case_id(self) -> str | None: ...

    def show(self, **changes: Any) -> None: ...

    async def send(self, suffix: str, body: Any = None, *, case_id: str | None = None) -> CaseView: ...

    async def report(self) -> None:
        """Tell the server how the machine is right now."""


class Refused(Exception):
    """The machine itself says that this would lose money or a card, or cannot be."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Orders:
    """Fetches what is to be done and does it. Lives on the loop."""

    def __init__(self, host: Ordered) -> None:
        self._host = host
        self._lock = asyncio.Lock()
        self._way = asyncio.Lock()
        """Held while notes may move by order: no customer's notes do then."""
        self._mine: set[str] = set()
        self._acts: Mapping[OrderAction, Callable[[OrderView], Awaitable[OrderOutcome]]] = {
            OrderAction.RETURN_CARD: self._return_card,
            OrderAction.RETAIN_CARD: self._retain_card,
            OrderAction.RETRACT_NOTES: self._retract_notes,
            OrderAction.RESET_DEVICE: self._reset,
            OrderAction.RESTART_SERVICE: self._restart,
            OrderAction.LIGHT: self._light,
        }

    async def look(self) -> None:
        """Ask the server whether there is something to do, and whether this machine serves."""
        async with self._lock:
            try:
                await self._tell_resets()
                own = await self._host.api.get("/machines/me", OwnMachine)
                self._host.show(in_service=own.in_service)
                for order in own.orders:
                    await self._carry_out(order)
            except AppError as error:
                log.info("orders not looked at", extra={"code": error.code})

    async def _carry_out(self, order: OrderView) -> None:
        if order.state == "begun" and order.id not in self._mine:
            if self._host.journal.find(sweeping.key_of(order.id)) is None:
                await self._tell(order.id, _ended("unknown", "order.kiosk_restarted"))
            return  # else the journal tells it once it knows
        await self._host.report()
        begun = await self._host.api.post(f"/machines/me/orders/{order.id}/begin", None, OrderView)
        if begun.state != "begun":
            return
        self._mine.add(order.id)
        log.info("order begun", extra={"action": order.action.value, "order": order.id, "by": order.by})
        outcome = await self._outcome(order)
        log.info("order ended", extra={"order": order.id, "state": outcome.state, "code": outcome.code})
        await self._host.report()
        movement = self._host.journal.find(sweeping.key_of(order.id))
        if movement is not None and movement.outcome is not None:
            await self._tell_reset(movement)
        else:
            await self._tell(order.id, outcome)

    async def _outcome(self, order: OrderView) -> OrderOutcome:
        try:
            return await self._acts[order.action](order)
        except Refused as refused:
            return _ended("refused", refused.code)
        except CashOutcomeUnknown as error:
            return _ended("unknown", error.code)
        except ConnectionLost as error:
            return _ended("unknown", error.code)
        except AppError as error:
            return _ended("failed", error.code)

    async def _tell(self, order_id: str, body: OrderOutcome) -> bool:
        """The outcome to the server, as often as it takes while the line is down; whether it will not be said again."""
        for _ in range(TRIES):
            try:
                await self._host.api.post(f"/machines/me/orders/{order_id}/outcome", body, OrderView)
            except UserError as error:
                log.warning("outcome not taken", extra={"order": order_id, "code": error.code})
                return True
            except ServiceError as error:
                log.info("outcome not told yet", extra={"order": order_id, "code": error.code})
                await asyncio.sleep(self._host.limits.again_s)
            else:
                return True
        return False

    def _step(self) -> CustomerStep | None:
        return self._host.case.customer_step if self._host.case_id is not None else None

    # --- the card ------------------------------------------------------------------------------------------------

    async def _return_card(self, _: OrderView) -> OrderOutcome:
        if self._step() is None:
            raise Refused("order.nobody_there")
        await self._free_card()
        await self._host.machine.card.eject()
        return await self._given_back()

    async def _given_back(self) -> OrderOutcome:
        """A card at the mouth is taken, or kept: it is never left sticking out."""
        card = self._host.machine.card
        if await card.wait_taken(timeout_s=self._host.limits.take_card_s):
            return _ended("done", "order.card_taken")
        await self._keep()
        return _ended("done", "order.card_not_taken_kept")

    async def _retain_card(self, _: OrderView) -> OrderOutcome:
        await self._free_card()
        await self._keep()
        return _ended("done", "order.card_kept")

    async def _free_card(self) -> None:
        """Whether there is a card that nothing else moves just now."""
        if self._step() in _CARD_STEPS:
            raise Refused("order.step_moves_card")
        if await self._host.machine.card.media() not in ("present", "entering", "jammed"):
            raise Refused("order.no_card")

    async def _keep(self) -> None:
        await self._host.machine.card.retain()
        if self._host.case_id is None:
            return
        card = self._host.case.card
        if card is not None and card.state in (CardState.INSIDE, CardState.RETURNED):
            await self._host.send("card/state", CardMoved(state=CardState.RETAINED))

    # --- notes ---------------------------------------------------------------------------------------------------

    async def _retract_notes(self, _: OrderView) -> OrderOutcome:
        """The step that waits for the customer is told that the wait is over: it pulls back, journals and books."""
        machine = self._host.machine
        if self._step() not in (_S.TAKE_CASH, _S.RETURN_CASH):
            raise Refused("order.notes_not_waited_for")
        picture = await Viewer(machine).take(whole=False)
        if picture.at("notes.output") != "present":
            raise Refused("order.no_notes")
        before = await machine.counts()
        if not await machine.end_wait_for_notes(self._host.limits.machine_back_s):
            return _ended("failed", "order.still_stuck")
        pulled = sum(difference((await machine.counts()).retracted, before.retracted).values())
        return _ended("done", "order.notes_pulled_back" if pulled else "order.notes_were_taken")

    async def way_settled(self) -> None:
        """Wait until no note moves by order any more, and what did is written down: a customer's notes may move next.

        Raises:
            CashOutcomeUnknown: the machine does not say what an earlier order moved.
        """
        async with self._way:
            await self._settle_resets()

    async def _settle_resets(self) -> None:
        for movement in self._host.journal.resets():
            if movement.outcome is None:
                await sweeping.find_out(self._host, movement)

    async def _tell_resets(self) -> None:
        """What the server does not know the end of: the kiosk was switched off, or the line was down for long."""
        try:
            await self.way_settled()
        except CashOutcomeUnknown as error:
            log.info("sweep not explained yet", extra={"code": error.code})
        for movement in self._host.journal.resets():
            if movement.outcome is not None:
                await self._tell_reset(movement)

    async def _tell_reset(self, movement: Movement) -> None:
        """First what no book knows, so that it is in suspense when staff read of it."""
        taken = await sweeping.tell_kept(self._host, movement)
        if await self._tell(str(movement.detail["order"]), sweeping.told_as(movement)) and taken:
            await written(self._host.journal.tell, movement.key)

    # --- devices -------------------------------------------------------------------------------------------------

    async def _reset(self, order: OrderView) -> OrderOutcome:
        device = order.target
        if device == "cash":
            return await self._reset_cash(order.id)
        if device == "card_reader":
            return await self._reset_reader()
        role, command, payload = _RESETS[device]
        await Link(self._host.machine, role).command(command, payload, timeout_s=30)
        return _ended("done", "order.reset_done")

    async def _reset_reader(self) -> OrderOutcome:
        """A stuck card comes out to a customer who is there, and is kept when nobody is."""
        card = self._host.machine.card
        media = await card.media()
        if media in ("present", "entering"):
            raise Refused("order.card_inside")
        there = self._step() is not None
        await card.reset(keep=not there)
        if media != "jammed":
            return _ended("done", "order.reset_done")
        return await self._given_back() if there else _ended("done", "order.card_kept")

    async def _reset_cash(self, order_id: str) -> OrderOutcome:
        """No customer's notes begin to move while the way is cleared: each step with cash waits for its end."""
        async with self._way:
            await self._settle_resets()
            if self._host.journal.unsettled() or self._step() in CASH_STEPS:
                raise Refused("order.cash_moves")
            picture = await Viewer(self._host.machine).take(whole=False)
            if "present" in (picture.at("notes.output"), picture.at("notes.input"), picture.at("notes.escrow")):
                raise Refused("order.notes_outside")
            return sweeping.told_as(await sweeping.sweep(self._host, order_id))

    async def _restart(self, order: OrderView) -> OrderOutcome:
        await self._host.machine.reconnect(order.target)
        return _ended("done", "order.reconnected")

    async def _light(self, order: OrderView) -> OrderOutcome:
        light, lights = order.target, self._host.machine.lights
        await lights.set({light: Lamp("quick")})
        await asyncio.sleep(LIGHT_S)
        await lights.set({light: lamps_for(self._host.screen)[light]})
        return _ended("done", "order.light_shown")


def _ended(state: str, code: str) -> OrderOutcome:
    return OrderOutcome(state=state, code=code)
