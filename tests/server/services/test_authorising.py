"""Tasks: dealt, looked at, decided once, with the pictures and differences in sight."""

from dataclasses import replace

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.authorisation import AlteredEvidence, DecideTask, Decision
from common.wire.cases import CaseState, CustomerStep, FieldSource
from tests.fakes.counter import Counter, new_key


@pytest.fixture
def case_id(counter: Counter) -> str:
    made = counter.visits.identified("20000")
    counter.desk.submit(made)
    return made


def decision(counter: Counter, case_id: str, **changed: object) -> DecideTask:
    evidence = [piece.digest for piece in counter.seen(case_id).evidence]
    return DecideTask.model_validate({"decision": "approve", "evidence": evidence, **changed})


def test_dealing(counter: Counter, case_id: str) -> None:
    task_id = counter.review.task_of(case_id)
    queued = counter.services.tasks.queued()
    assert [(task.task_id, task.excluded) for task in queued] == [(task_id, frozenset({"T-03"}))]
    assert not counter.services.tasks.assign(task_id, "T-03")
    assert counter.services.tasks.assign(task_id, "A-07")
    assert not counter.services.tasks.assign(task_id, "A-11"), "not queued any more"
    assert not counter.services.tasks.unassign(task_id, "A-11")
    assert counter.services.tasks.unassign(task_id, "A-07")
    assert counter.services.tasks.queued()[0].passed == frozenset({"A-07"})


def test_who_asked_never_approves_whatever_his_rights(counter: Counter, case_id: str) -> None:
    """Not a question of the role: the same person signed on as an authoriser, with the task in hand, is refused."""
    task_id = counter.review.assign(case_id)
    maker = replace(counter.authoriser, number=counter.teller.number)
    review = counter.services.review
    for act in (
        lambda: review.task(maker, task_id),
        lambda: review.open(new_key(), maker, task_id),
        lambda: review.decide(new_key(), maker, task_id, decision(counter, case_id)),
    ):
        with pytest.raises(UserError, match=r"task\.maker_is_checker"):
            act()
    assert counter.seen(case_id).state is CaseState.AWAITING_AUTHORISATION
    assert counter.review.decide(case_id).state is CaseState.AUTHORISED


def test_time_over_goes_to_another(counter: Counter, case_id: str) -> None:
    task_id = counter.review.assign(case_id)
    assert counter.services.tasks.expire_due(counter.clock.now()) == []
    counter.clock.pass_(181)
    expired = counter.services.tasks.expire_due(counter.clock.now())
    assert [(task.task_id, task.authoriser) for task in expired] == [(task_id, "A-07")]
    assert counter.services.tasks.assign(task_id, "A-11")
    with pytest.raises(UserError, match=r"task.expired"):
        counter.services.review.open(new_key(), counter.authoriser, task_id)
    assert counter.review.decide(case_id, who=counter.second).state is CaseState.AUTHORISED


def test_the_task_shows_everything_to_decide_on(counter: Counter, case_id: str) -> None:
    task = counter.services.review.task(counter.authoriser, counter.review.assign(case_id))
    assert task.evidence_intact
    assert {row.field for row in task.comparison if row.differs} == set()
    assert len(task.months) == 12
    assert sum(figure.withdrawn.minor for figure in task.months) > 0
    assert task.movements[0].text_zh
    assert task.case.customer_record["id_number"] == "999999199003070426"


def test_differences_must_have_been_looked_at(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    counter.desk.answer(case_id)
    counter.desk.identify(case_id)
    counter.desk.fill(case_id, FieldSource.TYPED, address="云溪市石榴巷8号", amount="20000")
    counter.desk.submit(case_id)
    counter.review.assign(case_id)
    with pytest.raises(UserError, match=r"task.differences_unseen"):
        counter.review.decide(case_id)
    assert counter.review.decide(case_id, seen_differences=["address"]).state is CaseState.AUTHORISED


def test_pictures_must_have_been_on_the_screen(counter: Counter, case_id: str) -> None:
    task_id = counter.review.assign(case_id)
    review = counter.services.review
    review.open(new_key(), counter.authoriser, task_id)
    for evidence, code in (([], "task.evidence_unseen"), (["0" * 64], "task.evidence_altered")):
        body = decision(counter, case_id, evidence=evidence)
        with pytest.raises(UserError) as refused:
            review.decide(new_key(), counter.authoriser, task_id, body)
        assert refused.value.code == code


@pytest.mark.expects_log("evidence altered")
def test_altered_evidence_blocks_the_decision(counter: Counter, case_id: str) -> None:
    task_id = counter.review.assign(case_id)
    digest = counter.seen(case_id).evidence[0].digest
    file = counter.folder / "vault" / digest[:2] / digest[2:]
    blob = bytearray(file.read_bytes())
    blob[-1] ^= 1
    file.write_bytes(bytes(blob))
    assert not counter.services.review.task(counter.authoriser, task_id).evidence_intact
    with pytest.raises(UserError, match=r"task.evidence_altered"):
        counter.review.decide(case_id)
    assert counter.review.decide(case_id, Decision.REJECT, "evidence_altered").state is CaseState.REJECTED


def test_rejected_gives_the_card_back(counter: Counter, case_id: str) -> None:
    counter.review.assign(case_id)
    with pytest.raises(UserError, match=r"task.reason_missing"):
        counter.review.decide(case_id, Decision.REJECT)
    view = counter.review.decide(case_id, Decision.REJECT, "directed_by_others")
    assert (view.state, view.end_code, view.customer_step) == (
        CaseState.REJECTED, "directed_by_others", CustomerStep.TAKE_CARD,
    )  # fmt: skip
    with counter.database.read() as unit:
        assert unit.ledger.available("2011:9999004182394821").minor == 6_831_255


def report(counter: Counter, case_id: str, task_id: str, digest: str = "") -> None:
    body = AlteredEvidence(digest=digest or counter.seen(case_id).evidence[0].digest)
    counter.services.review.report_altered(new_key(), counter.authoriser, task_id, body)


def test_what_did_not_arrive_as_stored_is_on_record_and_told_to_the_teller(counter: Counter, case_id: str) -> None:
    task_id = counter.review.assign(case_id)
    digest, before = counter.seen(case_id).evidence[0].digest, counter.seen(case_id).version
    for _ in range(2):
        report(counter, case_id, task_id)
    seen = counter.seen(case_id)
    assert seen.authorisation is not None
    assert seen.authorisation.altered == [digest]
    assert seen.timeline[-1].step == "evidence_altered"
    assert seen.version == before + 1
    assert ("case_changed", case_id, str(seen.version)) == counter.notifier.said[-1][:3]
    assert "T-03" in counter.notifier.said[-1]
    with counter.database.read() as unit:
        lines = [line for line in unit.registers.of_case(case_id) if line.kind == "evidence.altered"]
    assert [(line.who, line.subject, line.data) for line in lines] == [
        ("A-07", digest, {"task": task_id, "vault": "intact"})
    ]


def test_no_consent_rests_on_what_was_reported_and_a_new_request_is_clean(counter: Counter, case_id: str) -> None:
    task_id = counter.review.assign(case_id)
    report(counter, case_id, task_id)
    assert not counter.services.review.task(counter.authoriser, task_id).evidence_intact
    with pytest.raises(UserError, match=r"task.evidence_altered"):
        counter.review.decide(case_id)
    counter.services.submission.withdraw(new_key(), counter.teller, case_id)
    counter.desk.submit(case_id)
    counter.review.assign(case_id)
    assert counter.review.decide(case_id).state is CaseState.AUTHORISED


def test_only_evidence_of_the_case_can_be_reported(counter: Counter, case_id: str) -> None:
    with pytest.raises(UserError, match=r"evidence.not_found"):
        report(counter, case_id, counter.review.assign(case_id), "0" * 64)


def test_returned_is_mended_and_submitted_again(counter: Counter, case_id: str) -> None:
    task_id = counter.review.assign(case_id)
    counter.services.review.open(new_key(), counter.authoriser, task_id)
    body = decision(counter, case_id, decision="return", reason_code="unclear", returned_items=["live_frame"])
    counter.services.review.decide(new_key(), counter.authoriser, task_id, body)
    view = counter.seen(case_id)
    assert view.authorisation is not None
    assert (view.state, view.authorisation.returned_items) == (CaseState.RETURNED, ["live_frame"])
    assert counter.desk.submit(case_id).state is CaseState.AWAITING_AUTHORISATION
    assert counter.review.task_of(case_id) != task_id
    with pytest.raises(UserError, match=r"task.withdrawn"):
        counter.services.review.task(counter.authoriser, task_id)


def test_withdrawn_is_nobodys(counter: Counter, case_id: str) -> None:
    task_id = counter.review.assign(case_id)
    counter.services.submission.withdraw(new_key(), counter.teller, case_id)
    assert ("task_closed", task_id, "A-07", "withdrawn") in counter.notifier.said
    assert counter.seen(case_id).state is CaseState.DRAFT
    with pytest.raises(UserError, match=r"task.withdrawn"):
        counter.services.review.open(new_key(), counter.authoriser, task_id)


def test_cancelling_withdraws_the_task(counter: Counter, case_id: str) -> None:
    task_id = counter.review.assign(case_id)
    counter.services.closing.cancel(new_key(), counter.teller, case_id, wire.Cancel(reason="customer_left"))
    assert ("task_closed", task_id, "A-07", "withdrawn") in counter.notifier.said
    assert counter.services.tasks.assigned() == []


def test_decided_once(counter: Counter, case_id: str) -> None:
    task_id = counter.review.assign(case_id)
    counter.review.decide(case_id)
    assert ("task_closed", task_id, "A-07", "decided") in counter.notifier.said
    body = decision(counter, case_id, decision="reject", reason_code="late")
    with pytest.raises(UserError, match=r"task.decided"):
        counter.services.review.decide(new_key(), counter.authoriser, task_id, body)
    with pytest.raises(UserError, match=r"task.decided"):
        counter.services.review.task(counter.second, task_id)
    assert counter.services.review.task(counter.authoriser, task_id).state == "approved"


def test_one_task_at_a_time_and_figures_of_the_day(counter: Counter, case_id: str) -> None:
    counter.review.assign(case_id)
    counter.clock.pass_(21)
    counter.review.decide(case_id)
    desk = counter.services.desks.authoriser(counter.authoriser)
    assert (desk.decided, desk.approved, desk.median_s, desk.current_task) == (1, 1, 21, None)
    assert desk.per_hour == {"10": 1}
    assert desk.team == {"A-07": 1}
    assert not counter.services.desks.accepting(counter.authoriser, False).accepting
