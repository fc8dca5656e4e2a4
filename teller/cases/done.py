"""What a case did, transaction by transaction, for voucher and register."""

from teller.cases.model import Case
from teller.money import shown
from teller.transactions.base import Done
from teller.vouchers import VoucherLine, mask_account


def done_of(case: Case) -> tuple[Done, ...]:
    """Its transactions in order; a plain withdrawal or deposit tells it from what the machine's counters said."""
    if case.effects is not None:
        return case.effects.done
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
