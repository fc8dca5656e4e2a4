"""A photographed screen never goes through on one person's word; a clean picture of the original does."""

import pytest

from common.errors import UserError
from common.wire.authorisation import DecideTask, Decision
from common.wire.cases import CaseState, EvidenceKind
from common.wire.doubts import Doubt, Doubted
from server.services import review
from tests.fakes.counter import Counter, new_key


def tell(counter: Counter, case_id: str, digest: str, *doubts: Doubt) -> None:
    body = Doubted(evidence=digest, doubts=list(doubts))
    counter.services.forms.doubt(new_key(), counter.teller, case_id, body)


def front(counter: Counter, case_id: str) -> str:
    return next(one.digest for one in counter.seen(case_id).evidence if one.kind is EvidenceKind.ID_FRONT)


def test_a_second_person_has_to_see_it(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = counter.visits.identified()
    digest = front(counter, case_id)
    tell(counter, case_id, digest, Doubt.SCREEN)
    with pytest.raises(UserError) as refused:
        counter.desk.submit(case_id)
    assert refused.value.code == "note.missing", "and the teller says what was checked"
    case = counter.desk.submit(case_id, "原件已看过")
    assert (case.state, case.authorisation is None) == (CaseState.AWAITING_AUTHORISATION, False)
    assert case.authorisation is not None
    assert [reason.code for reason in case.authorisation.reasons] == ["rule.original_doubted"]
    task_id, who = counter.review.assign(case_id), counter.authoriser
    counter.services.review.open(new_key(), who, task_id)
    shown = {piece.digest: piece.doubts for piece in counter.services.review.task(who, task_id).case.evidence}
    assert shown[digest] == [Doubt.SCREEN]
    monkeypatch.setattr(review, "SHOWN", ())
    unseen = DecideTask(decision=Decision.APPROVE, evidence=[one for one in shown if one != digest])
    with pytest.raises(UserError) as refused:
        counter.services.review.decide(new_key(), who, task_id, unseen)
    assert refused.value.code == "task.evidence_unseen"
    assert counter.review.decide(case_id).state is CaseState.AUTHORISED


def test_a_clean_picture_of_the_same_side_needs_nobody(counter: Counter) -> None:
    case_id = counter.visits.identified()
    tell(counter, case_id, front(counter, case_id), Doubt.COPY)
    counter.desk.show(case_id, EvidenceKind.ID_FRONT, b"\xff\xd8\xff the original")
    assert counter.desk.submit(case_id).state is CaseState.AUTHORISED


def test_it_is_written_down_once_and_no_customer_is_told(counter: Counter) -> None:
    case_id = counter.visits.identified()
    digest = front(counter, case_id)
    for _ in range(2):
        tell(counter, case_id, digest, Doubt.SCREEN)
    with counter.database.read() as unit:
        lines = [line for line in unit.registers.of_case(case_id) if line.kind == "evidence.doubted"]
    assert [(line.who, line.subject, line.data["findings"]) for line in lines] == [("T-03", digest, "doc.screen")]
    at_kiosk = counter.seen(case_id, counter.kiosk)
    assert not any(piece.doubts for piece in at_kiosk.evidence)
