"""The execution plan of a case, computed from it: what will be done, is being done, was done or undone."""

from dataclasses import dataclass

from common.wire.cases import CaseState, CashState
from teller.cases.model import Case
from teller.cases.steps import card_is_in
from teller.cash.movement import Direction

_STARTED = frozenset({CaseState.EXECUTING, CaseState.COMPLETED, CaseState.FAILED})


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One item; ``state``: todo | doing | done | failed | compensated."""

    code: str
    state: str
    params: tuple[tuple[str, str | int | float | None], ...] = ()
    compensation: str | None = None


def _cash_state(case: Case, *, physical: bool) -> str:
    """State of the cash items: the booking is done when posted, the physical part when settled."""
    cash = case.cash
    if cash is None or cash.state in (CashState.PLANNED, CashState.COUNTED):
        return "doing" if case.state is CaseState.EXECUTING and physical else "todo"
    if cash.state in (CashState.REVERSED, CashState.RETURNED):
        return "failed" if physical else "compensated"
    if cash.state is CashState.SUSPENSE:
        return "failed" if physical else "done"
    if cash.state is CashState.SETTLED:
        return "done"
    return "doing" if physical else "done"


def _card(case: Case) -> str:
    if case.card is None or case.state not in _STARTED:
        return "todo"
    return "doing" if card_is_in(case) else "done"


def _voucher(case: Case) -> str:
    if case.voucher is not None:
        return "done"
    if case.trouble is not None and case.trouble.code == "trouble.voucher_failed":
        return "failed"
    return "doing" if case.final_amount is not None else "todo"


def _receipt(case: Case) -> str:
    if case.receipt is None:
        return "doing" if case.voucher is not None else "todo"
    return "done" if case.receipt else "failed"


def plan(case: Case) -> tuple[PlanItem, ...]:
    """Items in order; empty before the case was submitted."""
    if case.summary is None:
        return ()
    amount = (("amount", case.summary.amount.minor), ("currency", case.summary.amount.currency))
    book, move = _cash_state(case, physical=False), _cash_state(case, physical=True)
    card, voucher = PlanItem("plan.return_card", _card(case)), PlanItem("plan.seal_voucher", _voucher(case))
    receipt = PlanItem("plan.print_receipt", _receipt(case))
    if case.direction is Direction.OUT:
        return (
            PlanItem("plan.book_withdrawal", book, amount, "plan.undo.book_back"),
            card,
            PlanItem("plan.pay_out", move, amount, "plan.undo.retract"),
            voucher,
            receipt,
        )
    stored = "done" if move == "done" else ("compensated" if move == "failed" else "todo")
    return (
        PlanItem("plan.store_cash", move, amount, "plan.undo.give_back"),
        PlanItem("plan.book_deposit", stored, amount),
        card,
        voucher,
        receipt,
    )
