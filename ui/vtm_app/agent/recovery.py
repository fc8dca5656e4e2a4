"""What became of a movement of cash: found out by the machine's counters, told to the server.

The one truth about notes is the machine's counters; the journal keeps what they said, and the server is told from
the journal, as often as it takes. Saying the same outcome again changes nothing there.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar

from common.errors import ServiceError, UserError
from common.wire.base import Notes
from common.wire.cases import CaseState, CaseView, CashMoving, CashOutcome, CashState, CashView
from common.wire.cash import CashGivenBack
from devices.client.counts import COUNTERS_ANEW, UNKNOWN, Counts, difference
from devices.client.deposit import CashInSession, DepositOutcome
from devices.client.errors import CashOutcomeUnknown, ConnectionLost, DeviceError
from devices.client.journal import Movement, MovementKind, Outcome
from devices.client.payout import PayoutOutcome
from ui.vtm_app.agent import suspects
from ui.vtm_app.agent.host import Host
from ui.vtm_app.agent.journaling import written
from ui.vtm_app.agent.notes import plan_from, to_wire, units_of

log = logging.getLogger(__name__)
OUTCOME_UNKNOWN = "cash.outcome_unknown"
UNREACHABLE = "network.unreachable"
LOST, JOURNAL_LOST = "lost", "cash.journal_lost"
"""Mark of a line that stands for one of a journal that was lost, counted from when it was missed; and its error."""
Found = TypeVar("Found")
_C = CaseState
_TAKES_OUTCOME = (_C.EXECUTING, _C.COMPLETED, _C.REJECTED, _C.CANCELLED, _C.FAILED)


async def recover(host: Host, *, but: str | None = None) -> None:
    """Bring every movement that the server does not know the end of to its end, oldest first, and tell it.

    A cash-in that this kiosk holds open for the case in hand is not at its end: while its notes lie in escrow no task
    runs, and a line to the server that was lost and came back is no reason to hand them out in the middle of the visit.
    A line that the server will not or cannot take stays in the journal for another time, and holds up no other.

    Args:
        but: a case whose lines are left out.

    Raises:
        ServiceError: the server is out of reach.
    """
    for movement in host.journal.untold():
        if _is_open(host, movement) or movement.detail.get("case") == but:
            continue
        try:
            await settle(host, movement)
        except (UserError, ServiceError) as error:
            if error.code == UNREACHABLE:
                raise
            # The books have gone on without this outcome, or are not ready for it.
            log.warning("outcome not taken", extra={"movement": movement.key, "code": error.code})


def _is_open(host: Host, movement: Movement) -> bool:
    return host.cash_in is not None and movement.key == host.cash_key and movement.detail["case"] == host.case_id


async def settle(host: Host, movement: Movement) -> None:
    """One movement of the journal: its outcome, found out now if it has none, goes to the server.

    Waits for the machine as long as it takes: there is no other source of truth.
    """
    if movement.outcome is None:
        movement = await _find_out(host, movement)
    assert movement.outcome is not None
    case = await _case_of(host, str(movement.detail["case"]))
    if movement.kind is MovementKind.PAYOUT:
        await _say_moving(host, case, movement.key, movement.counts_before)
        await tell_payout(host, movement, case.id)
        return
    try:
        await tell_deposit(host, case, movement)
    except UserError as error:
        if error.code != "cash.not_now":
            raise
        # The case has gone on since it was looked at: now it takes the outcome in another way.
        await tell_deposit(host, await host.api.get(f"/cases/{case.id}", CaseView), movement)


async def _case_of(host: Host, case_id: str) -> CaseView:
    """The case of a movement; an earlier visit's when the kiosk was switched off in it."""
    if host.case_id == case_id:
        return host.case
    return await host.api.get(f"/cases/{case_id}", CaseView)


async def _say_moving(host: Host, case: CaseView, movement_id: str, before: Counts) -> None:
    """What the server has to hear before the outcome, if the kiosk was switched off before it could say it."""
    cash = case.cash
    if cash is not None and cash.movement_id == movement_id and cash.state in (CashState.POSTED, CashState.COUNTED):
        body = CashMoving(movement_id=movement_id, counts_before=units_of(before))
        await host.send("cash/moving", body, case_id=case.id)


async def _find_out(host: Host, movement: Movement) -> Movement:
    if movement.kind is MovementKind.DEPOSIT:
        outcome = await recovered_deposit(host, movement)
        if movement.detail.get(LOST):
            return await _journal_lost(host, movement, outcome.counts_after, {"stored": {}})
        if movement.key == host.cash_key:
            return await _closed(host, movement.key, outcome)
        return await _journal_deposit(host, movement.key, outcome)
    paid = await _recovered_payout(host, movement)
    if movement.detail.get(LOST):
        return await _journal_lost(host, movement, paid.counts_after, {"paid": {}})
    return await journal_payout(host, movement.key, paid)


async def _journal_lost(host: Host, movement: Movement, after: Counts, detail: dict[str, Any]) -> Movement:
    """What the counters say since the line was missed explains nothing, but what was pulled in since then lies here."""
    pulled = difference(after.retracted, movement.counts_before.retracted)
    kept = to_wire({value: count for value, count in pulled.items() if value and count > 0})
    detail |= {"retracted": kept, "error": JOURNAL_LOST}
    return await written(host.journal.settle, movement.key, UNKNOWN, detail, after)


async def found_out_all(host: Host) -> None:
    """Nobody's notes move while it is not known where an earlier customer's are: they may lie in the slot still."""
    for movement in host.journal.unsettled():
        if movement.kind is not MovementKind.RESET and not _is_open(host, movement):  # orders see to their resets
            await _find_out(host, movement)


async def _asked(host: Host, movement: Movement, ask: Callable[[], Awaitable[Found]]) -> Found:
    """What the machine says, asked as often as it takes.

    A line that breaks for a moment is no news. Where the machine does not come back, or says itself that it cannot, the
    server hears once that nobody knows: the case goes on with that, and the later explanation closes the item.
    """
    said = False
    while True:
        try:
            return await ask()
        except (CashOutcomeUnknown, DeviceError, ConnectionLost) as error:
            log.warning("%s not explained yet", movement.kind.value, extra={"code": error.code})
            lost = isinstance(error, ConnectionLost) or isinstance(error.__cause__, ConnectionLost)
        back = await host.machine.wait_ready(host.limits.machine_back_s)
        if not said and (not back or not lost):
            said = await _said_unknown(host, movement)
        await asyncio.sleep(host.limits.again_s)


async def _said_unknown(host: Host, movement: Movement) -> bool:
    """Whether the server has heard that nobody knows where these notes are, or would not have it; False: the line is
    down, or the server has failed."""
    try:
        case = await _case_of(host, str(movement.detail["case"]))
        cash = case.cash if movement.kind is MovementKind.PAYOUT else _declared(host, case, movement)
        if cash is None or (movement.kind is MovementKind.PAYOUT and cash.movement_id != movement.key):
            return True
        if cash.state not in (CashState.MOVING, CashState.POSTED, CashState.COUNTED):
            return True
        if case.state not in _TAKES_OUTCOME:
            return True  # still being prepared: these notes are told as given back, once it is known
        await _say_moving(host, case, cash.movement_id, movement.counts_before)
        body = CashOutcome(movement_id=cash.movement_id, known=False, error=OUTCOME_UNKNOWN)
        await host.send("cash/outcome", body, case_id=case.id)
    except UserError as error:
        log.warning("outcome not taken", extra={"movement": movement.key, "code": error.code})
    except ServiceError as error:
        log.info("unknown outcome not told yet", extra={"movement": movement.key, "code": error.code})
        return False
    return True


# --- payout ------------------------------------------------------------------------------------------------------


async def _recovered_payout(host: Host, movement: Movement) -> PayoutOutcome:
    plan = plan_from(movement.detail)
    return await _asked(
        host,
        movement,
        lambda: host.machine.dispenser.recover(plan, movement.counts_before, take_timeout_s=host.limits.take_cash_s),
    )


async def journal_payout(host: Host, key: str, outcome: PayoutOutcome) -> Movement:
    """Write down what the counters said of a payout."""
    error = outcome.cause
    if error is None and outcome.retracted:
        error = "cash.not_taken"
    detail = {"paid": to_wire(outcome.paid), "retracted": to_wire(outcome.retracted), "error": error}
    if outcome.surplus:
        detail["surplus"] = to_wire(outcome.surplus)
    return await written(host.journal.settle, key, outcome.state.value, detail, outcome.counts_after)


async def tell_payout(host: Host, movement: Movement, case_id: str) -> None:
    """The outcome in the journal, to the server."""
    outcome = movement.outcome
    assert outcome is not None
    body = CashOutcome(
        movement_id=movement.key,
        known=outcome.known,
        taken=outcome.detail.get("paid", {}),
        retracted=outcome.detail.get("retracted", {}),
        error=outcome.detail.get("error"),
        counts_after=units_of(outcome.counts_after),
        at=outcome.at,
        sent_at=host.clock.now(),
    )
    await host.send("cash/outcome", body, case_id=case_id)
    await written(host.journal.tell, movement.key)


# --- deposit -----------------------------------------------------------------------------------------------------


async def recovered_deposit(host: Host, movement: Movement) -> DepositOutcome:
    """A cash-in of unknown outcome: what still lies in escrow is given back, the rest is in the counters."""
    before = movement.counts_before
    return await _asked(
        host,
        movement,
        lambda: host.machine.acceptor.recover(before, take_timeout_s=host.limits.take_cash_s),
    )


def open_line(host: Host) -> Movement:
    """What the journal has of the cash-in that is open."""
    assert host.cash_key is not None
    movement = host.journal.find(host.cash_key)
    assert movement is not None
    return movement


async def rolled_back(host: Host, session: CashInSession) -> DepositOutcome:
    """Everything in escrow to the customer; what is not taken in time is kept for him."""
    try:
        return await session.roll_back(take_timeout_s=host.limits.take_cash_s)
    except CashOutcomeUnknown:
        await host.machine.wait_ready(host.limits.machine_back_s)
        return await recovered_deposit(host, open_line(host))


async def aborted(host: Host, session: CashInSession) -> DepositOutcome:
    """The way cleared; where the notes have no room inside they are given back, however long that takes."""
    try:
        return await session.abort()
    except CashOutcomeUnknown:
        await host.machine.wait_ready(host.limits.machine_back_s)
        return await recovered_deposit(host, open_line(host))


async def close_session(host: Host, outcome: DepositOutcome) -> Movement | None:
    """Journal what the counters said of the cash-in; none is open after this."""
    key = host.cash_key
    return await _closed(host, key, outcome) if key is not None else None


async def _closed(host: Host, key: str, outcome: DepositOutcome) -> Movement:
    movement = await _journal_deposit(host, key, outcome)
    host.cash_in, host.cash_key = None, None
    return movement


async def _journal_deposit(host: Host, key: str, outcome: DepositOutcome) -> Movement:
    """Only notes of some worth: a counterfeit that lies inside is no money. It is told as the suspect note it is."""
    stored, retracted = (
        {value: count for value, count in notes.items() if value} for notes in (outcome.stored, outcome.retracted)
    )
    detail = {"stored": to_wire(stored), "retracted": to_wire(retracted), **await suspects.for_the_journal(host)}
    if outcome.cause is not None:
        detail["error"] = outcome.cause
    return await written(host.journal.settle, key, outcome.state.value, detail, outcome.counts_after)


async def tell_deposit(host: Host, case: CaseView, movement: Movement) -> None:
    """The outcome in the journal, to the server, in the way that fits where the case has come to.

    Raises:
        UserError: the books are not ready for it; it stays in the journal.
    """
    outcome = movement.outcome
    assert outcome is not None
    await suspects.tell(host, outcome.detail, case.id)
    retracted: Notes = outcome.detail["retracted"]
    after = units_of(outcome.counts_after)
    why = None if outcome.known else outcome.detail.get("error")
    cash = _declared(host, case, movement)
    about = movement.id if cash is None else cash.movement_id
    if cash is None:
        if retracted or not outcome.known:
            body = CashGivenBack(
                movement_id=movement.id, known=outcome.known, error=why, retracted=retracted, counts_after=after,
                at=outcome.at, sent_at=host.clock.now(),
            )  # fmt: skip
            await host.send("cash/given-back", body, case_id=case.id)
    elif case.state in _TAKES_OUTCOME:
        await _say_moving(host, case, cash.movement_id, movement.counts_before)
        await host.send("cash/outcome", _outcome_of(cash, outcome, host.clock.now()), case_id=case.id)
    else:
        returned = _rest(cash.notes, retracted) if outcome.known else {}
        body = CashGivenBack(
            movement_id=cash.movement_id, known=outcome.known, error=why, returned=returned, retracted=retracted,
            counts_after=after, at=outcome.at, sent_at=host.clock.now(),
        )  # fmt: skip
        await host.send("cash/given-back", body, case_id=case.id)
    await written(host.journal.tell, movement.key, about)


def _declared(host: Host, case: CaseView, movement: Movement) -> CashView | None:
    """The case's own cash, if the server was told of these notes. It may have ended there: this kiosk did not hear that
    its word was taken, or two persons explained the notes while it was away. The server knows which."""
    cash = case.cash
    if cash is None or cash.direction != "in":
        return None
    # What an earlier cash-in of this case came to is told, and perhaps not explained yet: this one is not about it.
    return None if host.journal.told_of(cash.movement_id, but=movement.id) else cash


def _outcome_of(cash: CashView, outcome: Outcome, now: datetime) -> CashOutcome:
    stored, retracted = outcome.detail["stored"], outcome.detail["retracted"]
    after = units_of(outcome.counts_after)
    if not outcome.known:
        error = outcome.detail.get("error", COUNTERS_ANEW)  # an older journal knows of no other cause
        return CashOutcome(
            movement_id=cash.movement_id, known=False, retracted=retracted, error=error, counts_after=after,
            at=outcome.at, sent_at=now,
        )  # fmt: skip
    if retracted:
        # The customer's notes lie in the retract cassette: neither booked nor given back until a person has looked.
        return CashOutcome(
            movement_id=cash.movement_id, known=False, stored=stored, retracted=retracted, error="cash.retracted",
            counts_after=after, at=outcome.at, sent_at=now,
        )  # fmt: skip
    returned = _rest(cash.notes, stored)
    return CashOutcome(
        movement_id=cash.movement_id, known=True, stored=stored, returned=returned, counts_after=after, at=outcome.at,
        sent_at=now,
    )  # fmt: skip


def last_deposit(host: Host, case_id: str) -> Movement | None:
    """The newest cash-in of a case."""
    found = [m for m in host.journal.of_case(case_id) if m.kind is MovementKind.DEPOSIT]
    return found[-1] if found else None


def _rest(declared: Mapping[str, int], stored: Mapping[str, int]) -> dict[str, Any]:
    rest = Counter(declared)
    rest.subtract(stored)
    return {face: count for face, count in rest.items() if count > 0}
