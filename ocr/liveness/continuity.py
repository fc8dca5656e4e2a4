"""When to look whether it is still the same person, and what a look says. Pure.

One face, the same face, from the first look to the last signature: looks at random moments, after every gap in the
picture, before each signature. Another face than before is looked at a second time before anybody is alarmed, for a
head that turns away in that moment looks like nobody's.
"""

from collections.abc import Callable
from dataclasses import dataclass

from common.wire.liveness import LookMoment, Verdict
from ocr.api import FaceMatch

GAP_S = 2.0
"""A picture that stood still or was away longer than this may have another person before it afterwards."""
AGAIN_S = 1.5
NOBODY_AGAIN_S = 6.0


def verdict_of(match: FaceMatch) -> Verdict:
    """What a comparison of the first frame with a new one says of who is there."""
    if match.faces[1] == 0:
        return Verdict.NOBODY
    if match.distance is None:
        return Verdict.TWO_FACES
    return Verdict.SAME if match.same else Verdict.CHANGED


@dataclass(frozen=True)
class Now:
    """The moment as the window sees it. ``picture_at``: when the newest picture of the customer was decoded."""

    at: float
    picture_at: float | None
    signing: bool


class ContinuityPlan:
    """Says when the next look is due.

    Args:
        pause: draws the seconds to the next random look.
    """

    def __init__(self, pause: Callable[[], float]) -> None:
        self._pause = pause
        self._known = False
        self._next_at = 0.0
        self._suspected = False
        self._picture_at: float | None = None
        self._gap = False
        self._signed_for = False

    def due(self, now: Now) -> LookMoment | None:
        """Why to look now; None: not yet. To be asked about once a second."""
        self._note_gap(now)
        if now.picture_at is None or now.at - now.picture_at > GAP_S:
            return None
        if not now.signing:
            self._signed_for = False
        if not self._known:
            return LookMoment.GREETING if now.at >= self._next_at else None
        if self._gap and now.at >= self._next_at - self._longest_wait(now):
            return LookMoment.GAP
        if now.signing and not self._signed_for and now.at >= self._next_at - self._longest_wait(now):
            return LookMoment.SIGNATURE
        return LookMoment.RANDOM if now.at >= self._next_at else None

    def _longest_wait(self, now: Now) -> float:
        """Gap and signature do not wait for the random moment, only for a second look that is due first."""
        return 0.0 if self._suspected else self._next_at - now.at

    def _note_gap(self, now: Now) -> None:
        before, self._picture_at = self._picture_at, now.picture_at or self._picture_at
        if before is not None and now.picture_at is not None and now.picture_at - before > GAP_S + 1:
            self._gap = True

    def seen(self, verdict: Verdict, moment: LookMoment, at: float) -> Verdict | None:
        """A look was taken. What to report: None while it has to be looked at again first."""
        if verdict is Verdict.SAME:
            self._known, self._suspected = True, False
            self._gap = False
            self._signed_for = self._signed_for or moment is LookMoment.SIGNATURE
            self._next_at = at + self._pause()
            return verdict
        if verdict is Verdict.NOBODY:
            self._next_at = at + NOBODY_AGAIN_S
            self._suspected = True
            return None if moment is LookMoment.GREETING else verdict
        if not self._suspected:
            self._suspected, self._next_at = True, at + AGAIN_S
            return None
        self._suspected, self._gap = False, False
        self._signed_for = self._signed_for or moment is LookMoment.SIGNATURE
        self._next_at = at + self._pause()
        return verdict
