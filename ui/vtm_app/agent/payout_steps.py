"""Paying out. Journal before, counters after; a lost answer is an unknown outcome, never a guess.

Intent in the journal (on disk), server told (``cash/moving``), machine, outcome in the journal, server told
(``cash/outcome``). After a crash at any point :mod:`.recovery` brings both books together from the counters.
"""

import logging
import time

from common.errors import ServiceError, UserError
from common.wire.cases import CashMoving, CashState, CashView
from devices.client.counts import BANK_CURRENCY, Counts, value_of
from devices.client.errors import CashOutcomeUnknown, ConnectionLost, DeviceError
from devices.client.journal import Movement, MovementKind
from devices.client.payout import NotePlan
from ui.vtm_app.agent.host import Host
from ui.vtm_app.agent.journaling import written
from ui.vtm_app.agent.notes import from_wire, plan_detail, plan_for, units_of
from ui.vtm_app.agent.recovery import LOST, OUTCOME_UNKNOWN, found_out_all, journal_payout, settle, tell_payout

log = logging.getLogger(__name__)


async def take_cash(host: Host) -> None:
    """Pay out what the case says, exactly those notes, and tell what became of it."""
    cash = host.case.cash
    if cash is None or cash.direction != "out" or cash.state not in (CashState.POSTED, CashState.MOVING):
        return
    movement_id = cash.movement_id
    host.show(phase="preparing", deadline=None)
    known = host.journal.find(movement_id)
    if known is not None:
        await settle(host, known)
        return
    await found_out_all(host)
    counts = await host.machine.counts()
    if cash.state is CashState.MOVING:
        # By a journal that is not here any more (another disk): whoever has the notes, nobody is paid twice.
        await _lost(host, cash, counts)
        return
    try:
        plan = plan_for(from_wire(cash.notes), counts)
    except UserError as error:
        await _report_unmoved(host, cash, counts, error.code)
        return
    await written(host.journal.intend, movement_id, MovementKind.PAYOUT, plan_detail(host.case.id, plan), counts)
    await host.send("cash/moving", CashMoving(movement_id=movement_id, counts_before=units_of(counts)))
    host.show(phase="counting")
    try:
        outcome = await host.machine.dispenser.pay_out(
            plan, take_timeout_s=host.limits.take_cash_s, on_presented=lambda: _presented(host)
        )
    except CashOutcomeUnknown:
        await _unknown_payout(host, movement_id)
        return
    except (DeviceError, ConnectionLost) as error:
        # Refused before anything moved; the counters say so too, and they are what the server gets.
        await _conclude_unmoved(host, movement_id, counts, error.code)
        return
    await _tell(host, await journal_payout(host, movement_id, outcome))


def _presented(host: Host) -> None:
    host.show(phase="present", deadline=time.monotonic() + host.limits.take_cash_s)


async def _lost(host: Host, cash: CashView, counts: Counts) -> None:
    """What may lie in the slot still goes its ordinary way; of the rest only persons can tell."""
    detail = plan_detail(host.case.id, _planned(cash)) | {LOST: True}
    await settle(host, await written(host.journal.intend, cash.movement_id, MovementKind.PAYOUT, detail, counts))


async def _report_unmoved(host: Host, cash: CashView, counts: Counts, code: str) -> None:
    """In the journal like any other: what the server knows as moving has a line there, or the journal was lost."""
    detail = plan_detail(host.case.id, _planned(cash))
    await written(host.journal.intend, cash.movement_id, MovementKind.PAYOUT, detail, counts)
    failed = {"paid": {}, "error": code}
    await settle(host, await written(host.journal.settle, cash.movement_id, "failed", failed, counts))


def _planned(cash: CashView) -> NotePlan:
    """What was to be paid, out of no cassette."""
    notes = from_wire(cash.notes)
    return NotePlan(BANK_CURRENCY, value_of(notes), {}, notes)


async def _conclude_unmoved(host: Host, movement_id: str, before: Counts, code: str) -> None:
    try:
        after = await host.machine.counts()
    except (DeviceError, ConnectionLost):
        log.info("counters not readable after a refused payout")
        await _unknown_payout(host, movement_id)
        return
    if after.began_anew_since(before) or after.presented != before.presented:
        await _unknown_payout(host, movement_id)
        return
    detail = {"paid": {}, "error": code}
    await _tell(host, await written(host.journal.settle, movement_id, "failed", detail, after))


async def _tell(host: Host, movement: Movement) -> None:
    await tell_payout(host, movement, str(movement.detail["case"]))


async def _unknown_payout(host: Host, movement_id: str) -> None:
    """Show that it is not known, then find out."""
    host.show(phase="counting", deadline=None, problem=ServiceError(OUTCOME_UNKNOWN))
    await host.machine.wait_ready(host.limits.machine_back_s)
    movement = host.journal.find(movement_id)
    assert movement is not None
    await settle(host, movement)
