"""Records of liveness and continuity: is a living person there, and the same one from greeting to signature."""

from dataclasses import dataclass
from datetime import datetime

from common.wire.liveness import Gesture, LookMoment, Verdict

ALARMS = frozenset({Verdict.TWO_FACES, Verdict.CHANGED})


@dataclass(frozen=True, slots=True)
class Step:
    """One gesture of a check: ``outcome`` done | wrong | late | not_reached; ``ms`` from the asking."""

    gesture: Gesture
    outcome: str
    ms: int | None = None


@dataclass(frozen=True, slots=True)
class Liveness:
    """The newest check. ``attempts`` counts them; ``frames`` are stored pictures of it."""

    passed: bool
    attempts: int
    at: datetime
    steps: tuple[Step, ...] = ()
    findings: tuple[str, ...] = ()
    frames: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Look:
    """One look at who is there."""

    verdict: Verdict
    moment: LookMoment
    at: datetime
    score: float | None = None
    frame: str | None = None


@dataclass(frozen=True, slots=True)
class Continuity:
    """All looks of a case: their number, the newest, and every one that alarmed."""

    looks: int = 0
    last: Look | None = None
    alarms: tuple[Look, ...] = ()

    def after(self, look: Look) -> "Continuity":
        """With one more look."""
        alarms = (*self.alarms, look) if look.verdict in ALARMS else self.alarms
        return Continuity(self.looks + 1, look, alarms)
