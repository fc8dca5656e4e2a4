"""The steps in which money moves. Journal before, counters after; a lost answer is an unknown outcome, never a guess.

Order of a payout: intent in the journal (on disk) → server told (`cash/moving`) → machine → outcome in the journal →
server told (`cash/outcome`). After a crash at any point `recover` brings both journals together from the counters.
"""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any

from common.errors import ServiceError, UserError
from common.wire.base import Notes
from common.wire.cases import CaseState, CashCounted, CashMoving, CashOutcome, CashState, CustomerStep
from devices.client.counts import Counts
from devices.client.deposit import CashInSession, DepositOutcome
from devices.client.errors import CashOutcomeUnknown, ConnectionLost, DeviceError
from devices.client.journal import Movement, MovementKind
from devices.client.payout import NotePlan, PayoutOutcome
from ui.vtm_app.agent.host import Host, Wish

log = logging.getLogger(__name__)
_CURRENCY = "CNY"
_FACTOR = 100
_AGAIN_S = 1.0


def to_wire(bundle: Mapping[int, int]) -> Notes:
    """Notes by value in minor units as the contract writes them."""
    return {str(value // _FACTOR): count for value, count in bundle.items() if count}


def from_wire(notes: Notes) -> dict[int, int]:
    """And back."""
    return {int(value) * _FACTOR: count for value, count in notes.items()}


def units_of(counts: Counts) -> dict[str, int]:
    """Cash unit to number of notes."""
    return {unit.key: unit.count for unit in counts.units}


def plan_for(notes: Mapping[int, int], counts: Counts) -> NotePlan:
    """Exactly these notes, out of the cassettes that hold them.

    Raises:
        UserError: ``cash.not_payable``: the cassettes have changed since the amount was agreed.
    """
    units: dict[str, int] = {}
    for value, wanted in notes.items():
        left = wanted
        for unit in counts.units:
            if left and unit.role in ("recycle", "cashOut") and unit.value_minor == value and unit.status == "ok":
                part = min(left, unit.count)
                if part:
                    units[unit.key] = part
                    left -= part
        if left:
            raise UserError("cash.not_payable", value=value)
    amount = sum(value * count for value, count in notes.items())
    return NotePlan(_CURRENCY, amount, units, dict(sorted(notes.items(), reverse=True)))


def _plan_detail(case_id: str, plan: NotePlan) -> dict[str, Any]:
    return {
        "case": case_id,
        "amount": plan.amount_minor,
        "units": dict(plan.units),
        "notes": {str(value): count for value, count in plan.notes.items()},
    }


def _plan_from(detail: Mapping[str, Any]) -> NotePlan:
    notes = {int(value): int(count) for value, count in detail["notes"].items()}
    return NotePlan(_CURRENCY, int(detail["amount"]), dict(detail["units"]), notes)


# --- payout ----------------------------------------------------------------------------------------------------


async def take_cash(host: Host) -> None:
    """Pay out what the case says, exactly those notes, and tell what became of it."""
    cash = host.case.cash
    if cash is None or cash.state not in (CashState.POSTED, CashState.MOVING):
        return
    movement_id = cash.movement_id
    host.show(phase="preparing", deadline=None)
    counts = await host.machine.counts()
    known = host.journal.find(movement_id)
    if known is not None:
        await settle(host, known)
        return
    try:
        plan = plan_for(from_wire(cash.notes), counts)
    except UserError as error:
        await _report_unmoved(host, movement_id, counts, error.code)
        return
    await asyncio.to_thread(
        host.journal.intend, movement_id, MovementKind.PAYOUT, _plan_detail(host.case.id, plan), counts
    )
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
    await _conclude_payout(host, movement_id, outcome)


def _presented(host: Host) -> None:
    host.show(phase="present", deadline=time.monotonic() + host.limits.take_cash_s)


async def _report_unmoved(host: Host, movement_id: str, counts: Counts, code: str) -> None:
    body = CashOutcome(movement_id=movement_id, known=True, error=code, counts_after=units_of(counts))
    await host.send("cash/moving", CashMoving(movement_id=movement_id, counts_before=units_of(counts)))
    await host.send("cash/outcome", body)


async def _conclude_unmoved(host: Host, movement_id: str, counts: Counts, code: str) -> None:
    try:
        counts = await host.machine.counts()
    except (DeviceError, ConnectionLost):
        log.info("counters not readable after a refused payout")
        await _unknown_payout(host, movement_id)
        return
    await asyncio.to_thread(host.journal.settle, movement_id, "failed", {"paid": {}, "error": code}, counts)
    await host.send(
        "cash/outcome",
        CashOutcome(movement_id=movement_id, known=True, error=code, counts_after=units_of(counts)),
    )


async def _conclude_payout(host: Host, movement_id: str, outcome: PayoutOutcome) -> None:
    detail = {"paid": to_wire(outcome.paid), "retracted": to_wire(outcome.retracted), "error": _payout_error(outcome)}
    await asyncio.to_thread(host.journal.settle, movement_id, outcome.state.value, detail, outcome.counts_after)
    await _send_outcome(host, movement_id, detail, outcome.counts_after)


def _payout_error(outcome: PayoutOutcome) -> str | None:
    if outcome.cause is not None:
        return outcome.cause
    return "cash.not_taken" if outcome.retracted else None


async def _send_outcome(
    host: Host, movement_id: str, detail: Mapping[str, Any], after: Counts, case_id: str | None = None
) -> None:
    body = CashOutcome(
        movement_id=movement_id,
        known=True,
        taken=detail.get("paid", {}),
        retracted=detail.get("retracted", {}),
        stored=detail.get("stored", {}),
        returned=detail.get("returned", {}),
        error=detail.get("error"),
        counts_after=units_of(after),
    )
    await host.send("cash/outcome", body, case_id=case_id)


async def _unknown_payout(host: Host, movement_id: str) -> None:
    """Say that it is not known, then find out."""
    host.show(phase="counting", deadline=None, problem=ServiceError("cash.outcome_unknown"))
    if not await host.machine.wait_ready(host.limits.machine_back_s):
        await host.send("cash/outcome", CashOutcome(movement_id=movement_id, known=False, error="cash.outcome_unknown"))
    movement = host.journal.find(movement_id)
    assert movement is not None
    await settle(host, movement)


# --- deposit ---------------------------------------------------------------------------------------------------


async def insert_cash(host: Host) -> None:
    """Take bunches until the customer says that the count is right, or wants everything back."""
    session = await _open_session(host)
    while host.at(CustomerStep.INSERT_CASH):
        host.show(phase="open", notes=session.total, deadline=time.monotonic() + host.limits.insert_s)
        try:
            done = await session.insert(timeout_s=host.limits.insert_s)
            host.show(phase="counting", notes=done.total, refused=done.refused, problem=None)
            if done.refused:
                host.show(phase="refused", deadline=None)
                await session.wait_refused_taken(timeout_s=host.limits.take_cash_s)
        except CashOutcomeUnknown:
            session = await _resumed(host, session)
            continue
        except DeviceError as error:
            if error.code != "device.timeout":
                host.show(problem=error)
                await _abandon(host, session)
                return
        wish = await _ask(host, session)
        if wish is Wish.RIGHT:
            await host.send("cash/counted", CashCounted(notes=to_wire(session.total)))
            return
        if wish is Wish.BACK:
            await return_open_cash(host)
            return


async def _open_session(host: Host) -> CashInSession:
    host.show(phase="opening", notes={}, refused=0, problem=None)
    if host.cash_in is not None:
        return host.cash_in
    counts = await host.machine.counts()
    key = f"deposit:{host.case.id}:{host.case.version}"
    await asyncio.to_thread(host.journal.intend, key, MovementKind.DEPOSIT, {"case": host.case.id}, counts)
    host.cash_key = key
    host.cash_in = await host.machine.acceptor.start()
    return host.cash_in


async def _resumed(host: Host, session: CashInSession) -> CashInSession:
    """The machine was away while it counted: go on with what it has counted by now."""
    host.show(phase="counting", problem=ServiceError("cash.outcome_unknown"))
    await host.machine.wait_ready(host.limits.machine_back_s)
    again = await host.machine.acceptor.resume(session.counts_before)
    if again is None:
        await return_open_cash(host)
        return await _open_session(host)
    host.cash_in = again
    return again


async def _ask(host: Host, session: CashInSession) -> Wish:
    while not host.wishes.empty():
        host.wishes.get_nowait()
    if not session.total:
        host.show(phase="ask", notes={}, deadline=None, problem=UserError("cash.nothing_counted"))
    else:
        host.show(phase="ask", notes=session.total, deadline=None)
    while True:
        wish = await host.wishes.get()
        if wish is not Wish.RIGHT or session.total:
            return wish


async def _abandon(host: Host, session: CashInSession) -> None:
    """After a jam: the counters say where the notes are."""
    outcome = await session.abort()
    await _close_session(host, outcome)


async def return_open_cash(host: Host) -> None:
    """Give back what lies in escrow and was never declared to the server."""
    session = host.cash_in
    if session is None:
        return
    host.show(phase="present", deadline=time.monotonic() + host.limits.take_cash_s)
    outcome = await session.roll_back(take_timeout_s=host.limits.take_cash_s)
    await _close_session(host, outcome)


async def _close_session(host: Host, outcome: DepositOutcome) -> dict[str, Any]:
    """Journal what the counters say about the cash-in."""
    declared = host.case.cash.notes if host.case.cash is not None else {}
    detail: dict[str, Any] = {"stored": to_wire(outcome.stored), "retracted": to_wire(outcome.retracted)}
    if not outcome.stored and not outcome.retracted:
        detail["returned"] = dict(declared)
    if host.cash_key is not None:
        await asyncio.to_thread(host.journal.settle, host.cash_key, outcome.state.value, detail, outcome.counts_after)
    host.cash_in, host.cash_key = None, None
    return detail


async def store_cash(host: Host) -> None:
    """Keep the counted notes, or give them back: what the counters say goes to the books."""
    await _end_deposit(host, keep=True)


async def return_cash(host: Host) -> None:
    """The case was ended: the counted notes go back to the customer."""
    await _end_deposit(host, keep=False)


async def _end_deposit(host: Host, *, keep: bool) -> None:
    cash = host.case.cash
    if cash is None or cash.state not in (CashState.COUNTED, CashState.MOVING):
        return
    host.show(phase="moving", deadline=None)
    session = host.cash_in
    if session is None:
        await recover(host)
        return
    counts = await host.machine.counts()
    await host.send("cash/moving", CashMoving(movement_id=cash.movement_id, counts_before=units_of(counts)))
    try:
        if keep:
            outcome = await session.end()
        else:
            host.show(phase="present", deadline=time.monotonic() + host.limits.take_cash_s)
            outcome = await session.roll_back(take_timeout_s=host.limits.take_cash_s)
    except CashOutcomeUnknown:
        host.show(problem=ServiceError("cash.outcome_unknown"))
        if not await host.machine.wait_ready(host.limits.machine_back_s):
            await _say_unknown(host, cash.movement_id)
        outcome = await _recovered_deposit(host, session.counts_before)
    except DeviceError as error:
        host.show(problem=error)
        outcome = await session.abort()
    await _tell_deposit(host, cash.movement_id, await _close_session(host, outcome), outcome)


async def _say_unknown(host: Host, movement_id: str) -> None:
    await host.send("cash/outcome", CashOutcome(movement_id=movement_id, known=False, error="cash.outcome_unknown"))


async def _tell_deposit(host: Host, movement_id: str, detail: dict[str, Any], outcome: DepositOutcome) -> None:
    if outcome.retracted:
        # The customer's notes lie in the retract cassette: neither booked nor given back until a person has looked.
        body = CashOutcome(
            movement_id=movement_id, known=False, error="cash.retracted", counts_after=units_of(outcome.counts_after)
        )
        await host.send("cash/outcome", body)
        return
    await _send_outcome(host, movement_id, detail, outcome.counts_after)


# --- after a crash ---------------------------------------------------------------------------------------------


async def recover(host: Host) -> None:
    """Bring every movement without an outcome to its end, oldest first, and tell the server."""
    for movement in host.journal.unsettled():
        await settle(host, movement)


async def settle(host: Host, movement: Movement) -> None:
    """One movement of the journal: its outcome, found out now if it has none, goes to the server.

    Waits for the machine as long as it takes: there is no other source of truth.
    """
    if movement.outcome is None:
        movement = await _find_out(host, movement)
    assert movement.outcome is not None
    if movement.kind is MovementKind.PAYOUT:
        case_id = str(movement.detail["case"])
        await _send_outcome(host, movement.key, movement.outcome.detail, movement.outcome.counts_after, case_id)
    elif host.case.id == movement.detail["case"] and host.case.cash is not None:
        cash = host.case.cash
        if cash.state is CashState.COUNTED and host.case.state in (CaseState.EXECUTING, CaseState.CANCELLED):
            counts = units_of(movement.counts_before)
            await host.send("cash/moving", CashMoving(movement_id=cash.movement_id, counts_before=counts))
        await _send_outcome(host, cash.movement_id, movement.outcome.detail, movement.outcome.counts_after)


async def _find_out(host: Host, movement: Movement) -> Movement:
    if movement.kind is MovementKind.DEPOSIT:
        host.cash_key = movement.key
        outcome = await _recovered_deposit(host, movement.counts_before)
        await _close_session(host, outcome)
    else:
        paid = await _recovered_payout(host, movement)
        detail = {"paid": to_wire(paid.paid), "retracted": to_wire(paid.retracted), "error": _payout_error(paid)}
        await asyncio.to_thread(host.journal.settle, movement.key, paid.state.value, detail, paid.counts_after)
    found = host.journal.find(movement.key)
    assert found is not None
    return found


async def _recovered_payout(host: Host, movement: Movement) -> PayoutOutcome:
    plan = _plan_from(movement.detail)
    while True:
        try:
            return await host.machine.dispenser.recover(
                plan, movement.counts_before, take_timeout_s=host.limits.take_cash_s
            )
        except (CashOutcomeUnknown, DeviceError, ConnectionLost) as error:
            log.warning("payout not explained yet", extra={"code": error.code})
            await host.machine.wait_ready(host.limits.machine_back_s)
            await asyncio.sleep(_AGAIN_S)


async def _recovered_deposit(host: Host, before: Counts) -> DepositOutcome:
    while True:
        try:
            return await host.machine.acceptor.recover(before, take_timeout_s=host.limits.take_cash_s)
        except (CashOutcomeUnknown, DeviceError, ConnectionLost) as error:
            log.warning("deposit not explained yet", extra={"code": error.code})
            await host.machine.wait_ready(host.limits.machine_back_s)
            await asyncio.sleep(_AGAIN_S)
