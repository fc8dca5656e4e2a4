"""Taking cash in: bunches into escrow, then kept or given back. The counters have the last word.

The journal has the cash-in before the slot opens. What lies in escrow is the customer's until it is stored.
"""

import asyncio
import logging
import time

from common.aio import cancel_and_wait
from common.errors import AppError, ServiceError, UserError
from common.wire.base import Notes
from common.wire.cases import CashCounted, CashMoving, CashState, CustomerStep
from devices.client.deposit import CashInSession, DepositOutcome
from devices.client.errors import CashOutcomeUnknown, DeviceError
from devices.client.journal import MovementKind
from ui.vtm_app.agent import suspects
from ui.vtm_app.agent.host import Host, Wish
from ui.vtm_app.agent.journaling import written
from ui.vtm_app.agent.notes import to_wire, units_of
from ui.vtm_app.agent.recovery import (
    LOST,
    OUTCOME_UNKNOWN,
    aborted,
    close_session,
    last_deposit,
    open_line,
    recover,
    recovered_deposit,
    rolled_back,
    settle,
    tell_deposit,
)

log = logging.getLogger(__name__)
_S = CustomerStep


class _LeftBehind(Exception):
    """Notes that the machine gave back were not taken in time."""


async def insert_cash(host: Host) -> None:
    """Take bunches until the customer says that the count is right, or wants everything back."""
    session = await _open_session(host)
    while host.at(_S.INSERT_CASH):
        host.show(phase="open", notes=session.total, deadline=time.monotonic() + host.limits.insert_s)
        try:
            wish = await _bunch(host, session)
        except CashOutcomeUnknown:
            session = await _resumed(host, session)
            continue
        except DeviceError as error:
            await _given_up(host, session, error)
            return
        except _LeftBehind:
            # Whoever comes next must not find them; and while they lie there, nothing can be kept or given back.
            await _given_up(host, session, UserError("cash.not_taken"))
            return
        if wish is Wish.RIGHT:
            await host.send("cash/counted", CashCounted(notes=to_wire(session.total)))
            return
        if wish is Wish.BACK:
            break
    if not _stays_in_escrow(host, session):
        await return_open_cash(host)


async def _given_up(host: Host, session: CashInSession, why: AppError) -> None:
    """Everything on the way is pulled in and stays the customer's; the screen says why, also afterwards."""
    host.show(problem=why)
    await _keep_for_customer(host, await aborted(host, session))
    host.show(problem=why)


def _stays_in_escrow(host: Host, session: CashInSession) -> bool:
    """The case has gone on and knows of exactly these notes: its own steps store them or give them back."""
    cash = host.case.cash
    if host.at(_S.INSERT_CASH) or cash is None or cash.state is not CashState.COUNTED:
        return False
    return host.at(_S.RETURN_CASH) or cash.notes == to_wire(session.total)


async def _bunch(host: Host, session: CashInSession) -> Wish:
    """One bunch, and what the customer says of the count."""
    try:
        if await _insert(host, session) is Wish.BACK:
            return Wish.BACK
    except DeviceError as error:
        if error.code != "device.timeout":
            raise
    return await _ask(host, session)


async def _insert(host: Host, session: CashInSession) -> Wish | None:
    """One bunch. BACK when the customer wants everything back or the case went on while the slot stood open."""
    host.notes_in.clear()
    bunch = asyncio.create_task(session.insert(timeout_s=host.limits.insert_s), name="bunch")
    back = asyncio.create_task(_wants_back(host), name="wants back")
    try:
        await asyncio.wait({bunch, back}, return_when=asyncio.FIRST_COMPLETED)
        if not bunch.done():
            return Wish.BACK
    finally:
        await cancel_and_wait(*(task for task in (bunch, back) if not task.done()))
    done = bunch.result()
    host.show(phase="counting", notes=done.total, refused=done.refused, problem=None)
    if not done.refused:
        return None
    host.show(phase="refused", deadline=time.monotonic() + host.limits.take_cash_s)
    taken = await session.wait_refused_taken(timeout_s=host.limits.take_cash_s)
    await suspects.tell_now(host)
    if not taken and host.at(_S.INSERT_CASH):
        raise _LeftBehind
    return None


async def _wants_back(host: Host) -> None:
    """Until the notes have to go back; not while they are being counted.

    A case that knows of notes in escrow lets the slot's own time run out.
    """
    while await host.wishes.get() is not Wish.BACK or host.notes_in.is_set() or _knows_of_notes(host):
        continue


def _knows_of_notes(host: Host) -> bool:
    cash = host.case.cash
    in_escrow = cash is not None and cash.state in (CashState.COUNTED, CashState.MOVING)
    return in_escrow and not host.at(_S.INSERT_CASH) and not host.at(_S.RETURN_CASH)


async def _open_session(host: Host) -> CashInSession:
    host.show(phase="opening", notes={}, refused=0, problem=None)
    _forget_wishes(host)
    if host.cash_in is not None:
        return host.cash_in
    await recover(host, but=host.case.id)
    # The server knows the end of every earlier cash-in of a case before a new one begins: they are never confused.
    for movement in host.journal.of_case(host.case.id):
        if not movement.told:
            await settle(host, movement)
    counts = await host.machine.counts()
    key = _next_key(host)
    await written(host.journal.intend, key, MovementKind.DEPOSIT, {"case": host.case.id}, counts)
    host.cash_key = key
    host.cash_in = await host.machine.acceptor.start()
    return host.cash_in


def _next_key(host: Host) -> str:
    """Each cash-in has its own line in the journal, also the second one of a case after everything was given back."""
    return f"deposit:{host.case.id}:{len(host.journal.of_case(host.case.id))}"


async def _resumed(host: Host, session: CashInSession) -> CashInSession:
    """The machine was away while it counted: go on with what it has counted by now."""
    host.show(phase="counting", problem=ServiceError(OUTCOME_UNKNOWN))
    await host.machine.wait_ready(host.limits.machine_back_s)
    again = await host.machine.acceptor.resume(session.counts_before)
    if again is None:
        await return_open_cash(host)
        return await _open_session(host)
    host.cash_in = again
    return again


def _forget_wishes(host: Host) -> None:
    while not host.wishes.empty():
        host.wishes.get_nowait()


async def _ask(host: Host, session: CashInSession) -> Wish:
    _forget_wishes(host)
    if not host.at(_S.INSERT_CASH):
        return Wish.BACK
    while True:
        shown = session.total
        if shown:
            host.show(phase="ask", notes=shown, deadline=None)
        else:
            host.show(phase="ask", notes={}, deadline=None, problem=UserError("cash.nothing_counted"))
        wish = await host.wishes.get()
        if wish is not Wish.RIGHT:
            return wish
        await session.recount()
        if shown and session.total == shown:
            return wish  # anything else the customer has not seen yet


async def return_open_cash(host: Host) -> None:
    """Give back what lies in escrow and was never declared to the server."""
    session = host.cash_in
    if session is None:
        return
    host.show(phase="present", deadline=time.monotonic() + host.limits.take_cash_s)
    await _keep_for_customer(host, await rolled_back(host, session))


async def _keep_for_customer(host: Host, outcome: DepositOutcome) -> None:
    """Close a cash-in that came to nothing. Notes of the customer's that stayed inside are told at once."""
    movement = await close_session(host, outcome)
    while movement is not None:
        try:
            await settle(host, movement)
        except UserError as error:
            log.warning("kept notes not taken", extra={"code": error.code})
        except ServiceError as error:
            host.show(problem=error)
            await asyncio.sleep(host.limits.again_s)
            continue
        return


# --- the end of a deposit ------------------------------------------------------------------------------------------


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
        await _tell_again(host)
        return
    counts = await host.machine.counts()
    await host.send("cash/moving", CashMoving(movement_id=cash.movement_id, counts_before=units_of(counts)))
    try:
        outcome = await _moved(host, session, cash.notes if keep else None)
    except CashOutcomeUnknown:
        host.show(problem=ServiceError(OUTCOME_UNKNOWN))
        await host.machine.wait_ready(host.limits.machine_back_s)
        outcome = await recovered_deposit(host, open_line(host))
    except DeviceError as error:
        host.show(problem=error)
        outcome = await aborted(host, session)
    movement = await close_session(host, outcome)
    assert movement is not None
    await tell_deposit(host, host.case, movement)


async def _moved(host: Host, session: CashInSession, confirmed: Notes | None) -> DepositOutcome:
    """Keep the notes, if they are the ``confirmed`` ones; else give back what lies in escrow."""
    if confirmed is not None:
        await session.recount()
        if to_wire(session.total) == confirmed:
            return await session.end()
        log.error("other notes in escrow than were confirmed: given back")
    host.show(phase="present", deadline=time.monotonic() + host.limits.take_cash_s)
    return await session.roll_back(take_timeout_s=host.limits.take_cash_s)


async def _tell_again(host: Host) -> None:
    """The cash-in is over, or this kiosk was switched off in it: the journal or the counters know."""
    await recover(host)
    if not (host.at(_S.STORE_CASH) or host.at(_S.RETURN_CASH)):
        return
    movement = last_deposit(host, host.case.id)
    if movement is None:
        # The journal that had it is not here any more (another disk): what lies in escrow still goes back.
        counts, detail = await host.machine.counts(), {"case": host.case.id, LOST: True}
        movement = await written(host.journal.intend, _next_key(host), MovementKind.DEPOSIT, detail, counts)
    await settle(host, movement)
