"""Suspect notes (可疑币): what a machine may do with them, and what is written down.

No software takes a note away from its holder: only two members of staff, in the holder's sight, may do that
(PBOC order 3 of 2019 on counterfeit currency). A note that a machine does not trust is given back, or it stays
apart from all others in the machine and is worth nothing in the books until people have looked at it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

LEVELS = ("suspect", "counterfeit", "unrecognized", "inked")
MANY = 5
"""So many counterfeit pieces at once have to be reported to central bank and police without delay."""
NEAR = 10
"""Numbers that lie no further apart belong to one run."""
UNREAD = "?"
"""Number of a note that the reader could not read."""
_NUMBER = re.compile(r"(.*?)(\d{4,})$")


class Fate(StrEnum):
    """Where the note is."""

    RETURNED = "returned"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class SuspectNote:
    """One note. ``face`` 0: unknown. ``picture``: digest of the evidence that shows its number."""

    id: str
    case_id: str
    machine: str
    serial: str
    face: int
    level: str
    fate: Fate
    series: str
    picture: str
    at: datetime


def fate_of(location: str) -> Fate:
    """From the machine's word for the place: only what it says is with the customer counts as returned."""
    return Fate.RETURNED if location == "customer" else Fate.HELD


class SeriesKind(StrEnum):
    """What speaks for a common source. ``MANY``: five pieces or more at once, to be reported without delay."""

    SAME_NUMBER = "same_number"
    RUN = "run"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Series:
    """Notes of one visit that belong together; ``serials`` in order, each as often as it was seen.

    ``before``: how often such a number came to any machine of the bank in earlier visits.
    """

    kind: SeriesKind
    serials: tuple[str, ...]
    before: int = 0

    @property
    def report_at_once(self) -> bool:
        """Whether central bank and police have to be told without delay."""
        return self.kind is SeriesKind.MANY


def series_in(notes: Sequence[SuspectNote], before: Mapping[str, int]) -> tuple[Series, ...]:
    """Whether the notes of a visit come from one source, as far as their numbers tell.

    A genuine number stands on one note only. A note that was only not recognised is nobody's forgery and counts for
    nothing here.

    Args:
        before: how often each number was seen in earlier visits.
    """
    doubted = [note.serial for note in notes if note.level in ("suspect", "counterfeit")]
    seen = Counter(serial for serial in doubted if serial != UNREAD)
    found = [
        Series(SeriesKind.SAME_NUMBER, (serial,) * count, before.get(serial, 0))
        for serial, count in sorted(seen.items())
        if count > 1 or before.get(serial, 0)
    ]
    found += [Series(SeriesKind.RUN, run) for run in _runs(sorted(seen))]
    if len(doubted) >= MANY:
        found.append(Series(SeriesKind.MANY, tuple(sorted(doubted))))
    return tuple(found)


def _runs(serials: Sequence[str]) -> list[tuple[str, ...]]:
    """Two or more different numbers with the same letters whose figures lie close together."""
    groups: dict[tuple[str, int], list[tuple[int, str]]] = {}
    for serial in serials:
        match = _NUMBER.match(serial)
        if match is not None:
            groups.setdefault((match[1], len(match[2])), []).append((int(match[2]), serial))
    found: list[tuple[str, ...]] = []
    for members in groups.values():
        run = [members[0]]
        for last, here in pairwise(members):
            if here[0] - last[0] > NEAR:
                found.append(tuple(serial for _, serial in run))
                run = []
            run.append(here)
        found.append(tuple(serial for _, serial in run))
    return [run for run in found if len(run) > 1]
