"""Cash at the machine, and time deposits with their certificates."""

from collections.abc import Iterable

from teller.forms.catalogue import ACCOUNT_SHOWN, AMOUNT_IN, AMOUNT_OUT, NOTES_IN, of
from teller.forms.fields import Problem
from teller.ledger.bookings import customer_account
from teller.ledger.chart import Role
from teller.ledger.entries import credit, debit
from teller.money import Money, shown
from teller.transactions.base import Atomic, Bar, Facts, Presence, Said, Values, Work, amount_line, line, money_of
from teller.transactions.channels import account_first
from teller.transactions.interest import MONTHS, matures, term_interest
from teller.transactions.limits import in_kind
from teller.transactions.rules import in_force, rate
from teller.transactions.standing import Flow, Side
from teller.vouchers import Words, mask_account

LEAST = Money.major(50)
"""Least amount of a lump-sum time deposit."""


def _cash_gate(facts: Facts) -> Bar | None:
    """Cash into a class II account needs a check by staff face to face."""
    first = account_first(facts)
    if first is not None:
        return first
    row = in_force("face_to_face_cash", facts.day)
    second = facts.account_class == "2" or (not facts.has_account and "open_class_1" not in facts.chosen)
    if row is not None and second and facts.presence is Presence.REMOTE:
        return Bar("bar.face_to_face_cash", (), row.code)
    return None


def _cash_in(atomic: Atomic, work: Work) -> None:
    """The notes lie in the cassettes; they are booked in the same unit as everything else of the case."""
    amount = work.money("amount")
    cash = work.books.open_ledger(Role.MACHINE_CASH, work.machine)
    work.post("cash.deposit", debit(cash, amount), credit(work.money_code, amount))
    work.block(
        atomic, (line("账号", "Account", mask_account(work.account)), amount_line("金额", "Amount", amount)), amount
    )


CASH_DEPOSIT = Atomic(
    code="cash_deposit",
    number="0401",
    group="money",
    title=Words("现金存款", "Cash deposit"),
    initials="xjck",
    fields=(*of("name", "id_number"), ACCOUNT_SHOWN, AMOUNT_IN, NOTES_IN),
    say=lambda values: Said(shown(money_of(values, "amount")), None, emphasis=True),
    do=_cash_in,
    gate=_cash_gate,
    omitted={"account": "customer_record"},
    cash="in",
    undo="plan.undo.give_back",
    amount="amount",
    flow=Flow(Side.IN, "amount"),
    rules=("A-301", "A-231", "A-212", "A-222"),
)


def _cash_out(atomic: Atomic, work: Work) -> None:
    """Booked to the machine's clearing account; what the customer takes is settled from there."""
    amount = work.money("amount")
    work.block(
        atomic, (line("账号", "Account", mask_account(work.account)), amount_line("金额", "Amount", amount)), amount
    )


CASH_WITHDRAWAL = Atomic(
    code="cash_withdrawal",
    number="0402",
    group="money",
    title=Words("现金取款", "Cash withdrawal"),
    initials="xjqk",
    fields=(*of("name", "id_number"), ACCOUNT_SHOWN, AMOUNT_OUT),
    say=lambda values: Said(shown(money_of(values, "amount")), None, emphasis=True),
    do=_cash_out,
    needs_account=True,
    cash="out",
    pin="verify",
    undo="plan.undo.retract",
    amount="amount",
    flow=Flow(Side.OUT, "amount"),
    rules=("A-301", "A-212", "A-222"),
)


def _td_check(values: Values, facts: Facts) -> Iterable[Problem]:
    amount = money_of(values, "td_amount")
    if values.get("td_amount") and amount < LEAST:
        yield Problem("td_amount", "time_deposit.least", (("least", LEAST.minor),))
    opening = not facts.has_account
    coming = Money.zero()
    if "cash_deposit" in facts.chosen:
        coming = coming + money_of(values, "amount")
    if "transfer_in" in facts.chosen:
        coming = coming + money_of(values, "ti_amount")
    if opening and values.get("td_amount") and amount > coming:
        yield Problem("td_amount", "time_deposit.not_covered", (("coming", coming.minor),))


def _certificate(atomic: Atomic, work: Work) -> None:
    amount, term = work.money("td_amount"), work.text("td_term")
    work.need_funds(amount)
    day = work.facts.day
    number = f"TD{day:%Y%m%d}{work.books.number(f'certificate {day.isoformat()}'):06d}"
    code = work.books.open_ledger(Role.TIME_DEPOSIT, number)
    millionths = rate(term, day)
    work.put(
        "time_deposit", number, customer_id=work.customer, account=work.account, status="active", minor=amount.minor,
        term=term, millionths=millionths, opened_on=day.isoformat(), matures_on=matures(day, term).isoformat(),
        rollover=work.text("td_rollover"),
    )  # fmt: skip
    work.move("time.open", work.money_code, code, amount, f"转存定期 {term}", "To a time deposit")
    work.block(
        atomic,
        (
            line("存单号", "Certificate", number),
            amount_line("金额", "Amount", amount),
            line("存期与年利率", "Term and yearly rate", f"{term} {percent(millionths)}"),
            line("到期日", "Matures on", matures(day, term).isoformat()),
            amount_line("到期利息", "Interest at maturity", term_interest(amount, millionths, term)),
        ),
        amount,
    )


def percent(millionths: int) -> str:
    """9500 as ``0.95%``."""
    return f"{millionths // 10_000}.{millionths % 10_000 // 100:02d}%"


def _say_certificate(values: Values) -> Said:
    amount, term = shown(money_of(values, "td_amount")), values.get("td_term", "")
    months = MONTHS.get(term, 0)
    return Said(f"{amount}，{term}，{values.get('td_rollover', '')}", f"{amount}, {months} months", emphasis=True)


TIME_CERTIFICATE = Atomic(
    code="time_certificate",
    number="0301",
    group="account",
    title=Words("整存整取存单", "Time-deposit certificate"),
    initials="zczqcd",
    fields=of("name", "id_number", "td_amount", "td_term", "td_rollover"),
    say=_say_certificate,
    do=_certificate,
    check=_td_check,
    gate=account_first,
    hands_over="certificate",
    undo="plan.undo.certificate",
    amount="td_amount",
    rules=("A-311",),
)


def _transfer_in(atomic: Atomic, work: Work) -> None:
    """From the customer's account at another bank, settled through the central bank."""
    amount, bank = work.money("ti_amount"), work.text("ti_bank")
    central = work.books.open_ledger(Role.CENTRAL_BANK)
    kind = in_kind("transfer.in", work.books.record("account", work.account), work.text("ti_account"))
    work.post(
        kind, debit(central, amount), credit(customer_account(work.account), amount), zh=f"转入 {bank}",
        en=f"Transfer from {bank}",
    )  # fmt: skip
    work.block(
        atomic,
        (
            line("付款账号", "From", mask_account(work.text("ti_account"))),
            line("付款银行", "Bank", bank),
            amount_line("金额", "Amount", amount),
        ),
        amount,
    )


TRANSFER_IN = Atomic(
    code="transfer_in",
    number="0403",
    group="money",
    title=Words("转入", "Transfer in"),
    initials="zr",
    fields=of("name", "id_number", "ti_amount", "ti_account", "ti_bank"),
    say=lambda values: Said(
        f"{shown(money_of(values, 'ti_amount'))}，从 {mask_account(values.get('ti_account', ''))}",
        f"{shown(money_of(values, 'ti_amount'))} from {mask_account(values.get('ti_account', ''))}",
        emphasis=True,
    ),
    do=_transfer_in,
    gate=account_first,
    amount="ti_amount",
    flow=Flow(Side.IN, "ti_amount", "ti_account"),
    rules=("A-212", "A-222"),
)
