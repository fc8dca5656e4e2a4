"""Coming and waiting: the card, the ticket, the seat."""

from datetime import datetime

from common.errors import UserError
from common.wire.cases import CardState, CaseState, FieldSource, TicketState
from teller.cases.model import Card, Case, Holder, Staff, Ticket
from teller.forms.fields import FieldValue
from teller.pin import Pin, PinState
from teller.vouchers import mask_account

_CARD_MOVES: dict[CardState, frozenset[CardState]] = {
    CardState.INSIDE: frozenset({CardState.RETURNED, CardState.TAKEN, CardState.PULLED, CardState.RETAINED}),
    CardState.RETURNED: frozenset({CardState.TAKEN, CardState.RETAINED, CardState.INSIDE}),
    CardState.PULLED: frozenset({CardState.TAKEN}),
    CardState.TAKEN: frozenset(),
    CardState.RETAINED: frozenset(),
}


def card_read(case: Case, number: str, holder: Holder, tries_left: int, by: str, at: datetime) -> Case:
    """A card was read: the first one starts the wait, later only the same one counts.

    Raises:
        UserError: ``card.other_than_before``; ``case.wrong_state`` when the case has ended.
    """
    if case.terminal:
        raise UserError("case.wrong_state", state=case.state.value, wanted="card")
    if case.card is not None:
        if case.card.number != number:
            raise UserError("card.other_than_before")
        return case.evolve(card=Card(number)).marked("card_back", at)
    shown = mask_account(holder.account)
    # Who stands beside staff is served already: the card does not send him back to wait.
    served = case.ticket.state is TicketState.SERVING
    account = FieldValue(shown, FieldSource.CARD, by, case.version + 1, at)
    return case.evolve(
        card=Card(number),
        holder=holder,
        pin=Pin(tries_left=tries_left),
        ticket=case.ticket if served else Ticket(TicketState.WAITING, since=at),
        values={**case.values, "account": account},
    ).marked("card_read", at)


def card_moved(case: Case, state: CardState, at: datetime) -> Case:
    """The kiosk says where the card is now. Pulled before execution, PIN and signature are asked again.

    Raises:
        UserError: ``card.missing``, ``card.wrong_state``.
    """
    if case.card is None:
        raise UserError("card.missing")
    early = not case.terminal and case.state is not CaseState.EXECUTING
    if state is CardState.PULLED and not early:
        state = CardState.TAKEN
    if state is CardState.TAKEN and early and case.card.state is CardState.INSIDE:
        state = CardState.PULLED
    if state is case.card.state:
        return case
    if state not in _CARD_MOVES[case.card.state]:
        raise UserError("card.wrong_state", state=case.card.state.value, wanted=state.value)
    moved = case.evolve(card=Card(case.card.number, state)).marked(f"card_{state.value}", at)
    if state is not CardState.PULLED:
        return moved
    pin = moved.pin if moved.pin.state is PinState.BLOCKED else Pin(PinState.NONE, moved.pin.tries_left)
    return moved.evolve(pin=pin, signed=None, signing_look=None, signing_doubts=0)


def ringing(case: Case, seat: str) -> Case:
    """Raises ``ticket.wrong_state`` unless the ticket waits."""
    if case.ticket.state is not TicketState.WAITING or case.ticket.since is None:
        raise UserError("ticket.wrong_state", state=case.ticket.state.value)
    ticket = Ticket(TicketState.RINGING, since=case.ticket.since, seat=seat)
    return case.evolve(ticket=ticket)


def ringing_stopped(case: Case) -> Case:
    """Raises ``ticket.wrong_state`` unless it rings. The place in the queue is kept."""
    if case.ticket.state is not TicketState.RINGING:
        raise UserError("ticket.wrong_state", state=case.ticket.state.value)
    return case.evolve(ticket=Ticket(TicketState.WAITING, since=case.ticket.since))


def answered(case: Case, teller: Staff, at: datetime, *, in_turn: bool) -> Case:
    """A teller takes the customer: whoever rings, or (``in_turn`` false) any waiting one.

    Raises:
        UserError: ``ticket.taken`` (``seat``), ``ticket.not_ringing_here``, ``ticket.wrong_state``.
    """
    ticket = case.ticket
    if ticket.state is TicketState.SERVING:
        raise UserError("ticket.taken", seat=case.teller.seat if case.teller else None, number=case.number)
    if ticket.state is TicketState.LEFT or ticket.since is None or case.state is not CaseState.DRAFT:
        raise UserError("ticket.wrong_state", state=ticket.state.value)
    if ticket.state is TicketState.RINGING and ticket.seat != teller.number:
        raise UserError("ticket.not_ringing_here", seat=ticket.seat)
    if in_turn and ticket.state is not TicketState.RINGING:
        raise UserError("ticket.not_ringing_here", seat=None)
    serving = Ticket(TicketState.SERVING, since=ticket.since, answered_at=at)
    return case.evolve(ticket=serving, teller=teller).marked("answered", at)


def left_with_teller(case: Case) -> bool:
    """Whether the customer has gone and only staff's word is missing on who holds each thing (`ending.gone`)."""
    return case.state is CaseState.EXECUTING and case.ticket.state is TicketState.LEFT and case.teller is not None


def taken_over(case: Case, teller: Staff, branch: str, at: datetime, *, held: bool) -> Case:
    """Another teller of the branch goes on with a case that was left with its teller.

    Args:
        held: its teller is signed in, and may have it open: two never work on the same case.

    Raises:
        UserError: ``case.not_yours`` (``number``, ``seat``) while it is held; ``case.forbidden`` in another branch.
    """
    assert case.teller is not None, "it was left with a teller"
    if case.branch != branch:
        raise UserError("case.forbidden")
    if case.teller.number == teller.number:
        return case
    if held:
        raise UserError("case.not_yours", number=case.number, seat=case.teller.seat)
    return case.evolve(teller=teller).marked("taken_over", at)
