"""A unit of work: one transaction, and the repositories that work inside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property

from sqlalchemy import Connection, text

from server.store.capturebook import CaptureBook
from server.store.casebook import CaseBook
from server.store.cashbook import CashBook
from server.store.commandlog import CommandLog
from server.store.customerbook import CustomerBook
from server.store.facebook import FaceBook
from server.store.identitybook import IdentityBook
from server.store.ledgerbook import LedgerBook
from server.store.machinebook import MachineBook
from server.store.orderbook import OrderBook
from server.store.people import People
from server.store.productbook import ProductBook
from server.store.registerbook import RegisterBook
from server.store.replenishmentbook import ReplenishmentBook
from server.store.sealbook import SealBook
from server.store.suspectbook import SuspectBook
from server.store.suspensebook import SuspenseBook
from server.store.taskbook import TaskBook
from server.store.turnoverbook import TurnoverBook
from server.store.voucherbook import VoucherBook


class Unit:
    """Repositories that share one transaction. Commit and rollback belong to `server.store.database.Database`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def connection(self) -> Connection:
        """The transaction's own connection, for what no repository does (benchmarks)."""
        return self._connection

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """What happens inside is kept only if nothing raises; the unit itself goes on either way."""
        with self._connection.begin_nested():
            yield

    @cached_property
    def cases(self) -> CaseBook:
        return CaseBook(self._connection)

    @cached_property
    def captures(self) -> CaptureBook:
        return CaptureBook(self._connection)

    @cached_property
    def tasks(self) -> TaskBook:
        return TaskBook(self._connection)

    @cached_property
    def cash(self) -> CashBook:
        return CashBook(self._connection)

    @cached_property
    def replenishments(self) -> ReplenishmentBook:
        return ReplenishmentBook(self._connection)

    @cached_property
    def ledger(self) -> LedgerBook:
        return LedgerBook(self._connection)

    @cached_property
    def turnover(self) -> TurnoverBook:
        return TurnoverBook(self._connection)

    @cached_property
    def customers(self) -> CustomerBook:
        return CustomerBook(self._connection)

    @cached_property
    def identity(self) -> IdentityBook:
        return IdentityBook(self._connection)

    @cached_property
    def faces(self) -> FaceBook:
        return FaceBook(self._connection)

    @cached_property
    def products(self) -> ProductBook:
        return ProductBook(self._connection)

    @cached_property
    def people(self) -> People:
        return People(self._connection)

    @cached_property
    def machines(self) -> MachineBook:
        return MachineBook(self._connection)

    @cached_property
    def suspense(self) -> SuspenseBook:
        return SuspenseBook(self._connection)

    @cached_property
    def suspects(self) -> SuspectBook:
        return SuspectBook(self._connection)

    @cached_property
    def orders(self) -> OrderBook:
        return OrderBook(self._connection)

    @cached_property
    def vouchers(self) -> VoucherBook:
        return VoucherBook(self._connection)

    @cached_property
    def commands(self) -> CommandLog:
        return CommandLog(self._connection)

    @cached_property
    def seals(self) -> SealBook:
        return SealBook(self._connection)

    @cached_property
    def registers(self) -> RegisterBook:
        return RegisterBook(self._connection)

    def next_number(self, counter: str) -> int:
        """Count up: 1, 2, 3 … without a gap, as long as the unit is committed."""
        statement = text(
            "INSERT INTO counters (name, value) VALUES (:name, 1) "
            "ON CONFLICT (name) DO UPDATE SET value = counters.value + 1 RETURNING value"
        )
        value: int = self._connection.execute(statement, {"name": counter}).scalar_one()
        return value
