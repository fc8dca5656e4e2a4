"""Which entries belong to which step of a movement: the books follow the counters, never a guess."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from common.wire.cases import CashState
from teller.cash.movement import HANDED_OVER, CashMovement, Direction
from teller.ledger import bookings
from teller.ledger.bookings import Stamp
from teller.ledger.chart import Role
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
    differences: "Differences | None" = None,
) -> tuple[Entry, ...]:
    """What to book when a movement goes from one state to another.

    Args:
        account: number of the customer's account.
        stamp: makes identity and time for one entry.
        posted: the payout's own entry (out).
        differences: what is unexplained at the machine; needed where the movement is, or was, in suspense.
    """
    handed = after.outcome is not None and after.outcome.error == HANDED_OVER
    if CashState.SUSPENSE in (before.state, after.state):
        assert differences is not None, "of an item it has to be known what is unexplained beside it"
        suspense = _Suspense(case_id, machine, stamp, differences, handed, None if posted is None else posted.id)
    if after.state is CashState.SUSPENSE:
        return suspense.entered(before, after)
    if not after.ended or before.state is after.state:
        return ()
    paid, rest = after.paid, after.amount - after.paid
    if before.state is CashState.SUSPENSE:
        return suspense.explained(before, paid, account)
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


@dataclass(frozen=True, slots=True)
class Differences:
    """What counts have left unexplained at a machine: missing, and too much.

    ``counted``: every note of it was counted since its counters were read for the movement in question.
    """

    short: Money
    over: Money
    counted: bool = False


@dataclass(frozen=True, slots=True)
class _Suspense:
    """Entries of one item: at any time the machine's cash has what the counters say lies inside.

    Once all notes were counted, the machine's cash is right whatever becomes of the item: then its explanation explains
    the difference of that count. What is handed over by persons comes out of the vault, not out of the machine.
    """

    case_id: str
    machine: str
    stamp: Callable[[], Stamp]
    differences: Differences
    handed: bool
    posted: UUID | None = None

    def entered(self, before: CashMovement, after: CashMovement) -> tuple[Entry, ...]:
        """Nobody can say, or the counters say of an item that stays one how much lies inside."""
        new = before.state is not CashState.SUSPENSE
        zero = Money.zero(after.amount.currency)
        if after.direction is Direction.IN:
            return self._inside(after.unexplained - (zero if new else before.unexplained))
        posted = bookings.payout_unknown(self.stamp(), self.case_id, self.machine, after.amount)
        return (*((posted,) if new else ()), *self._gone(after.amount, before.left, after.left))

    def explained(self, before: CashMovement, paid: Money, account: str) -> tuple[Entry, ...]:
        """What is in the hand leaves the machine's cash, what is the customer's goes to the account."""
        if before.direction is Direction.IN:
            return (*self._inside(paid - before.unexplained), *self._kept(account, paid))
        rest = before.amount - paid if paid < before.amount else Money.zero(paid.currency)
        return (*self._gone(before.amount, before.left, paid), *self._kept(account, rest))

    def _inside(self, more: Money) -> tuple[Entry, ...]:
        """So much more lies inside than the books have it, or less."""
        if not more:
            return ()
        if self.handed and more.minor < 0:
            return (bookings.handed_over(self.stamp(), self.case_id, self.machine, -more),)
        if self.differences.counted:
            return self._of_the_count(more)
        if more.minor > 0:
            return (bookings.deposit_unknown(self.stamp(), self.case_id, self.machine, more),)
        return (bookings.unknown_was_taken(self.stamp(), self.case_id, self.machine, -more),)

    def _of_the_count(self, more: Money) -> tuple[Entry, ...]:
        if more.minor > 0:
            book, amount, first, other = bookings.inside_at_the_count, more, Role.CASH_OVER, Role.CASH_SHORT
            known = min(amount, self.differences.over)
        else:
            book, amount, first, other = bookings.gone_at_the_count, -more, Role.CASH_SHORT, Role.CASH_OVER
            known = min(amount, self.differences.short)
        parts = ((known, first), (amount - known, other))
        return tuple(book(self.stamp(), self.case_id, self.machine, part, role) for part, role in parts if part)

    def _gone(self, posted: Money, before: Money, now: Money) -> tuple[Entry, ...]:
        """Of a payout ``now`` has left the machine; the books had ``before``. What nobody has paid for is missing."""
        zero = Money.zero(posted.currency)
        short = max(now - posted, zero) - max(before - posted, zero)
        found = self._inside(-(now - before - short))
        if self.differences.counted:
            return found  # what nobody has paid for was missed at the count
        if short.minor > 0:
            return (*found, bookings.count_short(self.stamp(), self.machine, short))
        return (*found, *self._inside_after_all(-short))

    def _inside_after_all(self, amount: Money) -> tuple[Entry, ...]:
        """Notes that were missing; what persons have explained otherwise meanwhile is too much now."""
        missing = min(amount, self.differences.short)
        parts = ((bookings.short_found, missing), (bookings.count_over, amount - missing))
        return tuple(book(self.stamp(), self.machine, part) for book, part in parts if part)

    def _kept(self, account: str, amount: Money) -> tuple[Entry, ...]:
        if not amount:
            return ()
        return (bookings.unknown_was_kept(self.stamp(), self.case_id, account, self.machine, amount, self.posted),)
