"""The demonstration bank: people, two customers, a year of history, one machine.

Passwords and PINs are drawn at the first start into ``<data_dir>/demo-credentials.json`` (mode 0600) and are
nowhere else; the database holds their hashes. The people are invented: identity numbers begin with 999999, a
region that does not exist, cards with 9999.

``demo-credentials.json``: ``{"passwords": {login: password}, "cards": {holder: {"pan", "track2", "pin"}}}``.
"""

import json
import secrets
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher

from common.demo_people import CUSTOMER, OLDER_CUSTOMER, Person
from common.wire.base import Amount
from common.wire.sessions import Role
from server.keyfiles import write_atomically
from server.pin import PinVault
from server.services.parts import Parts
from server.services.ports import Principal, UserRecord
from server.store.customerbook import AccountRecord, CardRecord, CustomerRecord
from server.store.unit import Unit
from teller.ledger import bookings
from teller.ledger.bookings import Stamp
from teller.ledger.chart import Role as LedgerRole
from teller.ledger.entries import Entry
from teller.money import Money

CREDENTIALS = "demo-credentials.json"
BRANCH = "青禾支行"
MACHINE, PLACE = "K-02", "东湖自助点"
EXPIRY = "3512"
_LIMIT = Amount(minor=1_000_000)
_DRAWN = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
"""Slow hashing protects passwords that people think up; these are drawn with 96 random bits."""

STAFF = (
    ("T-03", "沈亦舟", Role.TELLER, "03", _LIMIT, None),
    ("T-05", "陆听澜", Role.TELLER, "05", _LIMIT, None),
    ("A-07", "闻人澈", Role.AUTHORISER, None, None, None),
    ("A-11", "秦知微", Role.AUTHORISER, None, None, None),
    ("E-01", "祁连山", Role.ENGINEER, None, None, None),
    ("E-02", "温如许", Role.ENGINEER, None, None, None),
    (MACHINE, PLACE, Role.KIOSK, None, None, PLACE),
    ("ADMIN", "管理员", Role.ADMIN, None, None, None),
)


@dataclass(frozen=True, kw_only=True)
class DemoCustomer(Person):
    """A customer, the card (its number is the account's), and the balance the books must show."""

    phone: str
    card: str
    balance: Money
    opened_on: date
    salary: Money
    shopping: Money
    monthly_cash: Money


CUSTOMERS = (
    DemoCustomer(
        **vars(CUSTOMER),
        phone="19900004821",
        card="9999004182394821",
        balance=Money(6_831_255),
        opened_on=date(2014, 6, 3),
        salary=Money(864_000),
        shopping=Money(123_428),
        monthly_cash=Money(80_000),
    ),
    DemoCustomer(
        **vars(OLDER_CUSTOMER),
        phone="19900007765",
        card="9999004182343307",
        balance=Money(326_040),
        opened_on=date(2011, 9, 1),
        salary=Money(312_000),
        shopping=Money(160_000),
        monthly_cash=Money(30_000),
    ),
)


def demo(parts: Parts, data_dir: Path) -> bool:
    """Fill an empty database; False and no change when there are users already."""
    with parts.database.read() as unit:
        if unit.people.any():
            return False
    known = _credentials(data_dir / CREDENTIALS)
    pins = PinVault(data_dir)
    hashes = {login: _DRAWN.hash(password) for login, password in known["passwords"].items()}
    pin_hashes = {card["pan"]: pins.hash_pin(card["pan"], card["pin"]) for card in known["cards"].values()}
    with parts.database.write() as unit:
        _people(unit, parts, hashes)
        _bank(unit, parts)
        for customer in CUSTOMERS:
            _customer(unit, parts, customer, pin_hashes[customer.card])
    return True


def _credentials(path: Path) -> dict[str, Any]:
    """What an earlier start drew, or drawn now."""
    if not path.exists():
        drawn = {
            "passwords": {number: secrets.token_urlsafe(12) for number, *_ in STAFF},
            "cards": {
                customer.name: {
                    "pan": customer.card,
                    "track2": f"{customer.card}={EXPIRY}2010000000000",
                    "pin": f"{secrets.randbelow(1_000_000):06d}",
                }
                for customer in CUSTOMERS
            },
        }
        text = json.dumps(drawn, ensure_ascii=False, indent=1)
        write_atomically(path, text.encode(), keep_existing=True)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def _people(unit: Unit, parts: Parts, hashes: dict[str, str]) -> None:
    for number, name, role, seat, limit, place in STAFF:
        who = Principal(parts.new_id(), number, name, role, BRANCH, seat, limit, place)
        unit.people.add(UserRecord(who, number, hashes[number]))
    unit.machines.add(MACHINE, PLACE)


def _bank(unit: Unit, parts: Parts) -> None:
    """Opening positions of the bank itself; the machine's cash comes with the machine's first report."""
    for role in (LedgerRole.CENTRAL_BANK, LedgerRole.VAULT_CASH, LedgerRole.CAPITAL):
        unit.ledger.open_account(role)
    at = parts.clock.now() - timedelta(days=400)
    unit.ledger.post(bookings.capital_paid_in(_stamp(parts, at), Money.major(50_000_000)))
    unit.ledger.post(bookings.vault_stocked(_stamp(parts, at), Money.major(5_000_000)))


def _customer(unit: Unit, parts: Parts, customer: DemoCustomer, pin_hash: str) -> None:
    record = CustomerRecord(
        parts.new_id(), customer.name, customer.sex, customer.nation, customer.birth, customer.address,
        customer.id_number, customer.phone,
    )  # fmt: skip
    unit.customers.add_customer(record)
    code = unit.ledger.open_account(LedgerRole.DEMAND_DEPOSIT, customer.card)
    unit.customers.add_account(AccountRecord(customer.card, record.id, code, "CNY", "active", customer.opened_on))
    expires = date(2000 + int(EXPIRY[:2]) + 1, 1, 1)
    unit.customers.add_card(CardRecord(customer.card, customer.card, "active", expires, pin_hash, 3))
    for entry in history(parts, customer):
        unit.ledger.post(entry)
    booked = unit.ledger.balance(code)
    assert booked == customer.balance, "the history ends at the balance it was made for"


def history(parts: Parts, customer: DemoCustomer) -> list[Entry]:
    """A year of salary, rent, shopping and a little cash, ending today at exactly the customer's balance."""
    account, rent = customer.card, Money(customer.salary.minor // 3)
    moves: list[tuple[int, str, Money]] = []
    for month in range(12, 0, -1):
        first = month * 30
        moves += [
            (first, "salary", customer.salary),
            (first - 3, "rent", -rent),
            (first - 9, "shopping", -customer.shopping),
            (first - 14, "cash", -customer.monthly_cash),
        ]
    net = sum(money.minor for _, _, money in moves)
    opening = customer.balance - Money(net)
    return [_moved(parts, account, days, what, money) for days, what, money in [(370, "balance", opening), *moves]]


_WORDS = {
    "balance": ("到期转入", "Matured deposit"),
    "salary": ("工资", "Salary"),
    "rent": ("转账 云水物业", "Transfer Yunshui Property"),
    "shopping": ("消费", "Purchases"),
}


def _moved(parts: Parts, account: str, days_ago: int, what: str, money: Money) -> Entry:
    day: date = parts.today() - timedelta(days=days_ago)
    stamp = _stamp(parts, datetime.combine(day, time(10, 30), parts.bank.zone))
    if what == "cash":
        return bookings.withdrawn_elsewhere(stamp, account, -money)
    zh, en = _WORDS[what]
    if money.minor > 0:
        return bookings.transferred_in(stamp, account, money, zh, en)
    return bookings.transferred_out(stamp, account, -money, zh, en)


def _stamp(parts: Parts, at: datetime) -> Stamp:
    return Stamp(parts.ids.new(), at, parts.bank.day(at))
