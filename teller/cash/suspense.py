"""A person's way out of suspense (挂账处理): one finds out where the notes are and says so, another one agrees.

proposed → approved | refused. What is said is which of the notes are in the customer's hands; all others are the
bank's to hold and, as far as they are his money, go to his account. Nothing is booked before the second person agrees.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from common.errors import UserError
from common.wire.cases import CashState
from teller.cash.movement import BY_HAND, HANDED_OVER, CashMovement, Direction, Outcome
from teller.denominations import NoteBundle
from teller.money import Money

REASONS = ("counted_at_machine", "seen_on_video", "customer_confirmed", "journal_explains", "handed_over")


class ClosingState(StrEnum):
    """Where a proposal stands."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Closing:
    """What one person proposed and another one decided. ``in_hand``: the notes that the customer has, by face.

    About a difference of a count (:mod:`teller.cash.difference`), ``movement`` is its ledger account, and ``amount``
    (minor units), ``way`` and ``to`` (a customer's account) say what becomes of it.
    """

    id: str
    movement: str
    case_id: str
    reference: str
    machine: str
    branch: str
    in_hand: Mapping[int, int]
    reason: str
    note: str
    maker: str
    proposed_at: datetime
    state: ClosingState = ClosingState.PROPOSED
    checker: str = ""
    decided_at: datetime | None = None
    answer: str = ""
    question: Mapping[int, int] = field(default_factory=dict)
    """The notes in question when it was proposed; empty: not kept then."""
    amount: int = 0
    way: str = ""
    to: str = ""


def in_question(movement: CashMovement) -> NoteBundle:
    """The notes that suspense stands for.

    Raises:
        UserError: ``suspense.over``: it is explained meanwhile.
    """
    if movement.state is not CashState.SUSPENSE:
        raise UserError("suspense.over", reference=movement.suspense_ref or "")
    return movement.questioned


def outcome_of(movement: CashMovement, in_hand: Mapping[int, int], reason: str = "") -> Outcome:
    """What the machine would have said, had its counters known what the two persons know.

    Raises:
        UserError: ``suspense.over``, ``suspense.too_many`` for notes that are not in question, ``notes.invalid``.
    """
    question, hand = in_question(movement), NoteBundle(dict(in_hand))
    if not question.covers(hand):
        raise UserError("suspense.too_many")
    error = HANDED_OVER if reason == "handed_over" else BY_HAND
    if movement.direction is Direction.OUT:
        return Outcome(known=True, taken=hand, error=error)
    stored = question.minus(hand)
    return Outcome(known=True, stored=stored, returned=movement.notes.without(stored), error=error)


def to_account(movement: CashMovement, in_hand: Mapping[int, int]) -> Money:
    """What goes to the customer's account: his notes that stay with the bank. Raises as :func:`outcome_of`."""
    outcome = outcome_of(movement, in_hand)
    if movement.direction is Direction.IN:
        return outcome.stored.value
    taken = outcome.taken.value
    return movement.amount - taken if taken < movement.amount else Money.zero(movement.amount.currency)


def proposed(closing: Closing, movement: CashMovement) -> Closing:
    """A proposal that can be carried out.

    Raises:
        UserError: ``suspense.reason`` for one that is not in the list, and as :func:`outcome_of`.
    """
    if closing.reason not in REASONS:
        raise UserError("suspense.reason")
    outcome_of(movement, closing.in_hand)
    return closing


def require_as_proposed(closing: Closing, movement: CashMovement) -> None:
    """Raises ``suspense.changed``: the machine has told more since, and other notes are in question now."""
    if closing.question and dict(closing.question) != dict(in_question(movement).counts):
        raise UserError("suspense.changed", reference=closing.reference)


def decided(closing: Closing, who: str, *, approved: bool, answer: str, at: datetime) -> Closing:
    """The second person has looked.

    Raises:
        UserError: ``suspense.decided``, ``suspense.four_eyes`` for the one who proposed it.
    """
    if closing.state is not ClosingState.PROPOSED:
        raise UserError("suspense.decided")
    if closing.maker == who:
        raise UserError("suspense.four_eyes")
    state = ClosingState.APPROVED if approved else ClosingState.REFUSED
    return replace(closing, state=state, checker=who, decided_at=at, answer=answer)
