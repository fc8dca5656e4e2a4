"""The books: accounts, entries, holds. Balances are kept beside the postings and checked against them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Connection, and_, func, select, text

from common.errors import UserError
from server.store.tables import entries, holds, ledger_accounts, postings
from teller.ledger.chart import Kind, Role, account_code, row
from teller.ledger.entries import Entry, Posting
from teller.ledger.holds import Hold, HoldState
from teller.money import Money
from teller.passbook import Booked

_OPEN_ACCOUNT = text(
    "INSERT INTO ledger_accounts (code, role, kind, currency, balance_minor) "
    "VALUES (:code, :role, :kind, :currency, 0) ON CONFLICT (code) DO NOTHING"
)


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One posting on an account; credit positive (what a customer sees as coming in)."""

    on: date
    kind: str
    amount: Money
    text_zh: str | None
    text_en: str | None


class LedgerBook:
    """Posts, and says how much is where. What is posted is never changed (the database refuses it as well)."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open_account(self, role: Role, of: str = "", currency: str = "CNY") -> str:
        """Make the ledger account of a role when it is not there; its code."""
        code = account_code(role, of)
        known = select(ledger_accounts.c.code).where(ledger_accounts.c.code == code)
        if self._connection.execute(known).first() is None:
            kind = row(role).kind.value
            values = {"code": code, "role": role.value, "kind": kind, "currency": currency}
            self._connection.execute(_OPEN_ACCOUNT, values)  # two who open it in one moment open it once
        return code

    def post(self, entry: Entry) -> None:
        """Book an entry.

        Raises:
            UserError: ``ledger.unknown_account``, ``ledger.overdrawn`` (``amount``, ``available``, ``currency``),
                ``money.currencies_differ``.
        """
        effects = {posting.account: entry.effect(posting.account) for posting in entry.postings}
        self._move_balances(effects, {posting.amount.currency for posting in entry.postings})
        values = {
            "id": str(entry.id),
            "kind": entry.kind,
            "at": entry.at,
            "business_date": entry.business_date,
            "case_id": entry.case_id,
            "reverses": None if entry.reverses is None else str(entry.reverses),
            "text_zh": entry.text_zh,
            "text_en": entry.text_en,
        }
        sequence = self._connection.execute(entries.insert().returning(entries.c.sequence), values).scalar_one()
        lines = [
            {
                "entry_sequence": sequence,
                "line": line,
                "account": posting.account,
                "amount_minor": posting.amount.minor,
                "currency": posting.amount.currency,
            }
            for line, posting in enumerate(entry.postings, start=1)
        ]
        self._connection.execute(postings.insert(), lines)

    def _move_balances(self, effects: dict[str, int], currencies: set[str]) -> None:
        table = ledger_accounts.c
        query = select(table.code, table.role, table.kind, table.currency, table.balance_minor)
        # Locked in one order everywhere, so that two postings never wait for each other.
        locked = query.where(table.code.in_(effects)).order_by(table.code).with_for_update()
        rows = {each.code: each for each in self._connection.execute(locked)}
        for code, effect in effects.items():
            if code not in rows:
                raise UserError("ledger.unknown_account")
            account = rows[code]
            if currencies != {account.currency}:
                raise UserError("money.currencies_differ", one=account.currency, other=min(currencies))
            after = account.balance_minor + effect
            sign = 1 if account.kind == Kind.ASSET else -1
            normal, before = sign * after, sign * account.balance_minor
            if normal < 0 and normal < before and not row(Role(account.role)).may_be_negative:
                raise UserError("ledger.overdrawn", available=before, currency=account.currency)
            update = ledger_accounts.update().where(table.code == code)
            self._connection.execute(update.values(balance_minor=table.balance_minor + effect))

    def entry(self, entry_id: str) -> Entry:
        """An entry as it was booked. Raises ``ledger.unknown_entry``."""
        head = self._connection.execute(select(entries).where(entries.c.id == entry_id)).first()
        if head is None:
            raise UserError("ledger.unknown_entry")
        query = select(postings).where(postings.c.entry_sequence == head.sequence).order_by(postings.c.line)
        lines = tuple(
            Posting(line.account, Money(line.amount_minor, line.currency)) for line in self._connection.execute(query)
        )
        reverses = None if head.reverses is None else UUID(head.reverses)
        return Entry(
            UUID(head.id), head.kind, head.at, head.business_date, lines, head.case_id, reverses,
            head.text_zh, head.text_en,
        )  # fmt: skip

    def is_empty(self) -> bool:
        return self._connection.execute(select(entries.c.sequence).limit(1)).first() is None

    # --- balances ---

    def balance(self, code: str) -> Money:
        """What an asset account holds, what a liability account owes. Raises ``ledger.unknown_account``."""
        table = ledger_accounts.c
        found = select(table.kind, table.balance_minor, table.currency).where(table.code == code)
        account = self._connection.execute(found).first()
        if account is None:
            raise UserError("ledger.unknown_account")
        sign = 1 if account.kind == Kind.ASSET else -1
        return Money(sign * account.balance_minor, account.currency)

    def available(self, code: str, *, but_case: str | None = None) -> Money:
        """The balance less active holds, without those of one case."""
        held = select(func.coalesce(func.sum(holds.c.amount_minor), 0)).where(
            holds.c.account == code, holds.c.state == HoldState.ACTIVE.value
        )
        if but_case is not None:
            held = held.where(holds.c.case_id != but_case)
        balance = self.balance(code)
        return balance - Money(int(self._connection.execute(held).scalar_one()), balance.currency)

    def trial_balance(self) -> dict[str, int]:
        """Sum of all balances a currency: zero, or the books are wrong."""
        query = select(ledger_accounts.c.currency, func.sum(ledger_accounts.c.balance_minor))
        rows = self._connection.execute(query.group_by(ledger_accounts.c.currency))
        return {currency: int(total) for currency, total in rows}

    def differences(self) -> dict[str, int]:
        """Accounts whose kept balance is not the sum of their postings, and by how much: empty, or a bug."""
        booked = select(postings.c.account, func.sum(postings.c.amount_minor).label("total")).group_by(
            postings.c.account
        )
        sums = {account: int(total) for account, total in self._connection.execute(booked)}
        kept = self._connection.execute(select(ledger_accounts.c.code, ledger_accounts.c.balance_minor))
        return {code: minor - sums.get(code, 0) for code, minor in kept if minor != sums.get(code, 0)}

    # --- holds ---

    def place_hold(self, hold: Hold) -> None:
        """Reserve; the account's row is locked so that two cases never reserve the same money."""
        lock = select(ledger_accounts.c.code).where(ledger_accounts.c.code == hold.account).with_for_update()
        self._connection.execute(lock).first()
        available = self.available(hold.account)
        if hold.amount > available:
            raise UserError(
                "account.insufficient",
                amount=hold.amount.minor,
                available=max(available.minor, 0),
                currency=hold.amount.currency,
            )
        self._connection.execute(
            holds.insert().values(
                id=hold.id,
                account=hold.account,
                amount_minor=hold.amount.minor,
                currency=hold.amount.currency,
                case_id=hold.case_id,
                state=hold.state.value,
                placed_at=hold.placed_at,
            )
        )

    def end_holds(self, case_id: str, state: HoldState, at: datetime) -> int:
        """End the active holds of a case; how many there were."""
        mine = and_(holds.c.case_id == case_id, holds.c.state == HoldState.ACTIVE.value)
        ended = self._connection.execute(holds.update().where(mine).values(state=state.value, ended_at=at))
        return ended.rowcount

    # --- statements ---

    def largest_out(self, code: str, since: date, kinds: Iterable[str]) -> Money | None:
        """The largest amount of these kinds that left the account, less what of it came back; None: there was none."""
        back = (
            select(entries.c.reverses, func.sum(postings.c.amount_minor).label("minor"))
            .join(postings, postings.c.entry_sequence == entries.c.sequence)
            .where(postings.c.account == code, entries.c.reverses.is_not(None))
            .group_by(entries.c.reverses)
            .subquery()
        )
        left = postings.c.amount_minor + func.coalesce(back.c.minor, 0)
        query = (
            select(func.max(left), func.max(postings.c.currency))
            .join(entries, postings.c.entry_sequence == entries.c.sequence)
            .outerjoin(back, back.c.reverses == entries.c.id)
            .where(
                postings.c.account == code,
                entries.c.business_date >= since,
                entries.c.kind.in_(list(kinds)),
                left > 0,
            )
        )
        minor, currency = self._connection.execute(query).one()
        return None if minor is None else Money(int(minor), currency)

    def postings_after(self, code: str, sequence: int, limit: int) -> Sequence[Booked]:
        """What was booked after an entry, oldest first."""
        query = (
            select(entries.c.sequence, entries.c.business_date, entries.c.kind, postings.c.amount_minor,
                   postings.c.currency, entries.c.text_zh)
            .join(postings, postings.c.entry_sequence == entries.c.sequence)
            .where(postings.c.account == code, entries.c.sequence > sequence)
            .order_by(entries.c.sequence)
            .limit(limit)
        )  # fmt: skip
        return [
            Booked(number, on, kind, Money(-minor, currency), text or "")
            for number, on, kind, minor, currency, text in self._connection.execute(query)
        ]

    def last_posting(self, code: str) -> int:
        """Sequence of the newest entry on an account; 0: none."""
        query = select(func.max(postings.c.entry_sequence)).where(postings.c.account == code)
        return int(self._connection.execute(query).scalar() or 0)

    def statement(self, code: str, since: date, limit: int, kinds: Iterable[str] = ()) -> Sequence[StatementLine]:
        """Newest first."""
        query = (
            select(entries.c.business_date, entries.c.kind, postings.c.amount_minor, postings.c.currency,
                   entries.c.text_zh, entries.c.text_en)
            .join(postings, postings.c.entry_sequence == entries.c.sequence)
            .where(postings.c.account == code, entries.c.business_date >= since)
            .order_by(entries.c.business_date.desc(), entries.c.sequence.desc())
            .limit(limit)
        )  # fmt: skip
        if wanted := list(kinds):
            query = query.where(entries.c.kind.in_(wanted))
        return [
            StatementLine(on, kind, Money(-minor, currency), text_zh, text_en)
            for on, kind, minor, currency, text_zh, text_en in self._connection.execute(query)
        ]
