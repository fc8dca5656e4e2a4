"""Entries and postings. An entry that does not balance cannot be built; what is booked is never changed."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from common.errors import UserError
from teller.money import Money


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of an entry. Debit is positive, credit negative."""

    account: str
    amount: Money

    def __post_init__(self) -> None:
        if self.amount.minor == 0 or not self.account:
            raise UserError("ledger.empty_posting")


def debit(account: str, amount: Money) -> Posting:
    """A debit of a positive amount."""
    if amount.minor <= 0:
        raise UserError("ledger.not_positive")
    return Posting(account, amount)


def credit(account: str, amount: Money) -> Posting:
    """A credit of a positive amount."""
    if amount.minor <= 0:
        raise UserError("ledger.not_positive")
    return Posting(account, -amount)


@dataclass(frozen=True, slots=True)
class Entry:
    """Postings that belong together and sum to zero in every currency.

    Attributes:
        kind: code of the booking, the key of its words on statements.
        reverses: the entry that this one undoes.
        case_id: the case it was booked for, if any.

    Raises:
        UserError: ``ledger.unbalanced`` (``currency``), ``ledger.too_few_postings``, ``ledger.naive_time``.
    """

    id: UUID
    kind: str
    at: datetime
    business_date: date
    postings: tuple[Posting, ...]
    case_id: str | None = None
    reverses: UUID | None = None
    text_zh: str | None = None
    text_en: str | None = None

    def __post_init__(self) -> None:
        if len(self.postings) < 2:
            raise UserError("ledger.too_few_postings")
        if self.at.tzinfo is None:
            raise UserError("ledger.naive_time")
        sums: dict[str, int] = {}
        for posting in self.postings:
            sums[posting.amount.currency] = sums.get(posting.amount.currency, 0) + posting.amount.minor
        for currency, total in sums.items():
            if total:
                raise UserError("ledger.unbalanced", currency=currency)

    def effect(self, account: str) -> int:
        """Minor units this entry moves on an account, debit positive."""
        return sum(p.amount.minor for p in self.postings if p.account == account)


def reversal(entry: Entry, *, id: UUID, at: datetime, business_date: date) -> Entry:
    """The entry that undoes another and points to it.

    Raises:
        UserError: ``ledger.reverses_reversal``: what undoes is not undone; book anew instead.
    """
    if entry.reverses is not None:
        raise UserError("ledger.reverses_reversal")
    return Entry(
        id=id,
        kind=f"{entry.kind}.reversal",
        at=at,
        business_date=business_date,
        postings=tuple(Posting(p.account, -p.amount) for p in entry.postings),
        case_id=entry.case_id,
        reverses=entry.id,
    )
