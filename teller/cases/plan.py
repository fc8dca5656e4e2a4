"""The execution plan of a case, computed from it: what will be done, is being done, was done or undone."""

from dataclasses import dataclass

from common.wire.cases import CaseState, CashState
from teller.cases import handing, sheets
from teller.cases.model import Case
from teller.cases.steps import card_is_in
from teller.cash.movement import CashMovement, Direction

_STARTED = frozenset({CaseState.EXECUTING, CaseState.COMPLETED, CaseState.FAILED})


@dataclass(frozen=True, slots=True)
class PlanItem:
    """One item; ``state``: todo | doing | done | failed | compensated."""

    code: str
    state: str
    params: tuple[tuple[str, str | int | float | None], ...] = ()
    compensation: str | None = None


def _cash_state(case: Case, cash: CashMovement | None, *, physical: bool) -> str:
    """State of the cash items: the booking is done when posted, the physical part when settled."""
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


def _state(case: Case) -> str:
    """Of the transactions: all take effect in one unit, or none does."""
    if case.reversed_at is not None:
        return "compensated"
    if case.effects is not None:
        return "done"
    if case.state is CaseState.EXECUTING:
        return "failed" if case.trouble is not None else "doing"
    return "failed" if case.state is CaseState.FAILED else "todo"


def _business(case: Case) -> tuple[PlanItem, ...]:
    """Cash first, then every transaction in one unit; what is handed over and how its failure is made good; papers."""
    items: list[PlanItem] = []
    if Direction.IN in case.ways:
        items.append(_moves(case, Direction.IN, "plan.store_cash", "plan.undo.give_back"))
    state = _state(case)
    for atomic in case.atomics:
        params = (("number", atomic.number), ("title_zh", atomic.title.zh), ("title_en", atomic.title.en))
        items.append(PlanItem("plan.transaction", state, params, atomic.undo if not atomic.cash else None))
    if case.definition.card == "required":
        items.append(PlanItem("plan.return_card", _card(case)))
    if Direction.OUT in case.ways:
        items.append(_moves(case, Direction.OUT, "plan.pay_out", "plan.undo.retract"))
    items.append(PlanItem("plan.seal_voucher", _voucher(case)))
    for atomic in case.atomics:
        if atomic.hands_over in case.gives:
            thing = atomic.hands_over
            state = handing.state(case, thing)
            items.append(PlanItem(f"plan.hand_over_{thing}", state, (), f"plan.undo.hand_{thing}"))
    if any(atomic.hands_over == "passbook" for atomic in case.atomics):
        items.append(PlanItem("plan.print_passbook", _passbook(case), (), "plan.undo.passbook_lines"))
    items.append(PlanItem("plan.print_receipt", _receipt(case)))
    return tuple(items)


def _passbook(case: Case) -> str:
    if case.passbook is None:
        return "doing" if case.voucher is not None else "todo"
    return "done" if case.passbook else "failed"


def _moves(case: Case, way: Direction, code: str, undo: str) -> PlanItem:
    """The notes of one way, and how their failure is made good."""
    cash = next((one for one in reversed(case.movements) if one.direction is way), None)
    amount = cash.amount if cash is not None else case.wanted
    state = _cash_state(case, cash, physical=True)
    if way is not case.direction and state == "doing":
        state = "todo"
    return PlanItem(code, state, (("amount", amount.minor), ("currency", amount.currency)), undo)


def plan(case: Case) -> tuple[PlanItem, ...]:
    """Items in order; empty before the case was submitted."""
    if case.summary is None:
        return ()
    items = _plain_cash(case) if case.plain_cash else _business(case)
    if case.sheets is None:
        return items
    return (*items, PlanItem("plan.print_voucher", sheets.state(case), (), "plan.undo.voucher_sheets"))


def _plain_cash(case: Case) -> tuple[PlanItem, ...]:
    """One withdrawal or deposit."""
    assert case.summary is not None, "submitted"
    amount = (("amount", case.summary.amount.minor), ("currency", case.summary.amount.currency))
    book, move = _cash_state(case, case.cash, physical=False), _cash_state(case, case.cash, physical=True)
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
