"""Notes: bundles of counted notes, and which of the notes inside make up an amount."""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import reduce
from math import gcd
from types import MappingProxyType

from common.errors import UserError
from teller.money import CNY, Money, exponent

FACES: Mapping[str, tuple[int, ...]] = MappingProxyType({"CNY": (100, 50, 20, 10, 5, 1)})
"""Face values of notes in circulation, in major units."""

MAX_NOTES = 100_000


@dataclass(frozen=True, slots=True)
class NoteBundle:
    """Counted notes of one currency: face value in major units to a positive count.

    Raises:
        UserError: ``notes.invalid`` for a face that does not exist, or a count below zero or beyond reason.
    """

    counts: Mapping[int, int] = field(default_factory=dict)
    currency: str = CNY

    def __post_init__(self) -> None:
        for face, count in self.counts.items():
            if face not in FACES.get(self.currency, ()) or not 0 <= count <= MAX_NOTES:
                raise UserError("notes.invalid", face=face, count=count)
        kept = {face: count for face, count in sorted(self.counts.items(), reverse=True) if count}
        object.__setattr__(self, "counts", kept)

    @classmethod
    def read(cls, notes: Mapping[str, int], currency: str = CNY) -> "NoteBundle":
        """From the wire's form, ``{"100": 200}``."""
        try:
            return cls({int(face): count for face, count in notes.items()}, currency)
        except ValueError:
            raise UserError("notes.invalid") from None

    def wire(self) -> dict[str, int]:
        return {str(face): count for face, count in self.counts.items()}

    @property
    def value(self) -> Money:
        return Money.major(sum(face * count for face, count in self.counts.items()), self.currency)

    @property
    def number(self) -> int:
        """How many notes."""
        return sum(self.counts.values())

    def covers(self, other: "NoteBundle") -> bool:
        """Whether every note of the other is here."""
        return all(self.counts.get(face, 0) >= count for face, count in other.counts.items())

    def minus(self, other: "NoteBundle") -> "NoteBundle":
        """Raises ``notes.invalid`` when the other has more of a face than this."""
        faces = {*self.counts, *other.counts}
        return NoteBundle({f: self.counts.get(f, 0) - other.counts.get(f, 0) for f in faces}, self.currency)

    def without(self, other: "NoteBundle") -> "NoteBundle":
        """What is left when as many of the other's notes as are here are gone."""
        left = {face: max(0, count - other.counts.get(face, 0)) for face, count in self.counts.items()}
        return NoteBundle(left, self.currency)

    def plus(self, other: "NoteBundle") -> "NoteBundle":
        faces = {*self.counts, *other.counts}
        return NoteBundle({f: self.counts.get(f, 0) + other.counts.get(f, 0) for f in faces}, self.currency)

    def __bool__(self) -> bool:
        return bool(self.counts)


@dataclass(frozen=True, slots=True)
class Nearest:
    """The nearest payable amounts around one that is not."""

    below: Money | None
    above: Money | None


_NEVER = 1 << 60


def _add_face(best: list[int], step: int, count: int) -> tuple[list[int], list[int]]:
    """Bounded knapsack, one kind of note: fewest notes for each amount, and how many of this kind it takes.

    A sliding window of width ``count`` over each residue class keeps it linear in the number of amounts.
    """
    after, used = [_NEVER] * len(best), [0] * len(best)
    for residue in range(min(step, len(best))):
        window: deque[tuple[int, int]] = deque()
        for index, at in enumerate(range(residue, len(best), step)):
            key = best[at] - index
            while window and window[-1][1] >= key:
                window.pop()
            window.append((index, key))
            if window[0][0] < index - count:
                window.popleft()
            start, low = window[0]
            if low < _NEVER // 2:
                after[at], used[at] = low + index, index - start
    return after, used


def _table(limit: int, inside: Mapping[int, int], unit: int) -> tuple[list[int], list[tuple[int, list[int]]]]:
    best = [0] + [_NEVER] * (limit // unit)
    layers: list[tuple[int, list[int]]] = []
    for face, count in inside.items():
        best, used = _add_face(best, face // unit, count)
        layers.append((face, used))
    return best, layers


def plan(amount: Money, inside: NoteBundle) -> NoteBundle | None:
    """The fewest notes of those inside that make exactly this amount; None when it cannot be paid."""
    scale: int = 10 ** exponent(amount.currency)
    unit = reduce(gcd, inside.counts, 0)
    major, odd = divmod(amount.minor, scale)
    if amount.minor <= 0 or odd or unit == 0 or major % unit or amount > inside.value:
        return None
    best, layers = _table(major, inside.counts, unit)
    at = major // unit
    if best[at] >= _NEVER // 2:
        return None
    counts: dict[int, int] = {}
    for face, used in reversed(layers):
        if used[at]:
            counts[face] = used[at]
            at -= used[at] * (face // unit)
    return NoteBundle(counts, amount.currency)


def nearest_payable(amount: Money, inside: NoteBundle) -> Nearest:
    """What can be paid instead: the next amounts below and above (above at most one largest note away)."""
    unit = reduce(gcd, inside.counts, 0)
    if unit == 0:
        return Nearest(None, None)
    scale: int = 10 ** exponent(amount.currency)
    total = inside.value.minor // scale
    limit = min(total, max(0, amount.minor) // scale + max(inside.counts))
    best, _ = _table(limit, inside.counts, unit)
    reachable = [at * unit for at, notes in enumerate(best) if at and notes < _NEVER // 2]
    below = [major for major in reachable if major * scale <= amount.minor]
    above = [major for major in reachable if major * scale > amount.minor]
    return Nearest(
        Money.major(below[-1], amount.currency) if below else None,
        Money.major(above[0], amount.currency) if above else None,
    )
