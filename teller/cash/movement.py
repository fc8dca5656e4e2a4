"""The life of one movement of physical cash.

out: planned → posted → moving → settled | reversed | suspense; suspense → settled | reversed.
in:  counted → moving → settled | returned | suspense; suspense → settled | returned; counted → returned is
     also a movement (the acceptor rolls back), so it goes through moving like any other. In suspense, what is in
     question becomes another amount when the counters tell how much of it lies inside.
What the counters say is never refused: other notes than were confirmed, or more than were to be paid out, are suspense.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from common.errors import UserError
from common.wire.cases import CashState
from teller.denominations import NoteBundle
from teller.money import Money


class Direction(StrEnum):
    """As seen from the machine."""

    OUT = "out"
    IN = "in"


_S = CashState

TRANSITIONS: Mapping[Direction, Mapping[CashState, frozenset[CashState]]] = MappingProxyType(
    {
        Direction.OUT: {
            _S.PLANNED: frozenset({_S.POSTED}),
            _S.POSTED: frozenset({_S.MOVING, _S.REVERSED}),
            _S.MOVING: frozenset({_S.SETTLED, _S.REVERSED, _S.SUSPENSE}),
            _S.SUSPENSE: frozenset({_S.SETTLED, _S.REVERSED}),
        },
        Direction.IN: {
            _S.COUNTED: frozenset({_S.MOVING}),
            _S.MOVING: frozenset({_S.SETTLED, _S.RETURNED, _S.SUSPENSE}),
            _S.SUSPENSE: frozenset({_S.SETTLED, _S.RETURNED}),
        },
    }
)

ENDED = frozenset({_S.SETTLED, _S.REVERSED, _S.RETURNED})
BY_HAND = "cash.by_hand"
HANDED_OVER = "cash.handed_over"
"""Errors of what two persons concluded; with the second one they gave the customer his notes out of the vault."""
CONTRADICTION = "cash.contradiction"
"""The error of an outcome that the machine is sure of, and that cannot be what was agreed."""
RETRACTED, COUNTERS_ANEW = "cash.retracted", "cash.counters_anew"
"""Why an outcome is not known: the customer's notes lie in the machine; its counters began anew meanwhile."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the machine's counters say about a movement; ``known`` false says that they cannot say it yet."""

    known: bool
    taken: NoteBundle = field(default_factory=NoteBundle)
    stored: NoteBundle = field(default_factory=NoteBundle)
    returned: NoteBundle = field(default_factory=NoteBundle)
    retracted: NoteBundle = field(default_factory=NoteBundle)
    error: str | None = None

    @property
    def tells(self) -> bool:
        """Whether it says of any note where it is."""
        return bool(self.taken or self.stored or self.returned or self.retracted)

    def same_notes(self, other: "Outcome") -> bool:
        """Whether both say the same of every note, however sure they are."""
        return replace(self, known=other.known, error=other.error) == other


@dataclass(frozen=True, slots=True)
class CashMovement:
    """One movement.

    Attributes:
        notes: planned to leave (out) or counted in escrow (in).
        settled: the part that really changed hands; only known when the state says so.
        posted_entry: the entry in the books that waits for the outcome (out).
    """

    id: str
    direction: Direction
    amount: Money
    notes: NoteBundle
    state: CashState
    created_at: datetime
    changed_at: datetime
    posted_entry: str | None = None
    settled: Money | None = None
    outcome: Outcome | None = None
    suspense_ref: str | None = None
    counts_before: Mapping[str, int] = field(default_factory=dict)
    counts_after: Mapping[str, int] = field(default_factory=dict)

    def to(self, state: CashState, at: datetime) -> Self:
        """The movement one step on.

        Raises:
            UserError: ``cash.wrong_state`` (``state``, ``wanted``).
        """
        if state not in TRANSITIONS[self.direction].get(self.state, frozenset()):
            raise UserError("cash.wrong_state", state=self.state.value, wanted=state.value)
        return replace(self, state=state, changed_at=at)

    @property
    def ended(self) -> bool:
        return self.state in ENDED

    @property
    def paid(self) -> Money:
        """What changed hands for good."""
        return self.settled or Money.zero(self.amount.currency)

    @property
    def questioned(self) -> NoteBundle:
        """The notes that suspense stands for: those that stayed inside (in), those that left for good although they
        should not have (out), or all of it while nobody can say."""
        said = self.outcome
        if said is None or not said.tells:
            return self.notes
        return said.stored.plus(said.retracted) if self.direction is Direction.IN else said.taken or self.notes

    @property
    def unexplained(self) -> Money:
        """Worth of a deposit in suspense: so much of it the machine's cash has. Of a payout: all that was posted."""
        return self.questioned.value if self.direction is Direction.IN else self.amount

    @property
    def left(self) -> Money:
        """Of a payout in suspense: what the counters say has left the machine all the same."""
        if self.state is not CashState.SUSPENSE or self.outcome is None:
            return Money.zero(self.amount.currency)
        return self.outcome.taken.value

    def as_begun(self) -> Self:
        """The movement before anything had happened to it."""
        return replace(self, state=CashState.PLANNED if self.direction is Direction.OUT else CashState.COUNTED)


def planned(id: str, notes: NoteBundle, at: datetime) -> CashMovement:
    """A payout of these notes."""
    return CashMovement(id, Direction.OUT, notes.value, notes, CashState.PLANNED, at, at)


def counted(id: str, notes: NoteBundle, at: datetime) -> CashMovement:
    """Notes that lie in escrow, confirmed by the customer.

    Raises:
        UserError: ``cash.nothing_counted``.
    """
    if not notes:
        raise UserError("cash.nothing_counted")
    return CashMovement(id, Direction.IN, notes.value, notes, CashState.COUNTED, at, at)


def posted(movement: CashMovement, entry: str, at: datetime) -> CashMovement:
    return replace(movement.to(CashState.POSTED, at), posted_entry=entry)


def moving(movement: CashMovement, counts: Mapping[str, int], at: datetime) -> CashMovement:
    """The machine is about to act. Said twice (the kiosk lost the answer), it stays as it was."""
    if movement.state is CashState.MOVING:
        return movement
    return replace(movement.to(CashState.MOVING, at), counts_before=dict(counts))


def weighed(movement: CashMovement, outcome: Outcome) -> Outcome:
    """What the machine says, as far as it explains the movement.

    It may be sure of something that cannot be: other notes stored and given back than the customer had confirmed, more
    paid out than was to be. The notes are where the counters say, so nothing is refused; two persons have to find out
    why.
    """
    if movement.direction is Direction.OUT:
        possible = movement.notes.covers(outcome.taken)
    else:
        possible = outcome.stored.plus(outcome.returned) == movement.notes
    return outcome if possible or not outcome.known else replace(outcome, known=False, error=CONTRADICTION)


def _known_better(movement: CashMovement, outcome: Outcome, counts: Mapping[str, int]) -> CashMovement:
    """Still for persons to explain, but the counters tell by now which of the notes lie inside: only those are in
    question. It stays the same item, since when it was; said again, nothing changes."""
    known = movement.outcome
    if not outcome.tells or (known is not None and known.tells):
        return movement
    return replace(movement, outcome=outcome, counts_after=dict(counts))


def concluded(
    movement: CashMovement, outcome: Outcome, counts: Mapping[str, int], at: datetime, suspense_ref: str
) -> CashMovement:
    """The movement after its outcome, a machine's (:func:`weighed`) or that of two persons who looked.
    ``suspense_ref`` is used only when it goes into suspense with it.

    Raises:
        UserError: ``cash.wrong_state``.
    """
    if not outcome.known and movement.state is CashState.SUSPENSE:
        return _known_better(movement, outcome, counts)
    if not outcome.known:
        unknown = movement.to(CashState.SUSPENSE, at)
        return replace(unknown, outcome=outcome, counts_after=dict(counts), suspense_ref=suspense_ref)
    part = (outcome.taken if movement.direction is Direction.OUT else outcome.stored).value
    nothing = CashState.REVERSED if movement.direction is Direction.OUT else CashState.RETURNED
    after = movement.to(CashState.SETTLED if part else nothing, at)
    return replace(after, outcome=outcome, counts_after=dict(counts), settled=part)
