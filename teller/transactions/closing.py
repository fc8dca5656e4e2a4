"""Time deposits drawn early or due, accounts closed: with interest, at both rates."""

from collections.abc import Iterable
from datetime import date, timedelta

from common.errors import UserError
from teller.forms.catalogue import of
from teller.forms.fields import Problem
from teller.ledger.chart import Role
from teller.ledger.entries import credit, debit
from teller.money import Money, shown
from teller.transactions.base import Atomic, Books, Cell, Facts, Said, Values, Work, amount_line, line
from teller.transactions.deposits import percent
from teller.transactions.interest import drawn_interest
from teller.transactions.rules import rate
from teller.vouchers import Words, mask_account

_SETTLED_ON = 20
"""Demand interest is credited on the 20th of the last month of a quarter."""


def _deposit(work: Work) -> tuple[str, dict[str, Cell]]:
    """The customer's own certificate that still stands. Raises ``time_deposit.unknown``."""
    number = work.text("td_number").upper()
    found = work.books.record("time_deposit", number)
    if found is None or found.get("customer_id") != work.customer or found.get("status") != "active":
        raise UserError("time_deposit.unknown")
    return number, dict(found)


def _drawn(work: Work) -> tuple[str, dict[str, Cell], Money, Money, bool]:
    """Number, record, what is drawn, its interest, and whether it is due. Raises ``time_deposit.too_much``."""
    number, found = _deposit(work)
    whole = Money(int(found["minor"] or 0))
    part = work.money("td_part") if work.text("td_part") else whole
    if part > whole or not part:
        raise UserError("time_deposit.too_much", amount=whole.minor, currency=whole.currency)
    opened = date.fromisoformat(str(found["opened_on"]))
    earned, due = drawn_interest(part, opened, str(found["term"]), int(found["millionths"] or 0), work.facts.day)
    return number, found, part, earned, due


def _rates(found: dict[str, Cell], due: bool, day: date) -> str:
    own, demand = percent(int(found["millionths"] or 0)), percent(rate("", day))
    return f"到期，按 {own}" if due else f"提前支取，按活期 {demand}（原 {own}）"


def _draw_quote(work: Work) -> Said:
    _, found, part, earned, due = _drawn(work)
    own, demand = percent(int(found["millionths"] or 0)), percent(rate("", work.facts.day))
    english = f"due, at {own}" if due else f"early, at the demand rate {demand} (instead of {own})"
    return Said(
        f"本金 {shown(part)}，利息 {shown(earned)}，{_rates(found, due, work.facts.day)}",
        f"{shown(part)} and interest {shown(earned)}, {english}",
        emphasis=True,
    )


def _draw(atomic: Atomic, work: Work) -> None:
    number, found, part, earned, due = _drawn(work)
    interest = work.books.open_ledger(Role.INTEREST)
    postings = [debit(work.books.open_ledger(Role.TIME_DEPOSIT, number), part)]
    if earned:
        postings.append(debit(interest, earned))
    work.post("time.drawn", *postings, credit(work.money_code, part + earned), zh="定期支取", en="Time deposit drawn")
    rest = int(found["minor"] or 0) - part.minor
    work.put("time_deposit", number, minor=rest, status="active" if rest else "paid")
    work.block(
        atomic,
        (
            line("存单号", "Certificate", number),
            amount_line("本金", "Principal", part),
            amount_line("利息", "Interest", earned),
            line("计息", "Rate", _rates(found, due, work.facts.day)),
            amount_line("剩余本金", "Left on it", Money(rest)),
        ),
        part + earned,
    )


TIME_DRAW = Atomic(
    code="time_draw",
    number="0302",
    group="account",
    title=Words("定期支取", "Draw a time deposit"),
    initials="dqzq",
    fields=of("name", "id_number", "td_number", "td_part"),
    say=lambda values: Said(values.get("td_number", "")),
    quote=_draw_quote,
    do=_draw,
    needs_account=True,
    pin="verify",
    amount="td_part",
    rules=("A-311",),
)


def settled_before(day: date) -> date:
    """The last day on which demand interest was credited: 20 March, June, September or December."""
    month = (day.month - 1) // 3 * 3 + 3
    this = date(day.year, month, _SETTLED_ON)
    if this < day:
        return this
    return date(day.year - 1, 12, _SETTLED_ON) if month == 3 else date(day.year, month - 3, _SETTLED_ON)


def accrued(books: Books, account: str, balance: Money, day: date) -> Money:
    """Demand interest not credited yet: each day's balance since the last settlement, at the rate of ``day``."""
    since = settled_before(day) + timedelta(days=1)
    moves = list(books.movements(account, since))
    total, at, standing = 0, day, balance.minor
    for on, minor in moves:
        total += standing * max(0, (at - max(on, since)).days)
        at, standing = min(at, max(on, since)), standing - minor
    total += standing * max(0, (at - since).days)
    divisor = 1_000_000 * 360
    return Money((2 * total * rate("", day) + divisor) // (2 * divisor), balance.currency)


def _closing(work: Work) -> tuple[Money, Money]:
    """Balance and interest. Raises ``account.held`` while money is held, ``account.has_deposits``."""
    balance = work.books.available(work.money_code)
    deposits = work.books.of_customer("time_deposit", work.customer).values()
    if any(one.get("status") == "active" and one.get("account") == work.account for one in deposits):
        raise UserError("account.has_deposits")
    return balance, accrued(work.books, work.money_code, balance, work.facts.day)


def _close_quote(work: Work) -> Said:
    balance, earned = _closing(work)
    to = mask_account(work.text("close_account"))
    return Said(
        f"余额 {shown(balance)}，利息 {shown(earned)}，转入 {to}",
        f"{shown(balance)} and interest {shown(earned)} go to {to}",
        emphasis=True,
    )


def _close(atomic: Atomic, work: Work) -> None:
    balance, earned = _closing(work)
    if earned:
        interest = work.books.open_ledger(Role.INTEREST)
        work.post("interest.paid", debit(interest, earned), credit(work.money_code, earned), zh="利息", en="Interest")
    whole = balance + earned
    if whole:
        central = work.books.open_ledger(Role.CENTRAL_BANK)
        work.move("transfer.out", work.money_code, central, whole, "销户转出", "Account closed")
    work.put("account", work.account, status="closed")
    if work.card:
        work.put("card", work.card, status="closed")
    work.block(
        atomic,
        (
            line("账号", "Account", mask_account(work.account)),
            amount_line("余额", "Balance", balance),
            amount_line("利息", "Interest", earned),
            line("转入", "Goes to", f"{mask_account(work.text('close_account'))} {work.text('close_bank')}"),
        ),
        whole,
    )


def _not_itself(values: Values, _facts: Facts) -> Iterable[Problem]:
    if values.get("close_account") and values.get("close_account") == values.get("own_account"):
        yield Problem("close_account", "transfer.same_account")


ACCOUNT_CLOSE = Atomic(
    code="account_close",
    number="0204",
    group="account",
    title=Words("销户结息", "Close the account, with interest"),
    initials="xhjx",
    fields=of("name", "id_number", "close_account", "close_bank", "close_reason"),
    say=lambda values: Said(mask_account(values.get("close_account", ""))),
    quote=_close_quote,
    do=_close,
    check=_not_itself,
    needs_account=True,
    pin="verify",
)
