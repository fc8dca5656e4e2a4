"""Records of liveness and continuity: is a living person there, and the same one from greeting to signature."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from common.wire.liveness import FilmOutcome, Gesture, LookMoment, Verdict

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
class Film:
    """What the server found on the kiosk's film of a check; ``frame``: a stored picture of it, of the face at rest."""

    outcome: FilmOutcome
    at: datetime
    findings: tuple[str, ...] = ()
    frame: str | None = None


@dataclass(frozen=True, slots=True)
class Challenge:
    """Gestures that the server drew for one check, and the film of it; ``draws``: the how manieth of its case it is."""

    gestures: tuple[Gesture, ...]
    at: datetime
    film: Film | None = None
    draws: int = 1


def alive(check: Liveness | None, challenge: Challenge | None, *, film_due: bool) -> bool | None:
    """Whether a living person was seen; None: nobody can say, for the server has not seen it itself.

    The window's word counts only where it is the stricter one, or where no film is due.
    """
    if check is None or not check.passed:
        return None if check is None else False
    if not film_due:
        return True
    film = challenge.film if challenge is not None else None
    if film is None or film.outcome in (FilmOutcome.WAITING, FilmOutcome.UNAVAILABLE):
        return None
    return film.outcome is FilmOutcome.PASSED


LONGEST = timedelta(seconds=180)
"""No stretch of a visit may be longer than that without a look that saw the customer."""


@dataclass(frozen=True, slots=True)
class Look:
    """One look at who is there; ``by``: the person who looked, where no machine could."""

    verdict: Verdict
    moment: LookMoment
    at: datetime
    score: float | None = None
    frame: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Continuity:
    """All looks of a case: their number, the newest, and every one that alarmed.

    Attributes:
        seen_at: when somebody was last seen; a look that found nobody is none that was due.
        missed: stretches longer than :data:`LONGEST` without a look; a person's look answers for all of them.
    """

    looks: int = 0
    last: Look | None = None
    alarms: tuple[Look, ...] = ()
    seen_at: datetime | None = None
    missed: int = 0

    def after(self, look: Look, since: datetime) -> "Continuity":
        """With one more look; ``since``: from when looks were due."""
        alarms = (*self.alarms, look) if look.verdict in ALARMS else self.alarms
        if look.verdict is Verdict.NOBODY:
            return Continuity(self.looks + 1, look, alarms, self.seen_at, self.missed)
        late = look.at - max(self.seen_at or since, since) > LONGEST
        missed = 0 if look.by is not None else self.missed + late
        return Continuity(self.looks + 1, look, alarms, look.at, missed)

    def missing(self, since: datetime, now: datetime) -> bool:
        """Whether a look that was due by now was not taken."""
        return self.missed > 0 or now - max(self.seen_at or since, since) > LONGEST
