"""What a case did, transaction by transaction, for voucher and register."""

from dataclasses import replace

from common.wire.cases import CashState
from teller.cases.model import Case
from teller.cash.movement import Direction
from teller.money import shown
from teller.transactions.base import Done, amount_line, line
from teller.vouchers import VoucherLine, mask_account


def done_of(case: Case) -> tuple[Done, ...]:
    """Its transactions in order; cash tells it from what the machine's counters said."""
    if case.effects is not None:
        return tuple(_paid_out(case, one) for one in case.effects.done)
    if case.final_amount is None or not case.plain_cash:
        return ()
    atomic, amount = case.atomics[0], case.final_amount
    lines = [VoucherLine("金额", "Amount", shown(amount))]
    if case.holder is not None:
        lines.insert(0, VoucherLine("账号", "Account", mask_account(case.holder.account)))
    return (
        Done(
            atomic.code, atomic.number, atomic.title, f"{case.number}/01", tuple(lines), amount.minor, amount.currency
        ),
    )


def _paid_out(case: Case, done: Done) -> Done:
    """A payout was booked before its notes moved: what was really taken, and where the rest is."""
    out = next((atomic.code for atomic in case.atomics if atomic.cash == "out"), "")
    cash = case.cash
    if done.code != out or cash is None or cash.direction is not Direction.OUT or done.amount_minor is None:
        return done
    paid, rest = case.paid, case.wanted - case.paid
    if not rest:
        return done
    lines = [*done.lines, amount_line("实付", "Paid out", paid)]
    if cash.state is CashState.SUSPENSE:
        lines.append(line("挂账", "In suspense", f"{shown(rest)} {cash.suspense_ref}"))
    else:
        lines.append(amount_line("未付，已入回账户", "Not paid, back on the account", rest))
    return replace(done, lines=tuple(lines), amount_minor=paid.minor)
