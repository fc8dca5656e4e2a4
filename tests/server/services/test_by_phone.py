"""A paper that only a phone saw: a second person looks at it, and the voucher says so."""

from datetime import timedelta

import pytest

from common.wire.authorisation import DecideTask, Decision
from common.wire.cases import EvidenceKind, FieldSource
from server.services import review
from tests.fakes.counter import Counter, new_key
from tests.server.services.test_capture import Phone, asked, phone, refused
from tests.server.services.test_companies import CODE, begun, opened

__all__ = ["phone"]


def test_no_teller_alone_believes_a_picture_that_he_could_have_taken_himself(
    counter: Counter, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(counter)
    counter.clock.pass_(timedelta(days=340).total_seconds())
    made = begun(counter, "company_review", video=True)
    counter.desk.fill(made, FieldSource.TYPED, co_code=CODE, co_licence="出示执照", review_result="通过")
    assert phone.hand_in(asked(counter, made)).json()["taken"]
    authorisation = counter.desk.submit(made).authorisation
    assert authorisation is not None
    assert [reason.code for reason in authorisation.reasons] == ["rule.paper_by_phone"]
    task_id, who = counter.review.assign(made), counter.authoriser
    counter.services.review.open(new_key(), who, task_id)
    monkeypatch.setattr(review, "SHOWN", ())
    unseen = [piece.digest for piece in counter.seen(made).evidence if piece.kind is not EvidenceKind.LICENCE]
    with refused("task.evidence_unseen"):
        approval = DecideTask(decision=Decision.APPROVE, evidence=unseen)
        counter.services.review.decide(new_key(), who, task_id, approval)
    rows = counter.services.review.task(who, task_id).comparison
    counter.review.decide(made, seen_differences=[row.field for row in rows if row.differs])
    counter.customer.consent(made)
    assert counter.desk.execute(made).voucher is not None
    names = [piece.name_en for piece in counter.press.issued[-1].evidence]
    assert "Business licence, customer's phone" in names
    assert "Identity card, front" in names
