"""Transfers out: real time, ordinary or next day; what is not sent yet can be taken back."""

from collections.abc import Iterable
from datetime import date, timedelta

from common.errors import UserError
from teller.forms.catalogue import of
from teller.forms.fields import Problem
from teller.ledger.bookings import customer_account
from teller.ledger.chart import Role
from teller.money import Money, shown
from teller.transactions.base import Atomic, Books, Facts, Said, Values, Work, amount_line, line, money_of
from teller.transactions.limits import back_kind, in_kind, receives
from teller.transactions.rules import in_force
from teller.transactions.standing import Flow, Side
from teller.vouchers import Words, mask_account, mask_name

REAL_TIME, ORDINARY, NEXT_DAY = "实时到账", "普通到账", "次日到账"
_EN = {REAL_TIME: "Real time 实时到账", ORDINARY: "Ordinary, 2 hours", NEXT_DAY: "Next day"}
CLOSED = ("closed", "reversed")
_DELAY = {ORDINARY: "ordinary_minutes", NEXT_DAY: "next_day_minutes"}


def _check(values: Values, _facts: Facts) -> Iterable[Problem]:
    own = values.get("own_account", "")
    if own and own == values.get("payee_account", ""):
        yield Problem("payee_account", "transfer.same_account")


def _say(values: Values) -> Said:
    """What the customer reads back: payee (masked), account, amount, when; 实时到账 in Chinese in every language."""
    amount, payee = shown(money_of(values, "tr_amount")), mask_name(values.get("payee_name", ""))
    account, timing = mask_account(values.get("payee_account", "")), values.get("tr_timing", "")
    return Said(
        f"{amount} → {payee}，{account}，{values.get('payee_bank', '')}，{timing}，{values.get('tr_purpose', '')}",
        f"{amount} → {payee}, {account}, {values.get('payee_bank', '')}, {_EN.get(timing, timing)}",
        emphasis=True,
    )


def _quote(work: Work) -> Said:
    work.need_funds(work.money("tr_amount"))
    require_payee(work.books, work.text("payee_account"), work.money("tr_amount"), work.account, work.facts.day)
    return _say(work.values)


def require_payee(books: Books, account: str, amount: Money, sender: str, day: date) -> None:
    """An account of this bank must be open and have room for the money; who sends hears no figures of it.

    Raises:
        UserError: ``transfer.payee_closed``, ``transfer.payee_limit``.
    """
    known = books.record("account", account)
    if known is not None and known.get("status") in CLOSED:
        raise UserError("transfer.payee_closed")
    if not receives(books.standing(account), amount.minor, sender, day):
        raise UserError("transfer.payee_limit")


def payee_code(books: Books, account: str) -> str:
    """A customer of this bank, or the central bank for everybody else."""
    known = books.record("account", account)
    if known is not None and known.get("status") not in CLOSED:
        return customer_account(account)
    return books.open_ledger(Role.CENTRAL_BANK)


def _transfer(atomic: Atomic, work: Work) -> None:
    amount, timing = work.money("tr_amount"), work.text("tr_timing")
    work.need_funds(amount)
    payee, account = work.text("payee_name"), work.text("payee_account")
    require_payee(work.books, account, amount, work.account, work.facts.day)
    number = f"TR{work.facts.day:%Y%m%d}{work.books.number(f'transfer {work.facts.day.isoformat()}'):06d}"
    zh, en = f"转账 {mask_name(payee)}", f"Transfer to {mask_name(payee)}"
    row = in_force("transfer_timing", work.facts.day)
    minutes = 0 if row is None or timing == REAL_TIME else row.parameters[_DELAY[timing]]
    clearing = work.books.open_ledger(Role.TRANSFER_CLEARING)
    target = clearing if minutes else payee_code(work.books, account)
    kind = in_kind("transfer.out", work.books.record("account", work.account), account)
    work.move(kind, work.money_code, target, amount, zh, en)
    due = work.books.stamp().at + timedelta(minutes=minutes)
    work.put(
        "transfer", number, customer_id=work.customer, account=work.account, minor=amount.minor, payee=payee,
        case_id=work.case_id, made_on=work.facts.day.isoformat(),
        payee_account=account, payee_bank=work.text("payee_bank"), purpose=work.text("tr_purpose"),
        status="waiting" if minutes else "sent", due=due.isoformat(),
    )  # fmt: skip
    work.block(
        atomic,
        (
            line("流水号", "Transfer", number),
            line("收款人", "Payee", mask_name(payee)),
            line("收款账号", "To account", mask_account(account)),
            line("收款银行", "At bank", work.text("payee_bank")),
            line("到账方式", "When", timing),
            line("用途", "Purpose", work.text("tr_purpose")),
            amount_line("金额", "Amount", amount),
        ),
        amount,
    )


TRANSFER_OUT = Atomic(
    code="transfer_out",
    number="0404",
    group="money",
    title=Words("转账汇款", "Transfer"),
    initials="zzhk",
    fields=of("name", "id_number", "payee_name", "payee_account", "payee_bank", "tr_amount", "tr_timing", "tr_purpose"),
    say=_say,
    quote=_quote,
    do=_transfer,
    check=_check,
    needs_account=True,
    pin="verify",
    out="tr_amount",
    amount="tr_amount",
    flow=Flow(Side.OUT, "tr_amount", "payee_account"),
    rules=("A-321", "A-322", "A-212", "A-222"),
)


def _waiting(work: Work) -> dict[str, str | int | None]:
    """The order to take back. Raises ``transfer.unknown``, ``transfer.sent``."""
    found = work.books.record("transfer", work.text("tr_order").upper())
    if found is None or found.get("customer_id") != work.customer:
        raise UserError("transfer.unknown")
    if found["status"] != "waiting" or str(found["due"]) <= work.books.stamp().at.isoformat():
        raise UserError("transfer.sent")
    return dict(found)


def _revoke_quote(work: Work) -> Said:
    found = _waiting(work)
    return Said(f"{shown(Money(int(found['minor'] or 0)))} 退回 {mask_account(str(found['account']))}", emphasis=True)


def _revoke(atomic: Atomic, work: Work) -> None:
    found, number = _waiting(work), work.text("tr_order").upper()
    amount = Money(int(found["minor"] or 0))
    clearing = work.books.open_ledger(Role.TRANSFER_CLEARING)
    target = customer_account(str(found["account"]))
    kind = back_kind("transfer.revoked", found.get("made_on"), work.facts.day)
    kind = in_kind(kind, work.books.record("account", str(found["account"])), str(found["payee_account"]))
    work.move(kind, clearing, target, amount, "转账撤销", "Transfer revoked")
    work.put("transfer", number, status="revoked")
    work.block(atomic, (line("流水号", "Transfer", number), amount_line("退回", "Returned", amount)), amount)


TRANSFER_REVOKE = Atomic(
    code="transfer_revoke",
    number="0405",
    group="money",
    title=Words("撤销转账", "Take a transfer back"),
    initials="cxzz",
    fields=of("name", "id_number", "tr_order"),
    say=lambda values: Said(values.get("tr_order", "")),
    quote=_revoke_quote,
    do=_revoke,
    needs_account=True,
    pin="verify",
    rules=("A-321",),
)
