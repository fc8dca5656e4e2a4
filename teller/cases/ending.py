"""How a case ends: finished, cancelled, left. Cash and card are given back before goodbye."""

from datetime import datetime

from common.errors import UserError
from common.wire.cases import CaseState, CashState, CustomerStep, TicketState
from teller.cases.handing import open_things
from teller.cases.model import Case, Ticket
from teller.cases.steps import customer_step
from teller.cash.movement import CashMovement, Direction


def receipt_given(case: Case, printed: bool, at: datetime) -> Case:
    """Printed, or not (the voucher stays in the archive either way).

    Raises:
        UserError: ``step.not_now`` before there is a voucher.
    """
    if case.voucher is None:
        raise UserError("step.not_now", step=customer_step(case).value)
    return case.evolve(receipt=printed).marked("receipt_printed" if printed else "receipt_failed", at)


def rated(case: Case, stars: int, at: datetime) -> Case:
    """The customer's word on the service; it ends the visit, and the case where nothing is left to be said.

    Raises:
        UserError: ``step.not_now``.
    """
    if case.state is CaseState.COMPLETED and case.rating is None:
        return case.evolve(rating=stars).marked("rated", at)
    if customer_step(case) not in (CustomerStep.RATE, CustomerStep.TAKE_RECEIPT):
        raise UserError("step.not_now", step=customer_step(case).value)
    return gone(case.evolve(rating=stars).marked("rated", at), at)


def gone(case: Case, at: datetime) -> Case:
    """The customer goes after the business is done. Of a thing that nobody has spoken of staff must still say who holds
    it: then the visit is over and the machine free, and the case stays open with its teller.

    Raises:
        UserError: ``case.not_settled``.
    """
    if not open_things(case):
        return finished(case, at)
    ticket = Ticket(TicketState.LEFT, case.ticket.since, None, case.ticket.answered_at)
    return case.evolve(ticket=ticket, prompt=None).marked("customer_gone", at)


def finished(case: Case, at: datetime) -> Case:
    """Done: the money part is over and the voucher is made.

    Raises:
        UserError: ``case.not_settled``.
    """
    if case.state is not CaseState.EXECUTING or case.final_amount is None or case.voucher is None:
        raise UserError("case.not_settled")
    return case.to(CaseState.COMPLETED, ended_at=at, prompt=None).marked("completed", at)


def payout_to_undo(case: Case) -> CashMovement | None:
    """A payout that is posted and has not begun to move: cancelling reverses it.

    Raises:
        UserError: ``cash.in_motion`` while notes move, ``case.settled`` once they have moved or all is booked.
    """
    cash = case.cash
    if case.state is not CaseState.EXECUTING:
        return None
    if cash is None:
        if case.final_amount is not None:
            raise UserError("case.settled")  # booked without notes: a reversal undoes it, no cancelling does
        return None
    if cash.state is CashState.MOVING:
        raise UserError("cash.in_motion")
    if case.final_amount is not None or case.paid:
        raise UserError("case.settled")
    if case.trouble is not None:
        raise UserError("trouble.choose_first")
    return cash if cash.direction is Direction.OUT and cash.state is CashState.POSTED else None


def cancelled(case: Case, reason: str, at: datetime) -> Case:
    """Ended without business; what the customer brought is given back first.

    Raises:
        UserError: ``case.wrong_state``.
    """
    request = case.request.withdrawn(at) if case.request is not None and case.request.open else case.request
    waiting = case.ticket.state is not TicketState.SERVING
    ticket = Ticket(TicketState.LEFT, case.ticket.since) if waiting else case.ticket
    movements = tuple(m for m in case.movements if m.state is not CashState.PLANNED)
    ended = case.to(CaseState.CANCELLED, request=request, ticket=ticket, trouble=None, prompt=None, ended_at=at)
    return ended.evolve(movements=movements, say=None, end_code=reason).marked("cancelled", at)


def visit_over(case: Case) -> Case:
    """Once the kiosk says goodbye the ticket is closed."""
    if customer_step(case) is not CustomerStep.GOODBYE or case.ticket.state is TicketState.LEFT:
        return case
    ticket = Ticket(TicketState.LEFT, case.ticket.since, None, case.ticket.answered_at)
    return case.evolve(ticket=ticket)
