"""Transfers that wait for their time are sent when it has come: from clearing to the payee, each in its own unit."""

from common.errors import UserError
from server.services.books import UnitBooks
from server.services.parts import Parts
from teller.ledger.bookings import customer_account
from teller.ledger.chart import Role
from teller.ledger.entries import Entry, credit, debit
from teller.money import Money
from teller.transactions.limits import back_kind, in_kind
from teller.transactions.transfers import payee_code, require_payee


class Sending:
    """``send_due`` may be called by anybody; :mod:`server.duties` does it now and then."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts

    def send_due(self) -> int:
        """Send what is due now; how many there were."""
        now = self._parts.clock.now().isoformat()
        with self._parts.database.read() as unit:
            waiting = [key for key, cells in unit.products.in_state("transfer", "waiting") if cells["due"] <= now]
        return sum(self._send(number) for number in waiting)

    def _send(self, number: str) -> bool:
        """In one unit: whoever revoked it meanwhile has won. What the payee cannot take goes back to who sent it."""
        with self._parts.database.write() as unit:
            found = unit.products.get("transfer", number, lock=True)
            if found is None or found["status"] != "waiting":
                return False
            books = UnitBooks(unit, self._parts, found["case_id"])
            clearing, stamp, amount = books.open_ledger(Role.TRANSFER_CLEARING), books.stamp(), Money(found["minor"])
            payee, sender = found["payee_account"], found["account"]
            why: str | None = None
            try:
                require_payee(books, payee, amount, sender, stamp.business_date)
            except UserError as refused:
                kind = back_kind("transfer.returned", found.get("made_on"), stamp.business_date)
                kind = in_kind(kind, books.record("account", sender), payee)
                target, status, why = customer_account(sender), "returned", refused.code
            else:
                kind = in_kind("transfer.sent", books.record("account", payee), sender)
                target, status = payee_code(books, payee), "sent"
            postings = (debit(clearing, amount), credit(target, amount))
            books.post(Entry(stamp.id, kind, stamp.at, stamp.business_date, postings, found["case_id"]))
            books.put("transfer", number, {**found, "status": status, "why": why})
        return True
