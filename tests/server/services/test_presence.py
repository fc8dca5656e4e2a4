"""Liveness and continuity through the server's services: kept, shown to staff only, and a second person's business."""

import pytest

from common.errors import ServiceError, UserError
from common.wire import liveness as wire
from common.wire.authorisation import Decision
from common.wire.cases import CaseState, CustomerStep, EvidenceKind
from common.wire.identity import FaceConsent
from common.wire.liveness import Gesture, GestureOutcome, LookMoment, Verdict
from teller.cases.presence import MACHINES_TURN
from teller.identity.presence import LONGEST
from tests.fakes.counter import Counter, Likeness, new_key

JPEG = b"\xff\xd8\xff\xe0 a frame"
DONE = [GestureOutcome(gesture=Gesture.NOD, outcome="done", ms=900)]


def frame(counter: Counter, case_id: str) -> str:
    counter.services.forms.evidence(new_key(), counter.teller, case_id, EvidenceKind.FACE_CHECK, JPEG)
    return counter.seen(case_id).evidence[-1].digest


def test_a_failed_check_needs_a_second_person(counter: Counter) -> None:
    made = counter.visits.identified()
    body = wire.LivenessResult(passed=False, steps=[], findings=["liveness.late"], frames=[frame(counter, made)])
    counter.services.presence.liveness(new_key(), counter.teller, made, body)
    view = counter.seen(made).identity.liveness
    assert view is not None
    assert (view.passed, view.attempts, view.findings) == (False, 2, ["liveness.late"])
    seen = counter.desk.submit(made, note="人工核对一致")
    assert seen.state is CaseState.AWAITING_AUTHORISATION
    assert seen.authorisation is not None
    assert [reason.code for reason in seen.authorisation.reasons] == ["rule.liveness_not_passed"]


def test_a_passed_check_needs_nobody(counter: Counter) -> None:
    made = counter.visits.identified()
    body = wire.LivenessResult(passed=True, steps=DONE)
    counter.services.presence.liveness(new_key(), counter.teller, made, body)
    counter.services.presence.look(
        new_key(), counter.teller, made, wire.ContinuityResult(verdict=Verdict.SAME, moment=LookMoment.GREETING)
    )
    assert counter.desk.submit(made).state is CaseState.AUTHORISED
    assert counter.seen(made).identity.continuity.looks == 1


def test_another_person_after_approval_makes_the_case_a_draft_for_a_second_person(counter: Counter) -> None:
    made = counter.visits.identified()
    assert counter.desk.submit(made).state is CaseState.AUTHORISED
    changed = wire.ContinuityResult(
        verdict=Verdict.CHANGED, moment=LookMoment.SIGNATURE, score=12.0, frame=frame(counter, made)
    )
    counter.services.presence.look(new_key(), counter.teller, made, changed)
    seen = counter.seen(made)
    assert seen.state is CaseState.DRAFT
    assert [alarm.verdict for alarm in seen.identity.continuity.alarms] == [Verdict.CHANGED]
    again = counter.desk.submit(made, note="客户换人，已核对")
    assert again.state is CaseState.AWAITING_AUTHORISATION
    assert again.authorisation is not None
    assert "rule.face_alarm" in [reason.code for reason in again.authorisation.reasons]


# --- the look before the signature -------------------------------------------------------------------------------


def about_to_sign(counter: Counter) -> str:
    """Confirmed and known by PIN: the signature waits for the look."""
    made = counter.visits.identified()
    counter.desk.submit(made)
    counter.customer.confirm(made)
    counter.customer.enter_pin(made)
    assert counter.seen(made).customer_step is CustomerStep.LOOK
    return made


def test_nobody_signs_before_the_look(counter: Counter) -> None:
    made = about_to_sign(counter)
    with pytest.raises(UserError, match=r"step.not_now"):
        counter.customer.sign(made, look=False)
    counter.customer.look_up(made)
    assert counter.seen(made).customer_step is CustomerStep.SIGN
    counter.customer.sign(made)
    assert counter.desk.execute(made).state is CaseState.EXECUTING


def test_somebody_else_at_the_kiosk_is_looked_at_twice_and_goes_to_a_second_person(counter: Counter) -> None:
    """The picture the teller's window stored fits the papers; who stands at the kiosk does not fit that picture."""
    made = about_to_sign(counter)
    counter.judge.says = Likeness(score=8.0)
    counter.customer.look_up(made)
    assert (counter.seen(made).customer_step, counter.seen(made).signing_doubts) == (CustomerStep.LOOK, 1)
    counter.customer.look_up(made)
    seen = counter.seen(made)
    assert (seen.state, [one.verdict for one in seen.identity.continuity.alarms]) == (
        CaseState.DRAFT,
        [Verdict.CHANGED],
    )
    counter.judge.says = None
    again = counter.desk.submit(made, note="有人顶替")
    assert again.state is CaseState.AWAITING_AUTHORISATION
    assert again.authorisation is not None
    assert [reason.code for reason in again.authorisation.reasons] == ["rule.face_alarm"]


def test_where_a_second_person_knows_the_teller_decides_and_nobody_goes_round_in_circles(counter: Counter) -> None:
    made = about_to_sign(counter)
    counter.judge.says = Likeness(score=0.0, distance=None, faces=(1, 2))
    counter.customer.look_up(made)
    counter.customer.look_up(made)
    counter.judge.says = None
    counter.desk.submit(made, note="陪同家属已请离")
    counter.review.assign(made)
    assert counter.review.decide(made).state is CaseState.AUTHORISED
    counter.customer.confirm(made)
    counter.customer.enter_pin(made)
    counter.judge.says = Likeness(score=0.0, distance=None, faces=(1, 2))
    counter.customer.look_up(made)
    counter.customer.look_up(made)
    seen = counter.seen(made)
    assert (seen.state, seen.customer_step) == (CaseState.AUTHORISED, CustomerStep.LOOK)
    assert len(seen.identity.continuity.alarms) == 2
    counter.clock.pass_(MACHINES_TURN.total_seconds())
    counter.services.presence.person(new_key(), counter.teller, made, wire.LookByPerson(same=True))
    counter.customer.sign(made)
    assert counter.desk.execute(made).state is CaseState.EXECUTING


def test_a_changed_window_cannot_answer_for_the_kiosks_camera_before_it_looked(counter: Counter) -> None:
    made = about_to_sign(counter)
    counter.judge.says = Likeness(score=8.0)
    for _ in range(2):
        with pytest.raises(UserError, match=r"step.not_now"):
            counter.services.presence.person(new_key(), counter.teller, made, wire.LookByPerson(same=True))
        counter.customer.look_up(made)
    seen = counter.seen(made)
    assert seen.state is CaseState.DRAFT
    assert [one.verdict for one in seen.identity.continuity.alarms] == [Verdict.CHANGED]


def test_an_approval_does_not_rest_on_a_comparison_the_customer_took_back(counter: Counter) -> None:
    """Else nobody would look who signs: without consent no machine may."""
    made = counter.visits.identified()
    body = wire.LivenessResult(passed=False, steps=[], findings=["liveness.late"])
    counter.services.presence.liveness(new_key(), counter.teller, made, body)
    counter.desk.submit(made, note="人工核对一致")
    word = FaceConsent(granted=False, text="v1")
    counter.services.identity.face_consent(new_key(), counter.teller, made, word)
    counter.review.assign(made)
    with pytest.raises(UserError, match=r"face.no_consent"):
        counter.review.decide(made)
    counter.review.decide(made, Decision.RETURN, "other")
    seen = counter.seen(made)
    assert (seen.state, seen.face_match, seen.identity.faces) == (CaseState.RETURNED, None, [])
    assert EvidenceKind.LIVE_FRAME not in {piece.kind for piece in seen.evidence}
    with pytest.raises(UserError, match=r"face.missing"):
        counter.desk.submit(made, note="人工核对一致")


def test_a_word_taken_back_takes_the_servers_own_result_too(counter: Counter) -> None:
    made = counter.visits.identified()
    counter.desk.submit(made)
    assert counter.seen(made).identity.faces
    word = FaceConsent(granted=False, text="v1")
    counter.services.identity.face_consent(new_key(), counter.teller, made, word)
    assert counter.seen(made).identity.faces == []


@pytest.mark.expects_log("nobody could look before the signature")
def test_where_no_machine_can_look_a_person_does(counter: Counter) -> None:
    made = about_to_sign(counter)
    counter.judge.fails = ServiceError("ocr.worker_died")
    counter.customer.look_up(made)
    assert counter.seen(made).customer_step is CustomerStep.LOOK
    counter.services.presence.person(new_key(), counter.teller, made, wire.LookByPerson(same=False))
    assert counter.seen(made).state is CaseState.DRAFT, "not the customer: everything is asked again"
    with counter.database.read() as unit:
        lines = [line.data for line in unit.registers.of_case(made) if line.kind == "face.look_by_person"]
    assert lines == [{"same": 0, "moment": "signature"}]


def test_a_look_that_was_due_and_not_taken_stops_the_case_until_a_person_looks(counter: Counter) -> None:
    made = about_to_sign(counter)
    counter.clock.pass_(LONGEST.total_seconds() + 1)
    counter.customer.look_up(made)
    counter.customer.sign(made)
    assert counter.seen(made).identity.continuity.missing
    with pytest.raises(UserError, match=r"face.look_missing"):
        counter.desk.execute(made)
    counter.services.presence.person(new_key(), counter.teller, made, wire.LookByPerson(same=True))
    assert counter.desk.execute(made).state is CaseState.EXECUTING


def test_a_kiosk_shows_no_face_that_nobody_asked_for(counter: Counter) -> None:
    made = counter.visits.identified()
    with pytest.raises(UserError, match=r"step.not_now"):
        counter.services.forms.evidence(new_key(), counter.kiosk, made, EvidenceKind.FACE_CHECK, JPEG)
