"""The demo bank: equal to the people on the specimen cards, books that balance, secrets nowhere but in their file."""

from pathlib import Path

from server import seed
from teller.forms import id_number
from teller.ledger.bookings import customer_account
from tests.fakes.counter import Counter
from tools.demo_people import CUSTOMER, OLDER_CUSTOMER


def test_the_bank_knows_the_people_on_the_cards() -> None:
    for customer, person in zip(seed.CUSTOMERS, (CUSTOMER, OLDER_CUSTOMER), strict=True):
        assert vars(person).items() <= vars(customer).items()
        assert id_number.problem(customer.id_number) is None


def test_a_year_of_history_ends_at_the_balance(counter: Counter) -> None:
    counter.books.are_right()
    with counter.database.read() as unit:
        for customer in seed.CUSTOMERS:
            code = customer_account(customer.card)
            lines = unit.ledger.statement(code, customer.opened_on, 999)
            assert len({f"{line.on:%Y-%m}" for line in lines}) >= 12
            assert sum(line.amount.minor for line in lines) == customer.balance.minor
            running = 0
            for line in reversed(lines):
                running += line.amount.minor
                assert running >= 0


def test_secrets_are_not_in_the_database(counter: Counter, bank: Path) -> None:
    stored = b"".join(file.read_bytes() for file in bank.glob("guitai.sqlite3*"))
    for card in counter.cards.values():
        assert card["track2"].encode() not in stored
    assert b"$argon2" in stored


def test_seeding_twice_changes_nothing(counter: Counter) -> None:
    assert not seed.demo(counter.parts, counter.folder)


def test_an_older_customer_and_a_low_balance(counter: Counter) -> None:
    older = seed.CUSTOMERS[1]
    assert id_number.age_on(older.birth, counter.parts.today()) >= 60
    assert counter.books.balance(customer_account(older.card)) == 326_040
