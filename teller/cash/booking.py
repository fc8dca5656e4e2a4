"""Which entries belong to which step of a movement: the books follow the counters, never a guess."""

from collections.abc import Callable

from common.wire.cases import CashState
from teller.cash.movement import CashMovement, Direction
from teller.ledger import bookings
from teller.ledger.bookings import Stamp
from teller.ledger.entries import Entry, reversal
from teller.money import Money


def entries(
    before: CashMovement,
    after: CashMovement,
    *,
    case_id: str,
    account: str,
    machine: str,
    stamp: Callable[[], Stamp],
    posted: Entry | None,
) -> tuple[Entry, ...]:
    """What to book when a movement goes from one state to another.

    Args:
        account: number of the customer's account.
        stamp: makes identity and time for one entry.
        posted: the payout's own entry (out).
    """
    if before.state is after.state:
        return _less_in_question(before, after, case_id, machine, stamp)
    if after.state is CashState.SUSPENSE:
        book = bookings.payout_unknown if before.direction is Direction.OUT else bookings.deposit_unknown
        return (book(stamp(), case_id, machine, after.unexplained),)
    if not after.ended:
        return ()
    paid, rest = after.paid, after.amount - after.paid
    if before.state is CashState.SUSPENSE:
        rest = before.unexplained - paid
        return _explained(before.direction, paid, rest, case_id, account, machine, stamp)
    if before.direction is Direction.IN and after.posted_entry is not None:
        return ()  # the case booked it in one unit with everything else
    if before.direction is Direction.IN:
        return (bookings.deposit_stored(stamp(), case_id, account, machine, paid),) if paid else ()
    assert posted is not None, "a payout moves only after it was posted"
    if not paid:
        back = stamp()
        return (reversal(posted, id=back.id, at=back.at, business_date=back.business_date),)
    settled = bookings.payout_settled(stamp(), case_id, machine, paid)
    if not rest:
        return (settled,)
    return (settled, bookings.payout_returned(stamp(), case_id, account, machine, rest, posted.id))


def _less_in_question(
    before: CashMovement, after: CashMovement, case_id: str, machine: str, stamp: Callable[[], Stamp]
) -> tuple[Entry, ...]:
    """The books had all notes inside while nobody could say; what the counters do not find there is in the hand."""
    if after.state is not CashState.SUSPENSE or before.unexplained == after.unexplained:
        return ()
    if after.unexplained < before.unexplained:
        return (bookings.unknown_was_taken(stamp(), case_id, machine, before.unexplained - after.unexplained),)
    return (bookings.deposit_unknown(stamp(), case_id, machine, after.unexplained - before.unexplained),)


def _explained(
    direction: Direction,
    paid: Money,
    rest: Money,
    case_id: str,
    account: str,
    machine: str,
    stamp: Callable[[], Stamp],
) -> tuple[Entry, ...]:
    """Out of suspense: what is in the hand leaves the machine's cash, what is the customer's goes to the account."""
    in_hand, on_account = (paid, rest) if direction is Direction.OUT else (rest, paid)
    found: list[Entry] = []
    if in_hand:
        found.append(bookings.unknown_was_taken(stamp(), case_id, machine, in_hand))
    if on_account:
        found.append(bookings.unknown_was_kept(stamp(), case_id, account, machine, on_account))
    return tuple(found)
