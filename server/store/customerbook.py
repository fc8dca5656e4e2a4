"""Customers, their accounts and cards."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from server.store.tables import accounts, cards, customers


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """What the bank knows of a customer."""

    id: str
    name: str
    sex: str
    nation: str
    birth: date
    address: str
    id_number: str
    phone: str | None = None
    kind: str = "person"
    """``company``: name and address are its own, ``id_number`` its credit code, ``birth`` the day it was founded."""


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account. ``status``: active | frozen | dormant | lost | closed | reversed; class: 1 | 2 | 3."""

    number: str
    customer_id: str
    ledger_code: str
    currency: str
    status: str
    opened_on: date
    account_class: str = "1"
    bound_account: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, slots=True)
class CardRecord:
    """A card. ``status``: active | blocked | lost | replaced | no_pin | reversed.

    ``pin_hash`` never leaves the server.
    """

    number: str
    account: str
    status: str
    expires_on: date
    pin_hash: str
    tries_left: int


_TABLES = {
    "customer": (customers, customers.c.id),
    "account": (accounts, accounts.c.number),
    "card": (cards, cards.c.number),
}


class CustomerBook:
    """Who the customers are and what they hold."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_customer(self, record: CustomerRecord) -> None:
        self._connection.execute(customers.insert().values(**asdict(record)))

    def add_account(self, record: AccountRecord) -> None:
        self._connection.execute(accounts.insert().values(**asdict(record)))

    def add_card(self, record: CardRecord) -> None:
        self._connection.execute(cards.insert().values(**asdict(record)))

    def customer(self, customer_id: str) -> CustomerRecord:
        found = self._connection.execute(select(customers).where(customers.c.id == customer_id)).one()
        return CustomerRecord(*found)

    def by_id_number(self, id_number: str) -> CustomerRecord | None:
        found = self._connection.execute(select(customers).where(customers.c.id_number == id_number)).first()
        return None if found is None else CustomerRecord(*found)

    def accounts_of(self, customer_id: str) -> list[AccountRecord]:
        query = select(accounts).where(accounts.c.customer_id == customer_id).order_by(accounts.c.opened_on)
        return [AccountRecord(*found) for found in self._connection.execute(query)]

    def find(self, kind: str, key: str, *, lock: bool = False) -> dict[str, Any] | None:
        """A customer, account or card by its key, as cells. ``lock``: nobody else changes it until this unit ends."""
        table, column = _TABLES[kind]
        query = select(table).where(column == key)
        found = self._connection.execute(query.with_for_update() if lock else query).first()
        return None if found is None else dict(found._mapping)

    def put(self, kind: str, key: str, cells: Mapping[str, Any]) -> None:
        """Store one, new or known."""
        table, column = _TABLES[kind]
        known = self._connection.execute(select(column).where(column == key)).first()
        values = {name: value for name, value in cells.items() if name in table.c}
        if known is None:
            self._connection.execute(table.insert().values(**{**values, column.name: key}))
        else:
            self._connection.execute(table.update().where(column == key).values(**values))

    def account(self, number: str) -> AccountRecord:
        return AccountRecord(*self._connection.execute(select(accounts).where(accounts.c.number == number)).one())

    def card(self, number: str, *, lock: bool = False) -> CardRecord | None:
        query = select(cards).where(cards.c.number == number)
        found = self._connection.execute(query.with_for_update() if lock else query).first()
        return None if found is None else CardRecord(*found)

    def card_tried(self, number: str, tries_left: int, *, blocked: bool) -> None:
        """After a PIN entry."""
        status = {"status": "blocked"} if blocked else {}
        self._connection.execute(cards.update().where(cards.c.number == number).values(tries_left=tries_left, **status))
