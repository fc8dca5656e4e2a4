"""Carrying a case out as one unit, and undoing it. Whoever calls owns the transaction: what raises leaves nothing."""

from dataclasses import dataclass
from typing import Any, Protocol

from common.errors import UserError
from teller.ledger.bookings import Stamp
from teller.ledger.entries import Entry, reversal
from teller.scenarios.composition import bars, transactions
from teller.scenarios.definition import Definition
from teller.transactions import limits
from teller.transactions.base import Bar, Books, Change, Done, Work


@dataclass(frozen=True, slots=True)
class Effects:
    """What a case did: registrations and entries in order, and each transaction's words.

    Attributes:
        account, customer: whose the case is after it.
    """

    changes: tuple[Change, ...] = ()
    entries: tuple[str, ...] = ()
    done: tuple[Done, ...] = ()
    account: str = ""
    customer: str = ""


def refusal(bar: Bar) -> UserError:
    """The bar as something a person can be told."""
    params: dict[str, Any] = dict(bar.params)
    return UserError(bar.code, rule=bar.rule, **params)


def carry_out(definition: Definition, chosen: frozenset[str], work: Work) -> Effects:
    """All transactions in their order.

    Raises:
        UserError: whatever a transaction refuses with; ``transaction.barred`` (``code``) when one may no longer be
            done (the customer opened an account elsewhere meanwhile); ``class_limit.…`` when the money no longer fits.
    """
    atomics = transactions(definition, chosen)
    limits.require(atomics, work.values, work.facts)
    barred = bars(definition, work.facts)
    for atomic in atomics:
        if atomic.code in barred:
            raise refusal(barred[atomic.code])
        atomic.do(atomic, work)
    return Effects(tuple(work.changes), tuple(work.entries), tuple(work.done), work.account, work.customer)


class History(Books, Protocol):
    """Books that also show what was posted."""

    def entry(self, entry_id: str) -> Entry: ...


def undo(effects: Effects, books: History) -> tuple[str, ...]:
    """Reverse every entry and every registration (冲正), last first; ids of the reversing entries.

    What was new is kept and marked ``reversed``: nothing is ever deleted.

    Raises:
        UserError: ``reversal.superseded`` (``kind``) when somebody changed a record since;
            ``ledger.overdrawn`` when the money is no longer there.
    """
    for change in reversed(effects.changes):
        now = books.record(change.kind, change.key)
        if now is None or any(now.get(name) != cell for name, cell in change.after.items()):
            raise UserError("reversal.superseded", kind=change.kind)
        back = change.before if change.before is not None else {**change.after, "status": "reversed"}
        books.put(change.kind, change.key, back)
    made: list[str] = []
    for entry_id in reversed(effects.entries):
        stamp: Stamp = books.stamp()
        back_entry = reversal(books.entry(entry_id), id=stamp.id, at=stamp.at, business_date=stamp.business_date)
        books.post(back_entry)
        made.append(str(back_entry.id))
    return tuple(made)
