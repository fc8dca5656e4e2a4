"""Liveness and continuity: what the customer is asked to do with the face, and what was seen."""

from enum import StrEnum

from pydantic import Field, field_validator

from common.wire.base import Body, Digest, Moment, View


class Gesture(StrEnum):
    """What the face is asked to do. Left and right are the customer's own."""

    BLINK = "blink"
    MOUTH = "mouth"
    TURN_LEFT = "turn_left"
    TURN_RIGHT = "turn_right"
    NOD = "nod"


class GestureOutcome(View):
    """One gesture of a check. ``outcome``: done | wrong | late | not_reached; ``ms`` from the asking."""

    gesture: Gesture
    outcome: str = Field(pattern="^(done|wrong|late|not_reached)$")
    ms: int | None = Field(None, ge=0)


class DrawChallenge(Body):
    """``POST /cases/{id}/liveness-challenge`` (teller): the server draws the gestures of the next check.

    422 ``liveness.no_more_tries`` after the third draw of a case: then a person compares.
    """

    gestures: int = Field(4, ge=2, le=5)


class FilmOutcome(StrEnum):
    """What the server found on the film that the kiosk took of a check (``POST /cases/{id}/liveness-film``)."""

    WAITING = "waiting"
    PASSED = "passed"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"


class ChallengeView(View):
    """The newest challenge; ``film``: none before the kiosk has sent its film. ``findings``: codes ``liveness.…``."""

    gestures: list[Gesture]
    at: Moment
    film: FilmOutcome | None = None
    findings: list[str] = []


class LivenessResult(Body):
    """``POST /cases/{id}/liveness`` (teller): how one check ended.

    ``findings``: codes ``liveness.…``, empty when it was passed. ``frames``: stored pictures of this case, taken while
    the gestures were made. 422 ``face.no_consent`` while the customer has not agreed to face use.
    """

    passed: bool
    steps: list[GestureOutcome] = Field(max_length=8)
    findings: list[str] = Field([], max_length=8)
    frames: list[Digest] = Field([], max_length=8)


class LivenessView(View):
    """The newest check of a case, and how many there were."""

    passed: bool
    attempts: int
    at: Moment
    steps: list[GestureOutcome] = []
    findings: list[str] = []
    frames: list[Digest] = []


class Verdict(StrEnum):
    """What a look at the live picture said of who is there."""

    SAME = "same"
    NOBODY = "nobody"
    TWO_FACES = "two_faces"
    CHANGED = "changed"


class LookMoment(StrEnum):
    """Why the look was taken then."""

    GREETING = "greeting"
    RANDOM = "random"
    GAP = "gap"
    SIGNATURE = "signature"
    CHECK = "check"
    """In the kiosk's film of a liveness check; the server's own word, never a window's."""


class ContinuityResult(Body):
    """``POST /cases/{id}/continuity`` (teller): one look at who is there. ``frame`` is stored when it alarms."""

    verdict: Verdict
    moment: LookMoment
    score: float | None = Field(None, ge=0, le=100)
    frame: Digest | None = None

    @field_validator("moment")
    @classmethod
    def _a_look_of_the_window(cls, moment: LookMoment) -> LookMoment:
        if moment is LookMoment.CHECK:
            raise ValueError("only the server looks at the film of a check")
        return moment


class LookByPerson(Body):
    """``POST /cases/{id}/look`` (teller): looked in the call, by eye: is it the customer, alone and of free will?"""

    same: bool


class ContinuityAlarm(View):
    """Two faces, or another one: kept with the case for good."""

    verdict: Verdict
    moment: LookMoment
    at: Moment
    score: float | None = None
    frame: Digest | None = None


class ContinuityView(View):
    """One face, the same face, from greeting to signature."""

    looks: int = 0
    last: Verdict | None = None
    last_at: Moment | None = None
    alarms: list[ContinuityAlarm] = []
    missing: bool = Field(False, description="a look that was due was not taken: the case cannot be carried out")
