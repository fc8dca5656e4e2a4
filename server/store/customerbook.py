"""Customers, their accounts and cards."""

from dataclasses import asdict, dataclass
from datetime import date

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


@dataclass(frozen=True, slots=True)
class AccountRecord:
    """An account. ``status``: active | frozen | closed."""

    number: str
    customer_id: str
    ledger_code: str
    currency: str
    status: str
    opened_on: date


@dataclass(frozen=True, slots=True)
class CardRecord:
    """A card. ``status``: active | blocked; ``pin_hash`` never leaves the server."""

    number: str
    account: str
    status: str
    expires_on: date
    pin_hash: str
    tries_left: int


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
