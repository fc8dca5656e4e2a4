"""Transfers that wait for their time are sent when it has come: from clearing to the payee, each in its own unit."""

import logging
import threading

from common.errors import AppError
from server.services.books import UnitBooks
from server.services.parts import Parts
from teller.ledger.chart import Role
from teller.ledger.entries import Entry, credit, debit
from teller.money import Money
from teller.transactions.transfers import payee_code

log = logging.getLogger(__name__)
EVERY_S = 20.0


class Sending:
    """Looks now and then in a thread of its own; closed by whoever made it. ``send_due`` may be called by anybody."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sending", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                if sent := self.send_due():
                    log.info("transfers sent", extra={"count": sent})
            except AppError as error:
                log.warning("sending put off", extra={"code": error.code})
            self._stop.wait(EVERY_S)

    def send_due(self) -> int:
        """Send what is due now; how many there were."""
        now = self._parts.clock.now().isoformat()
        with self._parts.database.read() as unit:
            waiting = [key for key, cells in unit.products.in_state("transfer", "waiting") if cells["due"] <= now]
        return sum(self._send(number) for number in waiting)

    def _send(self, number: str) -> bool:
        """In one unit: whoever revoked it meanwhile has won."""
        with self._parts.database.write() as unit:
            found = unit.products.get("transfer", number, lock=True)
            if found is None or found["status"] != "waiting":
                return False
            books = UnitBooks(unit, self._parts, found["case_id"])
            clearing, stamp, amount = books.open_ledger(Role.TRANSFER_CLEARING), books.stamp(), Money(found["minor"])
            postings = (debit(clearing, amount), credit(payee_code(books, found["payee_account"]), amount))
            books.post(Entry(stamp.id, "transfer.sent", stamp.at, stamp.business_date, postings, found["case_id"]))
            books.put("transfer", number, {**found, "status": "sent"})
        return True
