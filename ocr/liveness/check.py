"""The active check: gestures drawn at random, asked one after the other, each to be made in its time. Pure.

``STEADY`` -> (``PAUSE`` -> ``ASKING``) for each gesture -> ``PASSED`` or ``FAILED``.

First the face at rest is learnt. Then, after a pause of random length, a gesture is asked for; it counts when the face
was at rest after the asking, then made the gesture, then came to rest again. Another clear gesture instead, or one in
a pause, ends the check: that is what a recording of an earlier check does, whose sequence and times were others. A
blink is asked for slowly and has to last for two looks, as one that nobody asked for seldom does. What paper and
screens leave in the picture is judged at the end (:mod:`ocr.liveness.cues`).

Imports no vision library: it runs wherever the frames' signs arrive.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from statistics import median
from typing import Protocol

from common.wire.liveness import Gesture, GestureOutcome
from ocr.api import FaceLook, FaceSigns
from ocr.liveness.cues import Cues
from ocr.liveness.lids import at_rest, likeness


class Chance(Protocol):
    """The random port: ``random.SystemRandom`` in the product, a seeded ``random.Random`` in tests."""

    def uniform(self, a: float, b: float, /) -> float: ...


class Phase(StrEnum):
    """Of a check."""

    STEADY = "steady"
    PAUSE = "pause"
    ASKING = "asking"
    PASSED = "passed"
    FAILED = "failed"


_NEXT: Mapping[Phase, frozenset[Phase]] = {
    Phase.STEADY: frozenset({Phase.PAUSE, Phase.FAILED}),
    Phase.PAUSE: frozenset({Phase.ASKING, Phase.FAILED}),
    Phase.ASKING: frozenset({Phase.PAUSE, Phase.PASSED, Phase.FAILED}),
    Phase.PASSED: frozenset(),
    Phase.FAILED: frozenset(),
}


class _Stage(StrEnum):
    """Of one gesture."""

    REST_FIRST = "rest_first"
    MAKE = "make"
    REST_AGAIN = "rest_again"


@dataclass(frozen=True)
class Limits:
    """Seconds, and how far signs must move. Measured on rendered people (``python -m benchmarks.liveness``)."""

    steady_s: float = 8.0
    gesture_s: float = 7.0
    lost_s: float = 2.0
    pause_s: tuple[float, float] = (0.3, 1.2)
    steady_looks: int = 4
    blink: float = 0.74
    closed_looks: int = 2
    """In a row: a blink made on purpose lasts half a second and more, one of itself a tenth or two."""
    slow_s: float = 0.28
    """Between two looks: where they are farther apart one has to do, as half a second may hold no second."""
    lids: float = 0.84
    """Likeness of the eyes to those at rest: at rest from 0.88, closed up to 0.84, most about 0.7."""
    mouth: float = 0.12
    yaw: float = 0.055
    pitch: float = 0.08
    rest: float = 0.6
    """Rest is within this part of each of the figures above."""


class LivenessCheck:
    """One check. Feed it every look with the moment of its frame, in order; ask it what to show.

    Args:
        gestures: as drawn (:func:`common.challenge.drawn`).
        chance: for the pauses.
        at: the moment it begins, monotonic seconds, as all moments here.
    """

    def __init__(self, gestures: Sequence[Gesture], chance: Chance, at: float, limits: Limits | None = None) -> None:
        self._gestures, self._chance, self._limits = tuple(gestures), chance, limits or Limits()
        self._phase, self._since = Phase.STEADY, at
        self._stage = _Stage.REST_FIRST
        self._steady: list[FaceSigns] = []
        self._open: list[bytes] = []
        self._eyes = b""
        self._rest: FaceSigns | None = None
        self._number, self._pause = 0, 0.0
        self._astray = self._held = 0
        self._seen_at, self._gap = at, 0.0
        self._done: list[GestureOutcome] = []
        self._findings: list[str] = []
        self._cues = Cues()

    @property
    def phase(self) -> Phase:
        return self._phase

    @property
    def over(self) -> bool:
        return not _NEXT[self._phase]

    @property
    def asked(self) -> Gesture | None:
        """What the customer is asked to do now."""
        return self._gestures[self._number] if self._phase is Phase.ASKING else None

    @property
    def making(self) -> bool:
        """Whether what is asked is being shown now."""
        return self._phase is Phase.ASKING and self._stage is _Stage.REST_AGAIN

    @property
    def number(self) -> int:
        """How many gestures are done."""
        return len([one for one in self._done if one.outcome == "done"])

    @property
    def findings(self) -> tuple[str, ...]:
        """Why it failed: codes."""
        return tuple(self._findings)

    @property
    def steps(self) -> list[GestureOutcome]:
        """Every gesture and what became of it."""
        left = self._gestures[len(self._done) :]
        return [*self._done, *(GestureOutcome(gesture=one, outcome="not_reached") for one in left)]

    def feed(self, look: FaceLook, at: float) -> None:
        """A frame was looked at."""
        if self.over:
            return
        self._cues.add(look)
        if look.faces > 1:
            self._fail("liveness.two_faces")
        elif look.signs is not None:
            self._gap, self._seen_at = at - self._seen_at, at
            self._signs(look.signs, look.eyes, at)
        self.tick(at)

    def tick(self, at: float) -> None:
        """Time passes, with or without frames."""
        limit = self._limits.steady_s if self._phase is Phase.STEADY else self._limits.gesture_s
        if self.over:
            return
        if at - self._seen_at > self._limits.lost_s:
            self._fail("liveness.face_lost")
        elif self._phase is Phase.PAUSE and self._pause_over(at):
            self._stage, self._astray, self._held = _Stage.REST_FIRST, 0, 0
            self._enter(Phase.ASKING, at)
        elif at - self._since > limit:
            self._outcome("late", at)
            self._fail("liveness.not_still" if self._phase is Phase.STEADY else "liveness.late")

    def _pause_over(self, at: float) -> bool:
        return at - self._since >= self._pause

    # --- inside ---------------------------------------------------------------------------------------------------

    def _signs(self, signs: FaceSigns, eyes: bytes, at: float) -> None:
        if self._phase is Phase.STEADY:
            self._learn(signs, eyes, at)
        elif self._phase is Phase.PAUSE:
            self._wander(self._made(signs) - set(self._gestures[: self._number][-1:]), at)
        elif self._phase is Phase.ASKING:
            self._follow(signs, eyes, at)

    def _wander(self, others: set[Gesture], at: float) -> None:
        """What nobody asked for now. Blinking is nobody's fault, nor is a nod that swings twice."""
        self._astray = self._astray + 1 if others - {Gesture.BLINK} else 0
        if self._astray >= 2:
            self._outcome("wrong", at)
            self._fail("liveness.wrong_gesture")

    def _learn(self, signs: FaceSigns, eyes: bytes, at: float) -> None:
        self._steady = [*self._steady, signs][-self._limits.steady_looks :]
        self._open = [*self._open, eyes][-self._limits.steady_looks :]
        if len(self._steady) < self._limits.steady_looks:
            return
        values = [[getattr(one, name) for one in self._steady] for name in ("eyes", "mouth", "yaw", "pitch")]
        self._rest = replace(signs, **{
            name: median(column) for name, column in zip(("eyes", "mouth", "yaw", "pitch"), values, strict=True)
        })  # fmt: skip
        if all(not self._made(one) for one in self._steady):
            self._eyes = at_rest(self._open)
            self._wait(at)

    def _wait(self, at: float) -> None:
        self._pause, self._astray = self._chance.uniform(*self._limits.pause_s), 0
        self._enter(Phase.PAUSE, at)

    def _made(self, signs: FaceSigns, part: float = 1.0) -> set[Gesture]:
        """Which gestures a face shows, at this part of their full extent."""
        assert self._rest is not None
        limits, rest = self._limits, self._rest
        yaw, pitch = signs.yaw - rest.yaw, signs.pitch - rest.pitch
        shown = {
            Gesture.BLINK: signs.eyes < rest.eyes * (1 - (1 - limits.blink) * part),
            Gesture.MOUTH: signs.mouth > rest.mouth + limits.mouth * part,
            Gesture.TURN_LEFT: yaw > limits.yaw * part,
            Gesture.TURN_RIGHT: yaw < -limits.yaw * part,
            Gesture.NOD: pitch > limits.pitch * part,
        }
        return {gesture for gesture, is_shown in shown.items() if is_shown}

    def _follow(self, signs: FaceSigns, eyes: bytes, at: float) -> None:
        asked = self._gestures[self._number]
        made, nearly = self._made(signs), self._made(signs, self._limits.rest)
        if asked is Gesture.BLINK and likeness(self._eyes, eyes) < self._limits.lids:
            nearly.add(asked)
            if nearly == {asked}:  # a head that moves shows its eyes from another side
                made.add(asked)
        resting = asked not in nearly
        if self._stage is _Stage.REST_FIRST and resting:
            self._stage = _Stage.MAKE
        elif self._stage is _Stage.MAKE:
            others = made - {asked, Gesture.BLINK}  # a head that turns or nods closes the eyes a little
            shows = asked in made and not (asked is Gesture.BLINK and others)
            self._held = self._held + 1 if shows else 0
            if self._held >= self._looks_due(asked):
                self._stage = _Stage.REST_AGAIN
            else:
                # Some open the mouth while they nod: who is about to do as asked does nothing else.
                self._wander(set() if asked in nearly else others, at)
        elif self._stage is _Stage.REST_AGAIN and resting:
            self._outcome("done", at)
            self._number += 1
            if self._number < len(self._gestures):
                self._wait(at)
            else:
                self._judge(at)

    def _looks_due(self, asked: Gesture) -> int:
        quick = self._gap < self._limits.slow_s
        return self._limits.closed_looks if asked is Gesture.BLINK and quick else 1

    def _judge(self, at: float) -> None:
        findings = self._cues.findings()
        if findings:
            self._findings += findings
            self._enter(Phase.FAILED, at)
        else:
            self._enter(Phase.PASSED, at)

    def _outcome(self, outcome: str, at: float) -> None:
        if self._phase is Phase.ASKING:
            ms = round((at - self._since) * 1000)
            self._done.append(GestureOutcome(gesture=self._gestures[self._number], outcome=outcome, ms=ms))

    def _fail(self, code: str) -> None:
        """What went wrong first comes first; traces of an attack are named beside it."""
        self._findings += [code, *self._cues.findings()]
        self._phase = Phase.FAILED

    def _enter(self, phase: Phase, at: float) -> None:
        assert phase in _NEXT[self._phase], f"{self._phase} -> {phase}"
        self._phase, self._since = phase, at
