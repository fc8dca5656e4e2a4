"""Filling and emptying a machine (加钞/清机): why it is due, how much is proposed, who may open it, what is booked.

raised → accepted (two persons, each with a code of his own) → open (both codes were right) → done;
cancelled before it is open. What an open one has come to is kept (``before``, ``counted``): whoever goes on after a
crash, the same two or two others who take it over, finds there what cannot be found out twice.
"""

import hmac
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Self

from common.errors import UserError

Contents = Mapping[str, Mapping[int, int]]
"""Unit to notes by face value."""
MAX_TRIES = 3
COVER_DAYS = 3
"""A machine is filled for so many days of its recent use."""
_FULLEST = 0.9
_LEAST = 0.5


class State(StrEnum):
    """Where a replenishment stands."""

    RAISED = "raised"
    ACCEPTED = "accepted"
    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


TRANSITIONS: Mapping[State, frozenset[State]] = MappingProxyType(
    {
        State.RAISED: frozenset({State.ACCEPTED, State.CANCELLED}),
        State.ACCEPTED: frozenset({State.OPEN, State.CANCELLED}),
        State.OPEN: frozenset({State.DONE, State.RAISED}),
        State.DONE: frozenset(),
        State.CANCELLED: frozenset(),
    }
)


@dataclass(frozen=True, slots=True)
class UnitLevel:
    """One cash unit as the machine last reported it. ``face`` 0: mixed notes. ``level``: of the standard."""

    key: str
    role: str
    face: int
    count: int
    capacity: int
    level: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one unit should hold afterwards; ``reason`` is a code: low, empty, full, high, top_up."""

    unit: str
    face: int
    now: int
    target: int
    reason: str


@dataclass(frozen=True, slots=True)
class HopperLevel:
    """One coin hopper as last reported. ``value``: of a coin, minor units; ``out``: given out since it was filled."""

    unit: str
    value: int
    count: int
    capacity: int
    level: str
    out: int = 0


@dataclass(frozen=True, slots=True)
class HopperProposal:
    """To how many coins a hopper is filled up. Coins are in no book: what is poured in is not booked."""

    unit: str
    value: int
    now: int
    target: int
    reason: str


@dataclass(frozen=True, slots=True)
class Custodian:
    """One of the two persons: his number, and the digest of the code that only he was told."""

    number: str
    code_digest: str


@dataclass(frozen=True, slots=True)
class UnitCount:
    """One unit at the exchange, notes by face value: by its counter, as two persons counted, as it was left."""

    unit: str
    counter: Mapping[int, int]
    counted: Mapping[int, int]
    loaded: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Sums:
    """Minor units: what came out by count and what went in, of cassettes that changed; all that was counted, and by
    how much it is more than the counters said."""

    taken: int
    loaded: int
    counted: int
    difference: int


@dataclass(frozen=True, slots=True)
class Replenishment:
    """One visit of two persons to one machine."""

    id: str
    machine: str
    state: State
    raised_at: datetime
    changed_at: datetime
    raised_by: str
    proposals: tuple[Proposal, ...]
    custodians: tuple[Custodian, ...] = ()
    tries: int = 0
    counts: tuple[UnitCount, ...] = field(default=())
    before: "Contents" = field(default_factory=dict)
    """By the counters when the safe was opened; empty: nobody has said so yet."""
    counted: "Contents" = field(default_factory=dict)
    """By the machine's own count of every note, before a cassette was touched; empty: not counted yet."""
    difference: int | None = None
    """Minor units, counted less booked; None: not done."""
    opened_at: datetime | None = None
    """When the safe was opened first; None: it never was."""
    counted_at: datetime | None = None
    """When the count before a cassette was touched was told: the machine has served nobody since before that."""
    whole: bool = False
    """Every note was counted, and the books follow that count."""
    hoppers: tuple[HopperProposal, ...] = ()

    def to(self, state: State, at: datetime) -> Self:
        """Raises ``replenishment.wrong_state`` (``state``, ``wanted``)."""
        if state not in TRANSITIONS[self.state]:
            raise UserError("replenishment.wrong_state", state=self.state.value, wanted=state.value)
        return replace(self, state=state, changed_at=at)

    @property
    def safe_open(self) -> bool:
        """Whether two persons have the safe open, or left it so."""
        return not self.over and (self.state is State.OPEN or self.opened_at is not None)

    @property
    def over(self) -> bool:
        return not TRANSITIONS[self.state]


def due(units: Sequence[UnitLevel]) -> tuple[UnitLevel, ...]:
    """Units that want attention: too few notes to pay out, or no room for more."""
    return tuple(
        unit
        for unit in units
        if (unit.role in ("recycle", "cashOut") and unit.level in ("low", "empty")) or unit.level in ("full", "high")
    )


def proposals(units: Sequence[UnitLevel], daily_use: Mapping[int, float]) -> tuple[Proposal, ...]:
    """What every unit should hold afterwards.

    Args:
        daily_use: notes a day that left the machine for good, by face value, over the last days.
    """
    found: list[Proposal] = []
    for unit in units:
        paying = unit.role in ("recycle", "cashOut")
        sharing = sum(1 for other in units if other.face == unit.face and other.role == unit.role)
        if paying:
            wanted = round(daily_use.get(unit.face, 0.0) * COVER_DAYS / sharing)
            target = min(round(unit.capacity * _FULLEST), max(wanted, round(unit.capacity * _LEAST)))
        else:
            target = 0
        if target != unit.count:
            reason = unit.level if unit.level != "ok" else "top_up" if paying else "empty_out"
            found.append(Proposal(unit.key, unit.face, unit.count, target, reason))
    return tuple(found)


def hoppers_due(hoppers: Sequence[HopperLevel]) -> bool:
    """Whether one has too few coins; a full one gives coins all the same."""
    return any(hopper.level in ("low", "empty") for hopper in hoppers)


def hopper_proposals(hoppers: Sequence[HopperLevel], days: float) -> tuple[HopperProposal, ...]:
    """To what every hopper is filled up: nobody takes coins out.

    Args:
        days: since they were filled last; what they gave out is the use of so many days.
    """
    found: list[HopperProposal] = []
    for one in hoppers:
        wanted = round(one.out / max(1.0, days) * COVER_DAYS)
        target = min(round(one.capacity * _FULLEST), max(wanted, round(one.capacity * _LEAST)))
        if target > one.count:
            reason = one.level if one.level in ("low", "empty") else "top_up"
            found.append(HopperProposal(one.unit, one.value, one.count, target, reason))
    return tuple(found)


def joined(task: Replenishment, number: str, code_digest: str, at: datetime) -> Replenishment:
    """Another person takes part; with the second one it is accepted. Joining again gives a new code.

    Wrong codes stay counted, or who knows one code could try the other one without end; locked by them, both join anew.

    Raises:
        UserError: ``replenishment.full`` with two others, ``replenishment.wrong_state``.
    """
    if task.state not in (State.RAISED, State.ACCEPTED):
        raise UserError("replenishment.wrong_state", state=task.state.value, wanted=State.ACCEPTED.value)
    locked = task.tries >= MAX_TRIES
    others = () if locked else tuple(person for person in task.custodians if person.number != number)
    if len(others) > 1:
        raise UserError("replenishment.full")
    people = (*others, Custodian(number, code_digest))
    after = replace(task, custodians=people, changed_at=at, tries=0 if locked else task.tries)
    return after.to(State.ACCEPTED, at) if len(people) == 2 and task.state is State.RAISED else after


def codes_right(task: Replenishment, codes: Sequence[str], digest: Callable[[str, str], str]) -> bool:
    """Whether each of the two persons gave his own code, in either order. One code is never enough for two.

    Args:
        digest: what is kept of a person's code, from his number and the code.

    Raises:
        UserError: ``replenishment.four_eyes`` unless two persons have joined; ``replenishment.locked`` after
            too many wrong codes.
    """
    if len({person.number for person in task.custodians}) != 2 or len(codes) != 2:
        raise UserError("replenishment.four_eyes")
    if task.tries >= MAX_TRIES:
        raise UserError("replenishment.locked")
    first, second = task.custodians

    def fits(person: Custodian, code: str) -> bool:
        return hmac.compare_digest(person.code_digest, digest(person.number, code))

    return any(fits(first, one) and fits(second, other) for one, other in (codes, tuple(reversed(codes))))


def opened(task: Replenishment, at: datetime) -> Replenishment:
    """The safe may be opened; the codes have served."""
    people = tuple(replace(person, code_digest="") for person in task.custodians)
    return replace(task.to(State.OPEN, at), custodians=people, opened_at=task.opened_at or at)


def tried(task: Replenishment, at: datetime) -> Replenishment:
    """A wrong code."""
    return replace(task, tries=task.tries + 1, changed_at=at)


def progressed(task: Replenishment, before: Contents, counted: Contents, at: datetime) -> Replenishment:
    """What the open one has come to. What was said first stays: later the cassettes hold other notes.

    Raises:
        UserError: ``replenishment.wrong_state``.
    """
    if task.state is not State.OPEN:
        raise UserError("replenishment.wrong_state", state=task.state.value, wanted=State.OPEN.value)
    known = replace(task, before=task.before or before, counted=task.counted or counted)
    if known.counted and known.counted_at is None:
        known = replace(known, counted_at=at)
    return task if known == task else replace(known, changed_at=at)


def taken_over(task: Replenishment, at: datetime) -> Replenishment:
    """The two who opened it do not come back: two persons join anew and go on from what is known of it.

    Raises:
        UserError: ``replenishment.wrong_state`` unless it is open.
    """
    if task.state is not State.OPEN:
        raise UserError("replenishment.wrong_state", state=task.state.value, wanted=State.OPEN.value)
    return replace(task.to(State.RAISED, at), custodians=(), tries=0)


def cancelled(task: Replenishment, at: datetime) -> Replenishment:
    """Nobody goes. A safe that was open once is counted by somebody, whoever takes it over.

    Raises:
        UserError: ``replenishment.wrong_state`` once the safe was open.
    """
    if task.opened_at is not None or task.before or task.counted:
        raise UserError("replenishment.wrong_state", state=task.state.value, wanted=State.CANCELLED.value)
    return task.to(State.CANCELLED, at)


def done(task: Replenishment, counts: Sequence[UnitCount], at: datetime) -> Replenishment:
    """What was counted and loaded, written down; the counters of before, as they were told first. Said again, the same.

    Raises:
        UserError: ``replenishment.no_counts``, ``replenishment.unit_twice``, ``replenishment.wrong_state``.
    """
    if not counts:
        raise UserError("replenishment.no_counts")
    if len({count.unit for count in counts}) != len(counts):
        raise UserError("replenishment.unit_twice")
    said = tuple(
        replace(
            one, counter=task.before.get(one.unit, one.counter), counted=task.counted.get(one.unit, one.counted)
        )
        for one in counts
    )  # fmt: skip
    if task.state is State.DONE and task.counts == said:
        return task
    return replace(task.to(State.DONE, at), counts=said)


def sums(counts: Sequence[UnitCount]) -> Sums:
    """The money of an exchange."""
    counter, counted = (sum(_worth(getattr(count, name)) for count in counts) for name in ("counter", "counted"))
    changed = [count for count in counts if dict(count.counted) != dict(count.loaded)]
    taken, loaded = (sum(_worth(getattr(count, name)) for count in changed) for name in ("counted", "loaded"))
    return Sums(taken, loaded, counted, counted - counter)


def _worth(notes: Mapping[int, int]) -> int:
    return sum(face * 100 * count for face, count in notes.items())
