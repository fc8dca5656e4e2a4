"""What the services rely on, on every database."""

import threading
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import cast
from uuid import UUID

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from common.errors import ServiceError, UserError
from server.services.books import UnitBooks
from server.services.directory import GuessTable
from server.services.parts import Parts
from server.services.ports import FailedSignOns
from server.store.commandlog import CommandRecord
from server.store.database import Database
from server.store.migrate import config
from server.store.tables import metadata
from teller.ledger import bookings
from teller.ledger.bookings import Stamp
from teller.ledger.chart import Role
from teller.ledger.holds import Hold, HoldState
from teller.money import Money

AT = datetime(2026, 11, 22, 3, 4, 5, 678_901, tzinfo=UTC)
DAY = date(2026, 11, 22)
CODE = "2011:1"
CUSTOMER = {"sex": "F", "nation": "汉", "birth": DAY, "address": "", "id_number": "1"}


def stamp(number: int) -> Stamp:
    return Stamp(UUID(int=number), AT, DAY)


def stocked(database: Database) -> None:
    with database.write() as unit:
        unit.ledger.open_account(Role.CENTRAL_BANK)
        unit.ledger.open_account(Role.DEMAND_DEPOSIT, "1")
        unit.ledger.post(bookings.transferred_in(stamp(1), "1", Money(100_000), "转入", "In"))


def test_the_migrated_schema_is_the_schema(database: Database) -> None:
    database.migrate()
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_schema_can_be_taken_down(database: Database) -> None:
    with database.engine.begin() as connection:
        command.downgrade(config(connection), "base")
    database.migrate()
    stocked(database)


def test_a_unit_is_all_or_nothing(database: Database) -> None:
    def count_and_fail() -> None:
        with database.write() as unit:
            unit.next_number("cases")
            raise RuntimeError("on purpose")

    with pytest.raises(RuntimeError, match="on purpose"):
        count_and_fail()
    with database.write() as unit:
        assert [unit.next_number("cases") for _ in range(3)] == [1, 2, 3]


def test_an_entry_comes_back_as_it_was_booked(database: Database) -> None:
    stocked(database)
    entry = bookings.transferred_out(stamp(2), "1", Money(30_000), "转出", "Out")
    with database.write() as unit:
        unit.ledger.post(entry)
        assert unit.ledger.entry(str(entry.id)) == entry
        assert unit.ledger.balance(CODE) == Money(70_000)
        assert unit.ledger.trial_balance() == {"CNY": 0}
        assert unit.ledger.differences() == {}
        lines = unit.ledger.statement(CODE, DAY, 10)
    assert [(line.kind, line.amount.minor) for line in lines] == [("transfer.out", -30_000), ("transfer.in", 100_000)]


def test_customers_are_never_overdrawn(database: Database) -> None:
    stocked(database)
    with pytest.raises(UserError, match=r"ledger.overdrawn"), database.write() as unit:
        unit.ledger.post(bookings.transferred_out(stamp(3), "1", Money(100_001), "转出", "Out"))
    with pytest.raises(UserError, match=r"ledger.unknown_account"), database.write() as unit:
        unit.ledger.post(bookings.transferred_out(stamp(4), "2", Money(1), "转出", "Out"))


@pytest.mark.parametrize("change", ["UPDATE {0} SET {1} = {1}", "DELETE FROM {0}"])
@pytest.mark.parametrize(("table", "column"), [("entries", "kind"), ("postings", "account"), ("registers", "kind")])
def test_the_database_itself_keeps_what_is_booked(database: Database, change: str, table: str, column: str) -> None:
    stocked(database)
    statement = text(change.format(table, column))
    if table == "registers":
        with database.engine.begin() as connection:
            connection.execute(
                text("INSERT INTO registers (at, kind, who, subject, data) VALUES (CURRENT_TIMESTAMP,'k','w','s','{}')")
            )
    with pytest.raises(DBAPIError, match="append-only"), database.engine.begin() as connection:
        connection.execute(statement)


def test_money_is_reserved_once(database: Database) -> None:
    stocked(database)
    start, refused = threading.Barrier(4), []

    def reserve(number: int) -> None:
        start.wait(10)
        try:
            with database.write() as unit:
                unit.ledger.place_hold(Hold(f"h{number}", CODE, Money(60_000), f"case{number}", AT))
        except UserError as error:
            refused.append(error.code)

    threads = [threading.Thread(target=reserve, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert refused == ["account.insufficient"] * 3
    with database.write() as unit:
        assert unit.ledger.available(CODE) == Money(40_000)
        assert sum(unit.ledger.end_holds(f"case{number}", HoldState.RELEASED, AT) for number in range(4)) == 1
        assert unit.ledger.available(CODE) == Money(100_000)


def test_a_command_key_is_taken_once(database: Database) -> None:
    record = CommandRecord("k" * 36, "T-03", "case.execute", "d" * 64, AT, "started", "{}")
    begun, start = [], threading.Barrier(4)

    def begin() -> None:
        start.wait(10)
        with database.write() as unit:
            begun.append(unit.commands.begin(record))

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(begun) == [False, False, False, True]
    with database.read() as unit:
        assert unit.commands.get(record.key) == record


def test_a_registration_that_somebody_changes_is_read_by_the_next_one_as_changed(database: Database) -> None:
    """A transfer that waits: the second of two who take it back at once must not find it waiting."""
    waiting, revoked = {"status": "waiting"}, {"status": "revoked"}
    with database.write() as unit:
        unit.products.put("transfer", "T1", waiting, "case", AT)
    first_has_it, second_has_it = threading.Event(), threading.Event()
    found: list[object] = []

    def second() -> None:
        first_has_it.wait(10)
        with database.write() as unit:
            found.append(UnitBooks(unit, cast(Parts, None), "other").record("transfer", "T1"))
            second_has_it.set()

    thread = threading.Thread(target=second)
    thread.start()
    with database.write() as unit:
        assert UnitBooks(unit, cast(Parts, None), "case").record("transfer", "T1") == waiting
        first_has_it.set()
        assert not second_has_it.wait(0.3)
        unit.products.put("transfer", "T1", revoked, "case", AT)
    thread.join(10)
    assert found == [revoked]


def test_two_who_find_no_registration_do_not_both_make_the_first_one(database: Database) -> None:
    """A company or a slot: the second one knows of the first one's, or nothing of its unit is kept."""
    parts = cast(Parts, SimpleNamespace(clock=SimpleNamespace(now=lambda: AT)))
    first_found_none, second_found, first_put = (threading.Event() for _ in range(3))
    came_to: list[object] = []

    def second() -> None:
        first_found_none.wait(10)
        try:
            with database.write() as unit:
                books = UnitBooks(unit, parts, "second")
                came_to.append(books.record("company", "C1"))
                second_found.set()
                if came_to == [None]:
                    first_put.wait(10)
                    books.put("company", "C1", {"status": "active", "name": "second"})
        except ServiceError as error:
            came_to.append(error.code)

    thread = threading.Thread(target=second)
    thread.start()
    mine = {"status": "active", "name": "first"}
    with database.write() as unit:
        books = UnitBooks(unit, parts, "first")
        assert books.record("company", "C1") is None
        first_found_none.set()
        second_found.wait(0.3)
        books.put("company", "C1", mine)
        books.put("company", "C1", mine)  # changed again in the same unit
        first_put.set()
    thread.join(10)
    assert came_to in ([mine], [None, "store.unavailable"])
    with database.read() as unit:
        assert unit.products.get("company", "C1") == mine


def test_two_who_open_one_account_in_the_books_open_it_once(database: Database) -> None:
    opened = list[str]()

    def second() -> None:
        with database.write() as unit:
            opened.append(unit.ledger.open_account(Role.CASH_SHORT, "K-02"))

    thread = threading.Thread(target=second)
    with database.write() as unit:
        unit.ledger.open_account(Role.CASH_SHORT, "K-02")
        thread.start()
        thread.join(0.3)  # it looked, found none, and waits for the key
    thread.join(10)
    assert opened == ["1221:K-02"]


def test_a_customers_account_that_somebody_changes_is_read_as_changed(database: Database) -> None:
    with database.write() as unit:
        unit.customers.put("customer", "c", {**CUSTOMER, "name": "顾"})
    has_it, found = threading.Event(), list[object]()

    def second() -> None:
        has_it.wait(10)
        with database.write() as unit:
            record = UnitBooks(unit, cast(Parts, None), "other").record("customer", "c")
            found.append(record and record["name"])

    thread = threading.Thread(target=second)
    thread.start()
    with database.write() as unit:
        UnitBooks(unit, cast(Parts, None), "case").record("customer", "c")
        has_it.set()
        thread.join(0.3)
        assert found == []
        unit.customers.put("customer", "c", {"name": "顾南枝"})
    thread.join(10)
    assert found == ["顾南枝"]


def test_wrong_passwords_that_come_at_once_are_all_counted(database: Database) -> None:
    table, together = GuessTable(database, keep=4), threading.Barrier(6)

    def one_more(known: FailedSignOns | None) -> FailedSignOns:
        return FailedSignOns("a" * 64, (known.count if known else 0) + 1, AT, AT)

    def guess() -> None:
        together.wait(10)
        table.change("a" * 64, one_more)

    threads = [threading.Thread(target=guess) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert table.get("a" * 64) == FailedSignOns("a" * 64, 6, AT, AT)


def test_a_naive_moment_has_no_place_in_the_books(database: Database) -> None:
    record = CommandRecord("k", "T", "n", "d", datetime(2026, 1, 1), "started", "{}")  # noqa: DTZ001
    with pytest.raises(Exception, match="naive"), database.write() as unit:
        unit.commands.begin(record)


@pytest.mark.expects_log("database unavailable")
def test_a_database_out_of_reach_is_said_so() -> None:
    absent = Database("postgresql://nobody@127.0.0.1:9/none?connect_timeout=2")
    with pytest.raises(ServiceError) as failure:
        absent.check()
    absent.close()
    assert (failure.value.code, failure.value.retryable) == ("store.unavailable", True)


def test_sqlite_runs_as_it_must(tmp_path: object, database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("about SQLite")
    with database.engine.connect() as connection:
        said = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in
                ("journal_mode", "foreign_keys", "synchronous", "busy_timeout")}  # fmt: skip
    assert said == {"journal_mode": "wal", "foreign_keys": 1, "synchronous": 2, "busy_timeout": 5000}
