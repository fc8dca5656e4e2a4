"""The life of one movement of physical cash.

out: planned → posted → moving → settled | reversed | suspense; suspense → settled | reversed.
in:  counted → moving → settled | returned | suspense; suspense → settled | returned; counted → returned is
     also a movement (the acceptor rolls back), so it goes through moving like any other. In suspense, what is in
     question becomes less when the counters tell how much of it lies inside.
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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the machine's counters say about a movement; ``known`` false says that they cannot say it yet."""

    known: bool
    taken: NoteBundle = field(default_factory=NoteBundle)
    stored: NoteBundle = field(default_factory=NoteBundle)
    returned: NoteBundle = field(default_factory=NoteBundle)
    retracted: NoteBundle = field(default_factory=NoteBundle)
    error: str | None = None


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
    def unexplained(self) -> Money:
        """What suspense stands for: what stayed inside, or all of it while nobody can say."""
        kept = self.outcome
        if self.direction is Direction.IN and kept is not None and kept.retracted:
            return kept.stored.plus(kept.retracted).value
        return self.amount

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


def _settled_part(movement: CashMovement, outcome: Outcome) -> Money:
    """What changed hands; the counters cannot have moved more notes than there were.

    Raises:
        UserError: ``cash.outcome_impossible``.
    """
    if movement.direction is Direction.OUT:
        possible = movement.notes.covers(outcome.taken.plus(outcome.retracted))
        part = outcome.taken.value
    else:
        possible = outcome.stored.plus(outcome.returned) == movement.notes
        part = outcome.stored.value
    if not possible:
        raise UserError("cash.outcome_impossible")
    return part


def _known_better(movement: CashMovement, outcome: Outcome, counts: Mapping[str, int]) -> CashMovement:
    """Still for persons to explain, but the counters tell by now which of the notes lie inside: only those are in
    question. It stays the same item, since when it was; said again, nothing changes."""
    known = movement.outcome
    if movement.direction is Direction.OUT or not outcome.retracted or (known is not None and known.retracted):
        return movement
    return replace(movement, outcome=outcome, counts_after=dict(counts))


def concluded(
    movement: CashMovement, outcome: Outcome, counts: Mapping[str, int], at: datetime, suspense_ref: str
) -> CashMovement:
    """The movement after its outcome. ``suspense_ref`` is used only when it goes into suspense with it.

    Raises:
        UserError: ``cash.outcome_impossible``, ``cash.wrong_state``.
    """
    if not outcome.known and movement.state is CashState.SUSPENSE:
        return _known_better(movement, outcome, counts)
    if not outcome.known:
        unknown = movement.to(CashState.SUSPENSE, at)
        return replace(unknown, outcome=outcome, counts_after=dict(counts), suspense_ref=suspense_ref)
    part = _settled_part(movement, outcome)
    nothing = CashState.REVERSED if movement.direction is Direction.OUT else CashState.RETURNED
    after = movement.to(CashState.SETTLED if part else nothing, at)
    return replace(after, outcome=outcome, counts_after=dict(counts), settled=part)
