"""The way of the notes cleared by order from afar: journaled before, explained by the counters after.

Notes that a cassette had given out and that never reached the slot are the bank's in the books all the time. What is
pulled in beyond them was within a customer's reach: it is kept back for the one whose notes moved last and goes into
suspense. Notes that no counter had noticed leaving a cassette are found by a count at the open machine.
"""

import logging
from collections.abc import Mapping
from typing import Any, Protocol

from common.clock import Clock
from common.errors import UserError
from common.wire.cases import CaseView
from common.wire.cash import CashGivenBack
from common.wire.machine import OrderOutcome
from devices.client.counts import Counts, difference
from devices.client.errors import CashOutcomeUnknown, ConnectionLost, DeviceError
from devices.client.journal import CashJournal, Movement, MovementKind
from devices.client.machine import Machine
from ui.vtm_app.agent.host import Limits
from ui.vtm_app.agent.journaling import written
from ui.vtm_app.agent.notes import to_wire, units_of

log = logging.getLogger(__name__)
FREE, STUCK, UNHEARD = "free", "stuck", "unheard"


class Sweeper(Protocol):
    """The agent, as a sweep sees it."""

    journal: CashJournal
    clock: Clock
    limits: Limits

    @property
    def machine(self) -> Machine: ...

    async def send(self, suffix: str, body: Any = None, *, case_id: str | None = None) -> CaseView: ...


def key_of(order_id: str) -> str:
    """Under which the journal knows what an order moves."""
    return f"reset:{order_id}"


async def sweep(host: Sweeper, order_id: str) -> Movement:
    """Clear the way of the notes; what the counters say of it is in the journal after this.

    Raises:
        CashOutcomeUnknown: intended, and the machine does not say what came of it: :func:`find_out`.
        ConnectionLost, DeviceError: the counters cannot be read, so that nothing was intended.
    """
    machine, key = host.machine, key_of(order_id)
    before = await machine.counts()
    detail = {"order": order_id, "last": host.journal.last_case()}
    movement = await written(host.journal.intend, key, MovementKind.RESET, detail, before)
    if movement.outcome is not None:
        return movement
    try:
        free = await machine.reset_cash()
        after = await machine.counts()
    except (CashOutcomeUnknown, ConnectionLost, DeviceError) as error:
        log.warning("sweep not explained yet", extra={"order": order_id, "code": error.code})
        await machine.wait_ready(host.limits.machine_back_s)
        return await find_out(host, movement)
    return await _settled(host, movement, FREE if free else STUCK, after)


async def find_out(host: Sweeper, movement: Movement) -> Movement:
    """What came of a sweep whose end nobody heard. A way that is not free is cleared again, behind whatever the machine
    has still to do of it; whether it was cleared where it is free, only notes that moved can tell.

    Raises:
        CashOutcomeUnknown: the machine is away.
    """
    machine, state = host.machine, UNHEARD
    try:
        if not await machine.way_free():
            state = FREE if await machine.reset_cash() else STUCK
        after = await machine.counts()
    except (ConnectionLost, DeviceError) as error:
        raise CashOutcomeUnknown("CashManagement.Reset", movement.counts_before) from error
    return await _settled(host, movement, state, after)


async def _settled(host: Sweeper, movement: Movement, state: str, after: Counts) -> Movement:
    before = movement.counts_before
    if after.began_anew_since(before):
        return await written(host.journal.settle, movement.key, UNHEARD, {"notes": 0, "kept": {}}, after)
    detail = {
        "notes": max(0, sum(after.content.values()) - sum(before.content.values())),
        "kept": to_wire({value: count for value, count in kept(before, after).items() if value}),
    }
    return await written(host.journal.settle, movement.key, state, detail, after)


def kept(before: Counts, after: Counts) -> dict[int, int]:
    """What was pulled in from a customer's reach: the rest was on its way out of a cassette.

    Of those, the machine may have put some into its reject unit and others beside the customer's notes.
    """
    known = {unit.key for unit in before.units}
    way = difference(before.on_the_way, after.on_the_way)
    rejects = [unit for unit in after.units if unit.role == "reject" and unit.key in known]
    for unit in rejects:
        way = _positive(difference(way, difference(unit.content, before.unit(unit.key).content)))
    return _positive(difference(_positive(difference(after.retracted, before.retracted)), way))


def _positive(notes: Mapping[int, int]) -> dict[int, int]:
    return {value: count for value, count in notes.items() if count > 0}


def told_as(movement: Movement) -> OrderOutcome:
    """The outcome in the journal, as the order's."""
    outcome = movement.outcome
    assert outcome is not None
    notes, kept_back = int(outcome.detail["notes"]), sum(outcome.detail["kept"].values())
    state, code = "done", "order.reset_done"
    if outcome.state == STUCK:
        state, code = "failed", "order.still_stuck"
    elif kept_back and movement.detail["last"] is not None:
        code = "order.reset_kept"
    elif notes:
        code = "order.reset_moved"
    elif outcome.state == UNHEARD:
        state, code = "unknown", "order.kiosk_restarted"
    named = {"order.reset_moved": {"notes": notes}, "order.reset_kept": {"notes": notes, "kept": kept_back}}
    return OrderOutcome(
        state=state,
        code=code,
        params=dict(named.get(code, {})),
        counts_before=units_of(movement.counts_before),
        counts_after=units_of(outcome.counts_after),
    )


async def tell_kept(host: Sweeper, movement: Movement) -> bool:
    """What the books do not know becomes an item of the case whose notes moved last; False when it was not taken, so
    that it has to be said again.

    Raises:
        ServiceError: the line is down.
    """
    outcome, case_id = movement.outcome, movement.detail["last"]
    assert outcome is not None
    if not outcome.detail["kept"] or case_id is None:
        return True
    body = CashGivenBack(
        movement_id=movement.id,
        retracted=outcome.detail["kept"],
        counts_after=units_of(outcome.counts_after),
        at=outcome.at,
        sent_at=host.clock.now(),
    )
    try:
        await host.send("cash/given-back", body, case_id=case_id)
    except UserError as error:
        log.warning("outcome not taken", extra={"movement": movement.key, "code": error.code})
        return False
    return True
