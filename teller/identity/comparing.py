"""Comparisons of faces that the server has made itself: of stored pictures, one for each purpose. Pure.

What the teller's window reports is a hint that is shown at once; what a decision rests on is this.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from common.wire.identity import CheckOutcome, FaceUse


@dataclass(frozen=True, slots=True)
class Pair:
    """Two stored pictures, by digest, that are to be compared; ``known``: the portrait, ``live``: from this call."""

    use: FaceUse
    known: str
    live: str


@dataclass(frozen=True, slots=True)
class FaceCheck:
    """What a comparison by the server came to.

    Attributes:
        outcome: ``compared``; ``unfit``: not one clear face in each picture; ``unavailable``: nobody could compare.
        score: calibrated, 0 to 100; ``threshold``: of this purpose on the same scale. Both 0 unless compared.
        model: of the encoder that compared.
    """

    pair: Pair
    outcome: CheckOutcome
    at: datetime
    score: float = 0.0
    threshold: float = 0.0
    same: bool = False
    model: str = ""

    @property
    def conclusive(self) -> bool:
        """Whether comparing the same pictures again could not say anything else."""
        return self.outcome is not CheckOutcome.UNAVAILABLE

    @property
    def doubtful(self) -> bool:
        """Whether a machine does not say: one person."""
        return self.outcome is not CheckOutcome.COMPARED or not self.same


def missing(wanted: Sequence[Pair], checks: Sequence[FaceCheck]) -> tuple[Pair, ...]:
    """What still has to be compared; an answer that nobody could give is asked for again."""
    done = {check.pair for check in checks if check.conclusive}
    return tuple(pair for pair in wanted if pair not in done)


def merged(wanted: Sequence[Pair], known: Sequence[FaceCheck], new: Sequence[FaceCheck]) -> tuple[FaceCheck, ...]:
    """The newest check of every pair that is wanted now, in that order; those of other pictures fall."""
    newest = {check.pair: check for check in (*known, *new)}
    return tuple(newest[pair] for pair in wanted if pair in newest)
