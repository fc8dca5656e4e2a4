"""Suspect notes (可疑币): what a machine may do with them, and what is written down.

No software takes a note away from its holder: only two members of staff, in the holder's sight, may do that
(PBOC order 3 of 2019 on counterfeit currency). A note that a machine does not trust is given back, or it stays
apart from all others in the machine and is worth nothing in the books until people have looked at it.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

LEVELS = ("suspect", "counterfeit", "unrecognized", "inked")
MANY = 5
"""So many counterfeit pieces at once have to be reported to the authorities without delay."""


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
