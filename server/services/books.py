"""The books of `teller.transactions` on one unit of work: people, accounts, cards in tables, the rest in rows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from server.services.parts import Parts
from server.services.whose import standing_of
from server.store.unit import Unit
from teller.ledger.bookings import Stamp
from teller.ledger.chart import Role
from teller.ledger.entries import Entry
from teller.money import Money
from teller.passbook import Booked
from teller.transactions.base import Cell, Record
from teller.transactions.standing import Standing

MOST_LINES = 100_000
_TYPED = ("customer", "account", "card")
_DATES = ("birth", "opened_on", "expires_on")


class UnitBooks:
    """Reads and writes inside the caller's transaction; ``case_id`` is whose registrations they are."""

    def __init__(self, unit: Unit, parts: Parts, case_id: str) -> None:
        self._unit, self._parts, self._case_id = unit, parts, case_id
        self._found_none: set[tuple[str, str]] = set()

    def record(self, kind: str, key: str) -> Record | None:
        """What is found is nobody else's to change from here on: two who take one transfer back do it once. Where there
        is none, a first one is put only if there is none then either: two who open one company do it once."""
        if kind not in _TYPED:
            known = self._unit.products.get(kind, key, lock=True)
            if known is None:
                self._found_none.add((kind, key))
            return known
        found = self._unit.customers.find(kind, key, lock=True)
        return None if found is None else {name: _cell(value) for name, value in found.items()}

    def of_customer(self, kind: str, customer_id: str) -> Mapping[str, Record]:
        return self._unit.products.of_customer(kind, customer_id)

    def put(self, kind: str, key: str, record: Record) -> None:
        if kind not in _TYPED:
            first, now = (kind, key) in self._found_none, self._parts.clock.now()
            self._unit.products.put(kind, key, record, self._case_id, now, first=first)
            self._found_none.discard((kind, key))
            return
        self._unit.customers.put(kind, key, {name: _value(name, cell) for name, cell in record.items()})

    def open_ledger(self, role: Role, of: str = "") -> str:
        return self._unit.ledger.open_account(role, of)

    def available(self, account: str) -> Money:
        return self._unit.ledger.available(account, but_case=self._case_id)

    def movements(self, account: str, since: date) -> Sequence[tuple[date, int]]:
        lines = self._unit.ledger.statement(account, since, MOST_LINES)
        return [(line.on, line.amount.minor) for line in lines]

    def standing(self, number: str) -> Standing | None:
        if self._unit.customers.find("account", number) is None:
            return None
        return standing_of(self._unit, self._unit.customers.account(number), self._parts.today())

    def post(self, entry: Entry) -> None:
        self._unit.ledger.post(entry)

    def balance(self, account: str) -> Money:
        return self._unit.ledger.balance(account)

    def postings_after(self, account: str, sequence: int) -> Sequence[Booked]:
        return self._unit.ledger.postings_after(account, sequence, MOST_LINES)

    def last_posting(self, account: str) -> int:
        return self._unit.ledger.last_posting(account)

    def entry(self, entry_id: str) -> Entry:
        return self._unit.ledger.entry(entry_id)

    def number(self, counter: str) -> int:
        return self._unit.next_number(counter)

    def stamp(self) -> Stamp:
        return self._parts.stamp()


def _cell(value: Any) -> Cell:
    return value.isoformat() if isinstance(value, date) else value


def _value(name: str, cell: Cell) -> Any:
    return date.fromisoformat(cell) if name in _DATES and isinstance(cell, str) else cell
