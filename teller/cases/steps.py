"""What the kiosk does now, computed purely from the case: a restarted kiosk goes on by itself."""

from common.wire.cases import CardState, CaseState, CashState, CustomerStep, TicketState
from teller.cases.handing import next_due
from teller.cases.model import Case
from teller.cases.passbook import passbook_of
from teller.cash.movement import Direction
from teller.pin import PinState
from teller.transactions.base import Presence

_S = CustomerStep
OPEN_SHEETS = frozenset({"wanted", "printing"})
"""The customer waits for the whole voucher."""
_INSIDE = frozenset({CardState.INSIDE, CardState.RETURNED})
"""In the reader, or held at its mouth."""


def card_is_in(case: Case) -> bool:
    return case.card is not None and case.card.state in _INSIDE


def customer_step(case: Case) -> CustomerStep:
    """The one thing the customer's machine has to do."""
    if case.terminal:
        return _after_the_end(case)
    if case.state is CaseState.EXECUTING:
        return _executing(case)
    needs_card = case.definition.card == "required"
    if needs_card and (case.card is None or case.card.state is CardState.PULLED):
        return _S.INSERT_CARD
    if case.state is CaseState.AWAITING_AUTHORISATION:
        return _S.WAIT_AUTHORISATION
    if case.state is CaseState.AUTHORISED:
        return _consenting(case)
    if case.ticket.state in (TicketState.WAITING, TicketState.RINGING):
        return _S.QUEUE
    return case.prompt or _S.TALK


def _consenting(case: Case) -> CustomerStep:
    if case.disputed_line is not None or case.prompt is _S.TALK:
        return _S.TALK
    if case.confirmed_at is None:
        return _S.CONFIRM
    if case.needs_pin and case.pin.state is not PinState.OK:
        inside = case.pin_mode == "set" or (case.card is not None and case.card.state is CardState.INSIDE)
        return _S.PIN if inside else _S.INSERT_CARD
    if case.signed is not None:
        return _S.WAIT_EXECUTION
    return _S.LOOK if look_due(case) else _S.SIGN


def look_due(case: Case) -> bool:
    """Before each signature somebody looks who signs: the machine where it may, by the customer's consent."""
    remote = case.presence is Presence.REMOTE
    return remote and case.face_consent.given and case.face is not None and case.signing_look is None


def _executing(case: Case) -> CustomerStep:
    if case.trouble is not None:
        return _S.TROUBLE
    if case.final_amount is not None:
        return _settled(case)
    if case.direction is Direction.IN:
        return _S.STORE_CASH
    if case.direction is None:
        return _S.WAIT_EXECUTION
    return _S.TAKE_CARD if card_is_in(case) else _S.TAKE_CASH


def _settled(case: Case) -> CustomerStep:
    if card_is_in(case):
        return _S.TAKE_CARD
    if case.voucher is None:
        return _S.WAIT_EXECUTION
    if case.ticket.state is TicketState.LEFT:
        return _S.GOODBYE  # the customer has gone; staff have a word to say yet
    if next_due(case) is not None:
        return _S.HAND_OVER
    if case.passbook is None and passbook_of(case) is not None:
        return _S.PRINT_PASSBOOK
    if case.receipt is None:
        return _S.TAKE_RECEIPT
    return _S.PRINT_VOUCHER if case.sheets is not None and case.sheets.state in OPEN_SHEETS else _S.RATE


def _after_the_end(case: Case) -> CustomerStep:
    """Money first, then the card, then goodbye."""
    cash = case.cash
    if cash is not None and cash.direction is Direction.IN and cash.state in (CashState.COUNTED, CashState.MOVING):
        return _S.RETURN_CASH
    if card_is_in(case):
        return _S.RETAIN_CARD if case.pin.state is PinState.BLOCKED else _S.TAKE_CARD
    return _S.GOODBYE
