"""The same check, on the film that the kiosk took of it: sequence, time, one face, the same face, traces. Pure.

A gesture is asked for from the moment the film says that the customer's screen showed it. What the sentences on the
screen say must be the very sequence that was drawn. Faces are counted in every picture until it is decided, and in the
last one. Who is at rest at the beginning must be who made each gesture, who was at rest after each, and who is there at
the end: one comparison for each of these moments, two for a gesture and two more, whatever the film's length.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from common.challenge import FilmFrame
from common.wire.liveness import Gesture
from ocr.api import FaceLook, FaceMatch
from ocr.liveness.check import Limits, LivenessCheck, Phase

PREFIX = "liveness."
LIMITS = Limits(steady_looks=3)
"""A film begins a moment after the check did: the first sentence has to reach the kiosk."""
CLEARLY = 50.0
"""A face that turns away or opens the mouth looks less like itself; a score under that is another's even so. It is that
of the nearest two persons of the measurement (:mod:`ocr.face_scales`)."""
TWO_FACES, CHANGED = "liveness.two_faces", "liveness.face_changed"


@dataclass(frozen=True)
class Seeing:
    """How pictures are looked at. ``look``: what one shows; ``compare``: whether two show one person."""

    look: Callable[[bytes], FaceLook]
    compare: Callable[[bytes, bytes], FaceMatch]


@dataclass(frozen=True)
class Replayed:
    """What a film shows. ``findings``: codes ``liveness.…``; ``rest``: its first picture of a face at rest.

    ``other``: the picture in which a second face, or another one than at the beginning, was seen.
    """

    passed: bool
    findings: tuple[str, ...] = ()
    rest: bytes | None = None
    other: bytes | None = None


def replayed(film: Sequence[FilmFrame], gestures: Sequence[Gesture], seeing: Seeing) -> Replayed:
    """Judge a film, picture by picture, until it is decided.

    Args:
        gestures: as they were drawn for this check.
    """
    if not film or asked(film) != tuple(gestures):
        return Replayed(False, ("liveness.other_sequence",))
    check = _Shown(gestures, film[0].at_ms / 1000)
    moments: list[_Moment] = []
    for frame in film:
        check.shown = _gesture(frame.shown)
        before = check.number, check.making
        seen = seeing.look(frame.picture)
        check.feed(seen, frame.at_ms / 1000)
        if TWO_FACES in check.findings:
            return Replayed(False, check.findings, moments[0].picture if moments else None, frame.picture)
        # Also where the screen asks already: without a picture at rest nobody says whose film it is.
        rests = not moments and check.phase is not Phase.STEADY and seen.faces == 1
        if rests or (moments and seen.faces == 1 and (check.number, check.making) != before):
            moments.append(_Moment(frame.picture, check.making))
        if check.over:
            break
    findings = check.findings if check.over else ("liveness.film_short",)
    if not moments:
        return Replayed(False, findings)
    other, code = _other(moments[0].picture, [*moments[1:], _Moment(film[-1].picture)], seeing.compare)
    passed = check.phase is Phase.PASSED and code is None
    return Replayed(passed, findings if code is None else (code, *findings), moments[0].picture, other)


@dataclass(frozen=True)
class _Moment:
    """A picture that is compared; ``making``: a gesture is being made."""

    picture: bytes
    making: bool = False


def _other(
    first: bytes, moments: Sequence[_Moment], compare: Callable[[bytes, bytes], FaceMatch]
) -> tuple[bytes | None, str | None]:
    """The picture in which somebody else is than in the first one, and how that is called."""
    for moment in moments:
        match = compare(first, moment.picture)
        if match.distance is None and match.faces[1] > 1:
            return moment.picture, TWO_FACES
        if match.distance is not None and not match.same and (match.score < CLEARLY or not moment.making):
            return moment.picture, CHANGED
    return None, None


def asked(film: Sequence[FilmFrame]) -> tuple[Gesture, ...]:
    """The gestures that stood on the customer's screen, one after the other."""
    shown = (_gesture(frame.shown) for frame in film)
    return tuple(gesture for gesture, _ in groupby(one for one in shown if one is not None))


def _gesture(shown: str) -> Gesture | None:
    name = shown.removeprefix(PREFIX)
    return Gesture(name) if name in set(Gesture) else None


class _Shown(LivenessCheck):
    """Waits for the screen instead of for a pause of its own."""

    def __init__(self, gestures: Sequence[Gesture], at: float) -> None:
        super().__init__(gestures, Random(0), at, LIMITS)  # noqa: S311 - nothing is drawn: the pauses were
        self.shown: Gesture | None = None

    def _pause_over(self, at: float) -> bool:
        return self.shown is self._gestures[self._number]
