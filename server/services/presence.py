"""Presence: results of liveness checks and looks at who is there, as the teller's window reports them."""

import logging
from datetime import datetime

from common.errors import ServiceError
from common.wire import liveness as wire
from common.wire.cases import CustomerStep
from common.wire.identity import FaceUse
from common.wire.liveness import LookMoment, Verdict
from server.services.access import require_teller
from server.services.casework import CaseWork
from server.services.parts import Likeness, Parts
from server.services.ports import Principal
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from server.vault import Digest
from teller.cases import presence
from teller.cases.model import Case
from teller.cases.steps import customer_step
from teller.identity.presence import Challenge, Liveness, Look, Step

log = logging.getLogger(__name__)


class PresenceService:
    """Commands about whether a living person, and the same one, is there."""

    def __init__(self, parts: Parts, work: CaseWork) -> None:
        self._parts = parts
        self._work = work

    def liveness(self, key: str, who: Principal, case_id: str, body: wire.LivenessResult) -> str:
        """How a check ended; see :func:`teller.cases.presence.checked` for refusals."""
        steps = tuple(Step(step.gesture, step.outcome, step.ms) for step in body.steps)

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            ended = presence.checked(case, body.passed, steps, tuple(body.findings), tuple(body.frames), now)
            data: dict[str, str | int | None] = {"passed": int(body.passed), "findings": ",".join(body.findings)}
            unit.registers.add(RegisterLine(now, "face.liveness", who.number, case.number, case.id, data, case.branch))
            return ended

        return self._work.command(key, who, "case.liveness", case_id, body, require_teller, act)

    def look(self, key: str, who: Principal, case_id: str, body: wire.ContinuityResult) -> str:
        """One look at who is there; see :func:`teller.cases.presence.looked` for refusals."""

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            seen = presence.looked(case, Look(body.verdict, body.moment, now, body.score, body.frame))
            self._alarm(unit, case, seen, who.number)
            return seen

        return self._work.command(key, who, "case.continuity", case_id, body, require_teller, act)

    def kiosk_frame(self, case_id: str, digest: str) -> None:
        """A frame of the kiosk's own camera, taken before the signature, is compared with the live face of the case.

        The teller's window has no part in this. Where nobody can compare, the teller decides by eye (:meth:`person`).
        """
        with self._parts.database.read() as unit:
            case = unit.cases.get(case_id)
        if case.face is None or customer_step(case) is not CustomerStep.LOOK:
            return
        try:
            known, frame = (self._parts.vault.get(Digest(one)) for one in (case.face.live, digest))
            said = self._parts.judge.compare(known, frame, FaceUse.CONTINUITY)
        except ServiceError as error:
            log.warning("nobody could look before the signature", extra={"code": error.code})
            return
        look = Look(verdict_of(said), LookMoment.SIGNATURE, self._parts.clock.now(), said.score, digest)

        def act(unit: Unit, case: Case) -> Case:
            seen = presence.looked_at_signing(case, look)
            self._alarm(unit, case, seen, case.kiosk)
            return seen

        self._work.quietly(case_id, act)

    def person(self, key: str, who: Principal, case_id: str, body: wire.LookByPerson) -> str:
        """The teller's own look, where a machine's is missing; see :func:`teller.cases.presence.looked_by_person`."""

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            verdict = Verdict.SAME if body.same else Verdict.CHANGED
            moment = LookMoment.SIGNATURE if customer_step(case) is CustomerStep.LOOK else LookMoment.RANDOM
            seen = presence.looked_by_person(case, Look(verdict, moment, now, by=who.number))
            data: dict[str, str | int | None] = {"same": int(body.same), "moment": moment.value}
            kind = "face.look_by_person"
            unit.registers.add(RegisterLine(now, kind, who.number, case.number, case.id, data, case.branch))
            return seen

        return self._work.command(key, who, "case.look", case_id, body, require_teller, act)

    def _alarm(self, unit: Unit, before: Case, after: Case, who: str) -> None:
        for look in after.continuity.alarms[len(before.continuity.alarms) :]:
            data: dict[str, str | int | None] = {"verdict": look.verdict.value, "moment": look.moment.value}
            unit.registers.add(RegisterLine(look.at, "face.alarm", who, before.number, before.id, data, before.branch))


def verdict_of(said: Likeness) -> Verdict:
    """What a comparison of the live face with a new frame says of who is there."""
    if said.faces[1] == 0:
        return Verdict.NOBODY
    if said.distance is None:
        return Verdict.TWO_FACES
    return Verdict.SAME if said.same else Verdict.CHANGED


def liveness_view(known: Liveness | None) -> wire.LivenessView | None:
    """The newest check, for staff."""
    if known is None:
        return None
    return wire.LivenessView(
        passed=known.passed,
        attempts=known.attempts,
        at=known.at,
        steps=[wire.GestureOutcome(gesture=s.gesture, outcome=s.outcome, ms=s.ms) for s in known.steps],
        findings=list(known.findings),
        frames=list(known.frames),
    )


def challenge_view(known: Challenge | None) -> wire.ChallengeView | None:
    """The newest challenge and what its film showed, for staff."""
    if known is None:
        return None
    film = known.film
    found = list(film.findings) if film is not None else []
    outcome = film.outcome if film is not None else None
    return wire.ChallengeView(gestures=list(known.gestures), at=known.at, film=outcome, findings=found)


def continuity_view(case: Case, now: datetime) -> wire.ContinuityView:
    """The looks of a case, for staff."""
    seen = case.continuity
    last: Verdict | None = seen.last.verdict if seen.last is not None else None
    return wire.ContinuityView(
        looks=seen.looks,
        last=last,
        last_at=seen.last.at if seen.last is not None else None,
        alarms=[
            wire.ContinuityAlarm(verdict=one.verdict, moment=one.moment, at=one.at, score=one.score, frame=one.frame)
            for one in seen.alarms
        ],
        missing=case.signed is not None and presence.looks_missing(case, now),
    )
