"""Carrying out an authorised and consented case: posting, moving cash, and what came of it."""

from collections.abc import Mapping
from datetime import datetime

from common.errors import UserError
from common.wire.cases import CardState, CaseState, CashState
from teller.cases import trouble
from teller.cases.gathering import consent_void
from teller.cases.model import Case, VoucherRef
from teller.cases.presence import looks_missing
from teller.cases.steps import card_is_in
from teller.cash import movement as cash_movement
from teller.cash.movement import CashMovement, Direction, Outcome
from teller.money import Money


def require_executable(case: Case, now: datetime) -> CashMovement | None:
    """The movement to carry out; None where no notes move.

    Raises:
        UserError: ``case.wrong_state``, ``consent.missing`` (``step``), ``face.look_missing``, ``card.missing``,
            ``cash.not_counted``.
    """
    if case.state is not CaseState.AUTHORISED:
        raise UserError("case.wrong_state", state=case.state.value, wanted=CaseState.EXECUTING.value)
    if not case.consented:
        raise UserError("consent.missing")
    if looks_missing(case, now):
        raise UserError("face.look_missing")
    if case.definition.card == "required" and (case.card is None or case.card.state is CardState.PULLED):
        raise UserError("card.missing")
    if case.direction is not None and case.cash is None:
        raise UserError("cash.not_counted")
    return case.cash


def executed(case: Case, cash: CashMovement, at: datetime) -> Case:
    """Posted (out) or ready to be stored (in); from here the machine acts."""
    return case.to(CaseState.EXECUTING, prompt=None, say=None).with_movement(cash).marked("executed", at)


def settled_without_cash(case: Case, amount: Money, at: datetime) -> Case:
    """Everything is registered and booked, and no notes had to move."""
    done = case.to(CaseState.EXECUTING, prompt=None, say=None).marked("executed", at)
    return done.evolve(final_amount=amount, settled_at=at)


def movement_of(case: Case, movement_id: str) -> CashMovement:
    """Raises ``cash.unknown_movement``."""
    for known in case.movements:
        if known.id == movement_id:
            return known
    raise UserError("cash.unknown_movement")


def cash_moving(case: Case, movement_id: str, counts: Mapping[str, int], at: datetime) -> Case:
    """The kiosk's journal holds the intent; the machine acts next. Card out before cash.

    Raises:
        UserError: ``cash.unknown_movement``, ``cash.wrong_state``, ``cash.card_first``, ``cash.not_now``.
    """
    cash = movement_of(case, movement_id)
    if cash.state is CashState.MOVING:
        return case
    back = case.terminal and cash.direction is Direction.IN and cash.state is CashState.COUNTED
    if case.state is not CaseState.EXECUTING and not back:
        raise UserError("cash.not_now", state=case.state.value)
    if cash.direction is Direction.OUT and card_is_in(case):
        raise UserError("cash.card_first")
    moved = case.with_movement(cash_movement.moving(cash, counts, at))
    return moved.marked("cash_moving", at)


def same_outcome(case: Case, movement_id: str, outcome: Outcome) -> bool:
    """Whether this very outcome was recorded before (the kiosk's journal is replayed after a crash)."""
    cash = movement_of(case, movement_id)
    if cash.state is CashState.SUSPENSE and cash.outcome is not None and cash.outcome.tells:
        return cash.outcome.same_notes(outcome)
    return cash.outcome == outcome and cash.state is not CashState.MOVING


def cash_concluded(
    case: Case, movement_id: str, outcome: Outcome, counts: Mapping[str, int], at: datetime, suspense_ref: str
) -> Case:
    """The case after the machine's counters spoke.

    Raises:
        UserError: ``cash.unknown_movement``, ``cash.wrong_state``.
    """
    before = movement_of(case, movement_id)
    cash = cash_movement.concluded(before, outcome, counts, at, suspense_ref)
    if cash == before:
        return case
    case = case.with_movement(cash).marked(f"cash_{cash.state.value}", at)
    if case.terminal:
        return case.evolve(final_amount=case.moved) if case.moved and cash.ended else case
    problem = trouble.of_cash(case)
    if problem is not None:
        return case.evolve(trouble=problem)
    if case.cash is not None and not case.cash.ended:
        return case  # stored; now the other notes have to come out
    return case.evolve(final_amount=case.moved, settled_at=at, trouble=None)


def require_choice(case: Case, choice: str) -> None:
    """Raises ``trouble.none`` or ``trouble.unknown_choice``."""
    if case.trouble is None:
        raise UserError("trouble.none")
    if choice not in case.trouble.choices:
        raise UserError("trouble.unknown_choice")


def rest_to_pay(case: Case) -> Money:
    """What a new payout has to bring: the amount confirmed less what was taken."""
    if case.summary is None:
        raise UserError("trouble.none")
    return case.wanted - case.paid


def payout_retried(case: Case, cash: CashMovement, at: datetime) -> Case:
    """A new movement, posted anew; the customer takes the cash next."""
    return case.evolve(trouble=None).with_movement(cash).marked("retry_payout", at)


def amount_changed(case: Case, at: datetime) -> Case:
    """Back to the form: everything gathered stays, consent and approval are asked again.

    What lies in suspense stays with the case: people close it there.
    """
    open_still = tuple(one for one in case.movements if one.state is CashState.SUSPENSE)
    draft = consent_void(case).to(CaseState.DRAFT, trouble=None, movements=open_still, request=None)
    return draft.evolve(form_version=case.version + 1).marked("change_amount", at)


def ended_in_trouble(case: Case, at: datetime) -> Case:
    """No further attempt: what was paid gets its voucher; nothing paid cancels; unknown fails with its reference."""
    cash = case.cash
    case = case.evolve(movements=tuple(one for one in case.movements if one.state is not CashState.PLANNED))
    if cash is not None and cash.state is CashState.SUSPENSE:
        failed = case.to(CaseState.FAILED, trouble=None, end_code="cash.suspense", end_text=cash.suspense_ref)
        if case.both_ways and case.moved:
            failed = failed.evolve(final_amount=case.moved, settled_at=at)  # what was taken in has its proof
        return failed.evolve(ended_at=at).marked("failed", at)
    if case.moved:
        return part_accepted(case, at)
    code = case.trouble.code.replace("trouble.", "cash.", 1) if case.trouble else "cash.payout_failed"
    cancelled = case.to(CaseState.CANCELLED, trouble=None, end_code=code, ended_at=at)
    return cancelled.marked("cancelled", at)


def part_accepted(case: Case, at: datetime) -> Case:
    """What changed hands stays and gets its voucher; the rest of the case does not happen."""
    return case.evolve(trouble=None, final_amount=case.moved, settled_at=at).marked("part_accepted", at)


def voucher_sealed(case: Case, voucher: VoucherRef) -> Case:
    """The proof is made; trouble with making it is over."""
    over = case.trouble is not None and case.trouble.code == "trouble.voucher_failed"
    sealed = case.evolve(voucher=voucher, trouble=None if over else case.trouble)
    return sealed.marked("voucher_sealed", voucher.sealed_at)
