"""Orders of staff from afar, carried out by the kiosk: one after the other, each with its outcome to the server.

The server has asked its rules; here the machine itself is asked once more, at the very moment. What the machine's
counters and sensors say is the outcome, never a guess: where they cannot be read, the outcome is unknown.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from common.errors import AppError, ServiceError, UserError
from common.wire.base import Params
from common.wire.cases import CardMoved, CardState, CaseView, CustomerStep
from common.wire.machine import OrderAction, OrderOutcome, OrderView, OwnMachine
from devices.client.counts import Counts, difference
from devices.client.errors import CashOutcomeUnknown, ConnectionLost
from devices.client.journal import CashJournal
from devices.client.link import Link
from devices.client.machine import Machine
from devices.client.paper import Lamp
from devices.client.picture import Viewer
from ui.kit.client import ApiClient
from ui.vtm_app.agent.guide import lamps_for
from ui.vtm_app.agent.host import Limits
from ui.vtm_app.agent.screen import Screen

log = logging.getLogger(__name__)
_S = CustomerStep
LIGHT_S = 4.0
TRIES = 20
_CARD_STEPS = frozenset({_S.INSERT_CARD, _S.TAKE_CARD, _S.RETAIN_CARD, _S.GOODBYE})
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


Outcome = tuple[str, str, Params]
"""State, code, parameters."""


class Orders:
    """Fetches what is to be done and does it. Lives on the loop."""

    def __init__(self, host: Ordered) -> None:
        self._host = host
        self._lock = asyncio.Lock()
        self._mine: set[str] = set()
        self._acts: Mapping[OrderAction, Callable[[str], Awaitable[Outcome]]] = {
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
                own = await self._host.api.get("/machines/me", OwnMachine)
                self._host.show(in_service=own.in_service)
                for order in own.orders:
                    await self._carry_out(order)
            except AppError as error:
                log.info("orders not looked at", extra={"code": error.code})

    async def _carry_out(self, order: OrderView) -> None:
        if order.state == "begun" and order.id not in self._mine:
            await self._tell(order.id, ("unknown", "order.kiosk_restarted", {}))
            return
        await self._host.report()
        begun = await self._host.api.post(f"/machines/me/orders/{order.id}/begin", None, OrderView)
        if begun.state != "begun":
            return
        self._mine.add(order.id)
        log.info("order begun", extra={"action": order.action.value, "order": order.id, "by": order.by})
        outcome = await self._outcome(order)
        log.info("order ended", extra={"order": order.id, "state": outcome[0], "code": outcome[1]})
        await self._host.report()
        await self._tell(order.id, outcome)

    async def _outcome(self, order: OrderView) -> Outcome:
        try:
            return await self._acts[order.action](order.target)
        except Refused as refused:
            return "refused", refused.code, {}
        except CashOutcomeUnknown as error:
            return "unknown", error.code, {}
        except ConnectionLost as error:
            return "unknown", error.code, {}
        except AppError as error:
            return "failed", error.code, {}

    async def _tell(self, order_id: str, outcome: Outcome) -> None:
        """The outcome to the server, as often as it takes while the line is down."""
        state, code, params = outcome
        body = OrderOutcome(state=state, code=code, params=params)
        for _ in range(TRIES):
            try:
                await self._host.api.post(f"/machines/me/orders/{order_id}/outcome", body, OrderView)
            except UserError as error:
                log.warning("outcome not taken", extra={"order": order_id, "code": error.code})
                return
            except ServiceError as error:
                log.info("outcome not told yet", extra={"order": order_id, "code": error.code})
                await asyncio.sleep(self._host.limits.again_s)
            else:
                return

    def _step(self) -> CustomerStep | None:
        return self._host.case.customer_step if self._host.case_id is not None else None

    # --- the card ------------------------------------------------------------------------------------------------

    async def _return_card(self, _: str) -> Outcome:
        if self._step() is None:
            raise Refused("order.nobody_there")
        await self._free_card()
        await self._host.machine.card.eject()
        return await self._given_back()

    async def _given_back(self) -> Outcome:
        """A card at the mouth is taken, or kept: it is never left sticking out."""
        card = self._host.machine.card
        if await card.wait_taken(timeout_s=self._host.limits.take_card_s):
            return "done", "order.card_taken", {}
        await self._keep()
        return "done", "order.card_not_taken_kept", {}

    async def _retain_card(self, _: str) -> Outcome:
        await self._free_card()
        await self._keep()
        return "done", "order.card_kept", {}

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

    async def _retract_notes(self, _: str) -> Outcome:
        """The step that waits for the customer is told that the wait is over: it pulls back, journals and books."""
        machine = self._host.machine
        if self._step() not in (_S.TAKE_CASH, _S.RETURN_CASH):
            raise Refused("order.notes_not_waited_for")
        picture = await Viewer(machine).take(whole=False)
        if picture.at("notes.output") != "present":
            raise Refused("order.no_notes")
        before = await machine.counts()
        if not await machine.end_wait_for_notes(self._host.limits.machine_back_s):
            return "failed", "order.still_stuck", {}
        pulled = sum(difference((await machine.counts()).retracted, before.retracted).values())
        return "done", "order.notes_pulled_back" if pulled else "order.notes_were_taken", {}

    # --- devices -------------------------------------------------------------------------------------------------

    async def _reset(self, device: str) -> Outcome:
        if device == "cash":
            return await self._reset_cash()
        if device == "card_reader":
            return await self._reset_reader()
        role, command, payload = _RESETS[device]
        await Link(self._host.machine, role).command(command, payload, timeout_s=30)
        return "done", "order.reset_done", {}

    async def _reset_reader(self) -> Outcome:
        """A stuck card comes out to a customer who is there, and is kept when nobody is."""
        card = self._host.machine.card
        media = await card.media()
        if media in ("present", "entering"):
            raise Refused("order.card_inside")
        there = self._step() is not None
        await card.reset(keep=not there)
        if media != "jammed":
            return "done", "order.reset_done", {}
        return await self._given_back() if there else ("done", "order.card_kept", {})

    async def _reset_cash(self) -> Outcome:
        machine = self._host.machine
        if self._host.journal.unsettled() or self._step() in (_S.INSERT_CASH, _S.STORE_CASH):
            raise Refused("order.cash_moves")
        picture = await Viewer(machine).take(whole=False)
        if "present" in (picture.at("notes.output"), picture.at("notes.input"), picture.at("notes.escrow")):
            raise Refused("order.notes_outside")
        before = await machine.counts()
        if not await machine.reset_cash():
            return "failed", "order.still_stuck", {}
        swept = _inside(await machine.counts()) - _inside(before)
        return ("done", "order.reset_moved", {"notes": swept}) if swept > 0 else ("done", "order.reset_done", {})

    async def _restart(self, service: str) -> Outcome:
        await self._host.machine.reconnect(service)
        return "done", "order.reconnected", {}

    async def _light(self, light: str) -> Outcome:
        lights = self._host.machine.lights
        await lights.set({light: Lamp("quick")})
        await asyncio.sleep(LIGHT_S)
        await lights.set({light: lamps_for(self._host.screen)[light]})
        return "done", "order.light_shown", {}


def _inside(counts: Counts) -> int:
    return sum(counts.content.values())
