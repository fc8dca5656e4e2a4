"""Cash trouble: what happened, where the money is, what to say, what was done, what can be chosen."""

from dataclasses import dataclass, replace

from common.wire.cases import CashState
from teller.cases.model import Case, Sentence, Trouble, sentence
from teller.cash.movement import CashMovement, Direction, Outcome
from teller.money import Money

MAX_PAYOUTS = 2
"""A payout that failed twice is not tried a third time on the same machine."""

RETRY_PAYOUT = "retry_payout"
CHANGE_AMOUNT = "change_amount"
END_CASE = "end_case"
RETRY_VOUCHER = "retry_voucher"


@dataclass(frozen=True, slots=True)
class Boxes:
    """Where the money is: change of the account, cash in the machine, cash in the hand. None: not known yet."""

    account: Money | None
    machine: Money | None
    hand: Money | None


def money_boxes(case: Case) -> Boxes | None:
    """The three places for the cash of this case; None before any cash was planned."""
    cash = case.cash
    if cash is None:
        return None
    zero, paid = Money.zero(cash.amount.currency), case.paid
    if cash.direction is Direction.OUT:
        boxes = _out_boxes(cash, paid, zero)
        if boxes.account is None or not case.both_ways:
            return boxes
        return replace(boxes, account=boxes.account + case.moved)
    if cash.state is CashState.SUSPENSE:
        return Boxes(zero, None, None)
    if cash.ended:
        return Boxes(paid, paid, cash.amount - cash.paid)
    return Boxes(zero, cash.amount, zero)


def _out_boxes(cash: CashMovement, paid: Money, zero: Money) -> Boxes:
    rest = zero if cash.state is CashState.SETTLED and cash.paid >= cash.amount else cash.amount - cash.paid
    if cash.state is CashState.SUSPENSE:
        return Boxes(-(paid + cash.amount), None, None)
    if cash.state in (CashState.POSTED, CashState.MOVING):
        return Boxes(-(paid + cash.amount), None if cash.state is CashState.MOVING else cash.amount, paid)
    return Boxes(-paid, rest, paid)


def _payout_code(outcome: Outcome) -> str:
    if outcome.retracted or outcome.error == "cash.not_taken":
        return "cash_not_taken"
    return "payout_jam" if outcome.error == "device.jam" else "payout_failed"


def _amounts(cash: CashMovement) -> dict[str, str | int | float | None]:
    return {"amount": cash.amount.minor, "paid": cash.paid.minor, "currency": cash.amount.currency}


def _payout_choices(case: Case, *, partial: bool) -> tuple[str, ...]:
    tried = sum(1 for one in case.movements if one.direction is Direction.OUT)
    retry = (RETRY_PAYOUT,) if tried < MAX_PAYOUTS else ()
    return (*retry, END_CASE) if partial or case.both_ways else (*retry, CHANGE_AMOUNT, END_CASE)


def _payout_did(cash: CashMovement, outcome: Outcome) -> tuple[Sentence, ...]:
    rest = cash.amount - cash.paid
    did = [sentence("did.payout_stopped")]
    if outcome.retracted:
        did.append(sentence("did.cash_retracted", notes=outcome.retracted.number))
    did.append(sentence("did.counts_checked"))
    if cash.paid:
        did.append(sentence("did.part_settled", amount=cash.paid.minor, currency=cash.paid.currency))
    did.append(sentence("did.booked_back", amount=rest.minor, currency=rest.currency))
    return tuple(did)


def of_cash(case: Case) -> Trouble | None:
    """The trouble in the newest movement of the case, or None when it went as planned."""
    cash = case.cash
    if cash is None or cash.outcome is None:
        return None
    if cash.state is CashState.SUSPENSE:
        return _unknown(cash)
    if cash.direction is Direction.IN:
        return _deposit_trouble(cash)
    if case.paid >= case.wanted:
        return None
    params: dict[str, str | int | float | None] = {**_amounts(cash), "error": cash.outcome.error}
    if case.paid:
        params["paid"] = case.paid.minor
        params["amount"] = case.wanted.minor
        code, choices = "payout_partial", _payout_choices(case, partial=True)
    else:
        code, choices = _payout_code(cash.outcome), _payout_choices(case, partial=False)
    say = sentence(f"say.{code}", **_amounts(cash))
    return Trouble(f"trouble.{code}", tuple(params.items()), say, _payout_did(cash, cash.outcome), choices)


def _unknown(cash: CashMovement) -> Trouble:
    params = {**_amounts(cash), "reference": cash.suspense_ref}
    did = (
        sentence("did.payout_stopped" if cash.direction is Direction.OUT else "did.deposit_stopped"),
        sentence("did.suspense_booked", **params),
    )
    error = cash.outcome.error if cash.outcome else None
    code = "trouble.cash_unknown" if cash.direction is Direction.OUT else "trouble.deposit_unknown"
    return Trouble(code, (*params.items(), ("error", error)), sentence("say.cash_unknown"), did, (END_CASE,))


def _deposit_trouble(cash: CashMovement) -> Trouble | None:
    if cash.paid == cash.amount:
        return None
    params = (*_amounts(cash).items(), ("error", cash.outcome.error if cash.outcome else None))
    back = cash.amount - cash.paid
    did = (
        sentence("did.deposit_stopped"),
        sentence("did.cash_given_back", amount=back.minor, currency=back.currency),
    )
    if cash.paid:
        return Trouble("trouble.deposit_partial", params, sentence("say.deposit_partial"), did, (END_CASE,))
    choices = (CHANGE_AMOUNT, END_CASE)
    return Trouble("trouble.deposit_returned", params, sentence("say.deposit_returned"), did, choices)


def voucher_failed(error: str) -> Trouble:
    """The money part is over and right; only the paper is missing."""
    return Trouble(
        "trouble.voucher_failed",
        (("error", error),),
        sentence("say.voucher_failed"),
        (sentence("did.books_right"),),
        (RETRY_VOUCHER,),
    )
