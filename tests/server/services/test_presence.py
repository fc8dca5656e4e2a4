"""Liveness and continuity through the server's services: kept, shown to staff only, and a second person's business."""

from common.wire import liveness as wire
from common.wire.cases import CaseState, EvidenceKind, FieldSource
from common.wire.liveness import Gesture, GestureOutcome, LookMoment, Verdict
from tests.fakes.counter import Counter, new_key

JPEG = b"\xff\xd8\xff\xe0 a frame"
DONE = [GestureOutcome(gesture=Gesture.NOD, outcome="done", ms=900)]


def identified(counter: Counter) -> str:
    made = counter.arrive()
    counter.answer(made)
    counter.identify(made)
    counter.fill(made, FieldSource.TYPED, amount="5000")
    return made


def frame(counter: Counter, case_id: str) -> str:
    counter.services.forms.evidence(new_key(), counter.teller, case_id, EvidenceKind.FACE_CHECK, JPEG)
    return counter.seen(case_id).evidence[-1].digest


def test_a_failed_check_needs_a_second_person(counter: Counter) -> None:
    made = identified(counter)
    body = wire.LivenessResult(passed=False, steps=[], findings=["liveness.late"], frames=[frame(counter, made)])
    counter.services.presence.liveness(new_key(), counter.teller, made, body)
    view = counter.seen(made).identity.liveness
    assert view is not None
    assert (view.passed, view.attempts, view.findings) == (False, 1, ["liveness.late"])
    seen = counter.submit(made, note="人工核对一致")
    assert seen.state is CaseState.AWAITING_AUTHORISATION
    assert seen.authorisation is not None
    assert [reason.code for reason in seen.authorisation.reasons] == ["rule.liveness_not_passed"]


def test_a_passed_check_needs_nobody(counter: Counter) -> None:
    made = identified(counter)
    body = wire.LivenessResult(passed=True, steps=DONE)
    counter.services.presence.liveness(new_key(), counter.teller, made, body)
    counter.services.presence.look(
        new_key(), counter.teller, made, wire.ContinuityResult(verdict=Verdict.SAME, moment=LookMoment.GREETING)
    )
    assert counter.submit(made).state is CaseState.AUTHORISED
    assert counter.seen(made).identity.continuity.looks == 1


def test_another_person_after_approval_makes_the_case_a_draft_for_a_second_person(counter: Counter) -> None:
    made = identified(counter)
    assert counter.submit(made).state is CaseState.AUTHORISED
    changed = wire.ContinuityResult(
        verdict=Verdict.CHANGED, moment=LookMoment.SIGNATURE, score=12.0, frame=frame(counter, made)
    )
    counter.services.presence.look(new_key(), counter.teller, made, changed)
    seen = counter.seen(made)
    assert seen.state is CaseState.DRAFT
    assert [alarm.verdict for alarm in seen.identity.continuity.alarms] == [Verdict.CHANGED]
    again = counter.submit(made, note="客户换人，已核对")
    assert again.state is CaseState.AWAITING_AUTHORISATION
    assert again.authorisation is not None
    assert "rule.face_alarm" in [reason.code for reason in again.authorisation.reasons]
