"""The bank's books in memory: records and a ledger that refuses what the real one refuses."""

import copy
import uuid
from collections.abc import Mapping
from datetime import UTC, date, datetime

from common.errors import UserError
from teller.ledger.bookings import Stamp
from teller.ledger.chart import Kind, Role, account_code, role_of, row
from teller.ledger.entries import Entry
from teller.money import Money
from teller.passbook import Booked
from teller.transactions.base import Record
from teller.transactions.standing import Standing


class MemoryBooks:
    """Records by kind and key, balances by ledger code (debit positive)."""

    def __init__(self, day: date = date(2026, 11, 22)) -> None:
        self.day = day
        self.records: dict[tuple[str, str], dict[str, str | int | None]] = {}
        self.balances: dict[str, int] = {}
        self.entries: dict[str, Entry] = {}
        self.counters: dict[str, int] = {}
        self.last = 0

    def record(self, kind: str, key: str) -> Record | None:
        found = self.records.get((kind, key))
        return None if found is None else dict(found)

    def of_customer(self, kind: str, customer_id: str) -> Mapping[str, Record]:
        return {
            key: dict(one)
            for (known, key), one in self.records.items()
            if known == kind and one.get("customer_id") == customer_id
        }

    def put(self, kind: str, key: str, record: Record) -> None:
        self.records[kind, key] = dict(record)

    def open_ledger(self, role: Role, of: str = "") -> str:
        code = account_code(role, of)
        self.balances.setdefault(code, 0)
        return code

    def available(self, account: str) -> Money:
        sign = 1 if row(role_of(account)).kind is Kind.ASSET else -1
        return Money(sign * self.balances.get(account, 0))

    def standing(self, number: str) -> Standing | None:
        """Of accounts opened here; what went through them is not kept."""
        found = self.records.get(("account", number))
        account_class = "" if found is None else str(found.get("account_class") or "1")
        return Standing(account_class) if account_class in ("2", "3") else None

    def movements(self, account: str, since: date) -> list[tuple[date, int]]:
        found = [
            (entry.business_date, -posting.amount.minor)
            for entry in self.entries.values()
            for posting in entry.postings
            if posting.account == account and entry.business_date >= since
        ]
        return sorted(found, key=lambda one: one[0], reverse=True)

    def balance(self, account: str) -> Money:
        return self.available(account)

    def postings_after(self, account: str, sequence: int) -> list[Booked]:
        return [
            Booked(number, entry.business_date, entry.kind, Money(-posting.amount.minor), entry.text_zh or "")
            for number, entry in enumerate(self.entries.values(), start=1)
            for posting in entry.postings
            if posting.account == account and number > sequence
        ]

    def last_posting(self, account: str) -> int:
        return max((one.sequence for one in self.postings_after(account, 0)), default=0)

    def post(self, entry: Entry) -> None:
        for posting in entry.postings:
            line = row(role_of(posting.account))
            if posting.account not in self.balances:
                raise UserError("ledger.unknown_account")
            after = self.balances[posting.account] + posting.amount.minor
            if (after if line.kind is Kind.ASSET else -after) < 0 and not line.may_be_negative:
                raise UserError("ledger.overdrawn")
            self.balances[posting.account] = after
        self.entries[str(entry.id)] = entry

    def entry(self, entry_id: str) -> Entry:
        return self.entries[entry_id]

    def number(self, counter: str) -> int:
        self.counters[counter] = self.counters.get(counter, 0) + 1
        return self.counters[counter]

    def stamp(self) -> Stamp:
        self.last += 1
        at = datetime.combine(self.day, datetime.min.time(), UTC)
        return Stamp(uuid.UUID(int=self.last), at, self.day)

    def balances_kept(self) -> dict[str, int]:
        """Balances that are not zero."""
        return {code: minor for code, minor in self.balances.items() if minor}

    def kept(self) -> dict[tuple[str, str], dict[str, str | int | None]]:
        """Records that stand, without what was reversed."""
        return copy.deepcopy({key: one for key, one in self.records.items() if one.get("status") != "reversed"})
