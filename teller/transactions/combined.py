"""Notes in, then notes out, in one case: the withdrawal that follows a deposit.

Both are booked in the unit that takes what became of the notes put in: what comes back leaves nothing behind. What
then does not come out, comes back to the account, and the deposit stays.
"""

from common.errors import UserError
from teller.forms.catalogue import ACCOUNT_SHOWN, AMOUNT_AFTER, of
from teller.ledger.chart import Role
from teller.money import Money, shown
from teller.transactions.base import Atomic, Said, Values, Work, amount_line, line, money_of
from teller.transactions.standing import Flow, Side
from teller.vouchers import Words, mask_account


def _say(values: Values) -> Said:
    return Said(shown(money_of(values, "out_amount")), emphasis=True)


def _quote(work: Work) -> Said:
    """Raises ``account.insufficient``: what lies on the account and what is put in do not reach."""
    wanted, coming = work.money("out_amount"), work.money("amount")
    there = work.books.available(work.money_code) + coming
    if wanted > there:
        raise UserError(
            "account.insufficient", amount=wanted.minor, available=max(there.minor, 0), currency=wanted.currency
        )
    return _say(work.values)


def _pay(atomic: Atomic, work: Work) -> None:
    """Customer account to the machine's clearing account; what the customer takes is settled from there."""
    amount: Money = work.money("out_amount")
    work.need_funds(amount)
    clearing = work.books.open_ledger(Role.PAYOUT_CLEARING, work.machine)
    work.move("cash.payout", work.money_code, clearing, amount)
    work.block(
        atomic, (line("账号", "Account", mask_account(work.account)), amount_line("金额", "Amount", amount)), amount
    )


CASH_PAYOUT = Atomic(
    code="cash_payout",
    number="0406",
    group="money",
    title=Words("存后取款", "Withdrawal after a deposit"),
    initials="chqk",
    fields=(*of("name", "id_number"), ACCOUNT_SHOWN, AMOUNT_AFTER),
    say=_say,
    quote=_quote,
    do=_pay,
    needs_account=True,
    cash="out",
    pin="verify",
    undo="plan.undo.retract",
    amount="out_amount",
    flow=Flow(Side.OUT, "out_amount"),
    rules=("A-301", "A-212", "A-222"),
)
