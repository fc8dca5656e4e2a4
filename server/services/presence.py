"""Presence: results of liveness checks and looks at who is there, as the teller's window reports them."""

from common.wire import liveness as wire
from common.wire.liveness import Verdict
from server.services.access import require_teller
from server.services.casework import CaseWork
from server.services.parts import Parts
from server.services.ports import Principal
from server.store.registerbook import RegisterLine
from server.store.unit import Unit
from teller.cases import presence
from teller.cases.model import Case
from teller.identity.presence import ALARMS, Liveness, Look, Step


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
            unit.registers.add(RegisterLine(now, "face.liveness", who.number, case.number, case.id, data))
            return ended

        return self._work.command(key, who, "case.liveness", case_id, body, require_teller, act)

    def look(self, key: str, who: Principal, case_id: str, body: wire.ContinuityResult) -> str:
        """One look at who is there; see :func:`teller.cases.presence.looked` for refusals."""

        def act(unit: Unit, case: Case) -> Case:
            now = self._parts.clock.now()
            seen = presence.looked(case, Look(body.verdict, body.moment, now, body.score, body.frame))
            if body.verdict in ALARMS:
                data: dict[str, str | int | None] = {"verdict": body.verdict.value, "moment": body.moment.value}
                unit.registers.add(RegisterLine(now, "face.alarm", who.number, case.number, case.id, data))
            return seen

        return self._work.command(key, who, "case.continuity", case_id, body, require_teller, act)


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


def continuity_view(case: Case) -> wire.ContinuityView:
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
    )
