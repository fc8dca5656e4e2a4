"""The same check, on the film that the kiosk took of it: sequence, time, one face, traces of attacks. Pure.

A gesture is asked for from the moment the film says that the customer's screen showed it. What the sentences on the
screen say must be the very sequence that was drawn.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from common.challenge import FilmFrame
from common.wire.liveness import Gesture
from ocr.api import FaceLook
from ocr.liveness.check import Limits, LivenessCheck, Phase

PREFIX = "liveness."
LIMITS = Limits(steady_looks=3)
"""A film begins a moment after the check did: the first sentence has to reach the kiosk."""


@dataclass(frozen=True)
class Replayed:
    """What a film shows. ``findings``: codes ``liveness.…``; ``rest``: its first picture of a face at rest."""

    passed: bool
    findings: tuple[str, ...] = ()
    rest: bytes | None = None


def replayed(film: Sequence[FilmFrame], gestures: Sequence[Gesture], look: Callable[[bytes], FaceLook]) -> Replayed:
    """Judge a film, picture by picture, until it is decided.

    Args:
        gestures: as they were drawn for this check.
        look: what a picture shows.
    """
    if not film or asked(film) != tuple(gestures):
        return Replayed(False, ("liveness.other_sequence",))
    check = _Shown(gestures, film[0].at_ms / 1000)
    rest: bytes | None = None
    for frame in film:
        check.shown = _gesture(frame.shown)
        seen = look(frame.picture)
        check.feed(seen, frame.at_ms / 1000)
        if rest is None and check.phase is not Phase.STEADY and seen.faces == 1:
            rest = frame.picture  # also where the screen asks already: without it nobody says whose film it is
        if check.over:
            break
    passed = check.phase is Phase.PASSED
    return Replayed(passed, check.findings if check.over else ("liveness.film_short",), rest)


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
