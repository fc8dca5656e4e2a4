"""What an atomic transaction is, and the hands it works with. Nothing here knows a database."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Protocol

from common.errors import UserError
from teller.forms.fields import FieldSpec, Problem
from teller.ledger.bookings import Stamp, customer_account
from teller.ledger.chart import Role
from teller.ledger.entries import Entry, Posting, credit, debit
from teller.money import CNY, Money, parse, shown
from teller.passbook import Booked
from teller.signers import Signing
from teller.transactions.standing import Flow, Standing
from teller.vouchers import VoucherBlock, VoucherLine, Words

Cell = str | int | None
Record = Mapping[str, Cell]


class Presence(StrEnum):
    """Whether bank staff stand beside the customer and have seen the papers themselves."""

    ON_SITE = "on_site"
    REMOTE = "remote"


@dataclass(frozen=True, slots=True)
class Change:
    """One registration: a record of the bank before and after. ``before`` None: it is new."""

    kind: str
    key: str
    before: dict[str, Cell] | None
    after: dict[str, Cell]


class Books(Protocol):
    """The bank's records and ledger inside one unit of work."""

    def record(self, kind: str, key: str) -> Record | None: ...

    def of_customer(self, kind: str, customer_id: str) -> Mapping[str, Record]: ...

    def put(self, kind: str, key: str, record: Record) -> None: ...

    def open_ledger(self, role: Role, of: str = "") -> str: ...

    def available(self, account: str) -> Money:
        """Balance of a ledger account less what is held for other cases."""

    def movements(self, account: str, since: date) -> Sequence[tuple[date, int]]:
        """Day and minor units of each posting since a day, newest first; in for the customer is positive."""

    def standing(self, number: str) -> Standing | None:
        """How an account of a limited class stands; None: no class limits it, or it is not of this bank."""

    def post(self, entry: Entry) -> None: ...

    def balance(self, account: str) -> Money: ...

    def postings_after(self, account: str, sequence: int) -> Sequence[Booked]:
        """What was booked on an account after a posting, oldest first."""

    def last_posting(self, account: str) -> int:
        """Number of the newest posting on an account; 0: none."""

    def number(self, counter: str) -> int: ...

    def stamp(self) -> Stamp: ...


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of customer and case before a transaction is carried out.

    Attributes:
        chosen: codes of the transactions of this case. accounts: class to number of accounts the customer holds.
        has_account: a card or account stands behind the case already.
        standing: how that account stands when a class limits it.
        stock: things that the machine of the case gives out (card, ukey, certificate), with how many it has: ok, low,
            empty…; what it has no device for is not among them.
        signs: the person of the form before what the bank knows of the company; None: no company, or not yet.
        agent: accounts that the agent of the form has opened for others at this bank; None: nobody acts.
    """

    day: date
    presence: Presence
    chosen: frozenset[str] = frozenset()
    age: int | None = None
    known_customer: bool = False
    accounts: Mapping[str, int] = field(default_factory=dict)
    has_account: bool = False
    account_class: str = ""
    standing: Standing | None = None
    agent: int | None = None
    signs: Signing | None = None
    stock: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bar:
    """Why a transaction cannot be done now, by code, with the row of the rule table it rests on."""

    code: str
    params: tuple[tuple[str, Cell], ...] = ()
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """One transaction that was carried out, everything personal masked.

    Attributes:
        reference: of this very transaction: case number and place, ``0312-0047/03``.
        amount_minor: whole minor units of ``currency`` (ISO 4217); None where no money moved.
    """

    code: str
    number: str
    title: Words
    reference: str
    lines: tuple[VoucherLine, ...] = ()
    amount_minor: int | None = None
    currency: str = CNY

    def on_voucher(self) -> VoucherBlock:
        """Its part of the voucher."""
        amount = "" if self.amount_minor is None else shown(Money(self.amount_minor, self.currency))
        title = Words(f"{self.number} {self.title.zh}", f"{self.number} {self.title.en}")
        reference = VoucherLine("流水号", "Reference", self.reference)
        return VoucherBlock(title, (*self.lines, reference), amount)


Values = Mapping[str, str]


def money_of(values: Values, name: str) -> Money:
    """An amount of the form; zero where it is empty or no amount (the form's own check says so)."""
    try:
        return parse(values.get(name, "") or "0")
    except UserError:
        return Money.zero()


class Work:
    """One case being carried out: reads and changes the books, and keeps what it did.

    Attributes:
        account: number of the account that money comes from or goes to; the first one opened, or the card's.
        customer: id of the customer; empty until `customer_record` has found or made it.
    """

    def __init__(
        self,
        books: Books,
        facts: Facts,
        values: Values,
        *,
        case_id: str,
        number: str,
        machine: str,
        pin_hash: str = "",
        pin_owner: str = "",
    ) -> None:
        self.books, self.facts, self.values = books, facts, values
        self.case_id, self.number, self.machine = case_id, number, machine
        self.pin_hash, self.pin_owner = pin_hash, pin_owner
        self.account = self.customer = self.card = ""
        self.changes: list[Change] = []
        self.entries: list[str] = []
        self.done: list[Done] = []

    def text(self, name: str) -> str:
        return self.values.get(name, "").strip()

    def money(self, name: str) -> Money:
        return money_of(self.values, name)

    def record(self, kind: str, key: str) -> Record:
        """Raises ``record.unknown`` (``kind``)."""
        found = self.books.record(kind, key)
        if found is None:
            raise UserError("record.unknown", kind=kind)
        return found

    def put(self, kind: str, key: str, /, **cells: Cell) -> None:
        """Register: the record's cells change, others stay."""
        before = self.books.record(kind, key)
        after = {**(before or {}), **cells}
        self.books.put(kind, key, after)
        self.changes.append(Change(kind, key, None if before is None else dict(before), after))

    def post(self, kind: str, *postings: Posting, zh: str | None = None, en: str | None = None) -> None:
        stamp = self.books.stamp()
        entry = Entry(stamp.id, kind, stamp.at, stamp.business_date, postings, self.case_id, None, zh, en)
        self.books.post(entry)
        self.entries.append(str(entry.id))

    def move(self, kind: str, source: str, target: str, amount: Money, zh: str = "", en: str = "") -> None:
        """From one liability to another (ledger codes): debit the source, credit the target."""
        self.post(kind, debit(source, amount), credit(target, amount), zh=zh or None, en=en or None)

    @property
    def money_code(self) -> str:
        """Ledger code of the money account. Raises ``account.missing``."""
        if not self.account:
            raise UserError("account.missing")
        return customer_account(self.account)

    def need_funds(self, amount: Money) -> None:
        """Raises ``account.insufficient``."""
        available = self.books.available(self.money_code)
        if amount > available:
            raise UserError(
                "account.insufficient", amount=amount.minor, available=max(available.minor, 0), currency=amount.currency
            )

    def block(self, atomic: "Atomic", lines: Iterable[VoucherLine], amount: Money | None = None) -> None:
        """What the voucher says of it."""
        self.done.append(
            Done(
                code=atomic.code,
                number=atomic.number,
                title=atomic.title,
                reference=f"{self.number}/{len(self.done) + 1:02d}",
                lines=tuple(lines),
                amount_minor=None if amount is None else amount.minor,
                currency=CNY if amount is None else amount.currency,
            )
        )


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the summary: value as it is shown; emphasis for amounts."""

    value: str
    value_en: str | None = None
    emphasis: bool = False


Check = Callable[[Values, Facts], Iterable[Problem]]
Gate = Callable[[Facts], Bar | None]
Say = Callable[[Values], Said]
Do = Callable[["Atomic", Work], None]
Quote = Callable[[Work], Said]


def _no_problem(_values: Values, _facts: Facts) -> Sequence[Problem]:
    return ()


def _open(_facts: Facts) -> Bar | None:
    return None


@dataclass(frozen=True, slots=True)
class Atomic:
    """One entry of the registry.

    Attributes:
        number: four digits for people (交易码); the registry's order is the order of execution.
        omitted: field to the transaction that makes it needless when both are chosen.
        gate: why it cannot be done at all, told before the first step.
        check: what is wrong with its values beyond the kind of each field.
        cash: ``in`` or ``out`` when notes move. pin: ``verify`` or ``set`` when the PIN pad is needed.
        hands_over: what the teller hands over or the machine gives out: card, ukey, certificate, passbook, paper.
        quote: its line where it depends on what the bank knows (interest, a balance); may refuse before anybody signs.
        card_states: states of the customer's card in which it may be done.
        undo: code of the sentence on how a failure of its physical part is compensated.
        out: name of the field whose amount leaves the bank (screened before it does).
        flow: how money goes through the customer's account, as the limits of its class count it.
    """

    code: str
    number: str
    group: str
    title: Words
    initials: str
    fields: tuple[FieldSpec, ...]
    say: Say
    do: Do
    quote: Quote | None = None
    check: Check = _no_problem
    gate: Gate = _open
    omitted: Mapping[str, str] = field(default_factory=dict)
    needs_account: bool = False
    opens_account: bool = False
    cash: str = ""
    pin: str = ""
    hands_over: str = ""
    undo: str | None = None
    card_states: tuple[str, ...] = ("active",)
    out: str = ""
    amount: str = ""
    flow: Flow | None = None
    rules: tuple[str, ...] = ()


def line(zh: str, en: str, value: str) -> VoucherLine:
    return VoucherLine(zh, en, value)


def amount_line(zh: str, en: str, amount: Money) -> VoucherLine:
    return VoucherLine(zh, en, shown(amount))
