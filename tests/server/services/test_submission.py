"""What a case must have before it may go on; each refusal by its code and figures."""

from typing import Any

import pytest

from common.errors import UserError
from common.wire.authorisation import NoteDraft
from common.wire.cases import (
    CaseState,
    CustomerStep,
    EvidenceKind,
    FieldEntry,
    FieldSource,
    FormEntry,
    Scenario,
    Submit,
)
from tests.fakes.counter import Counter, new_key


def refused(counter: Counter, case_id: str, note: str = "") -> UserError:
    with pytest.raises(UserError) as refusal:
        counter.desk.submit(case_id, note)
    assert counter.seen(case_id).state is CaseState.DRAFT
    return refusal.value


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"valid_to": "2024-08-01"}, "id.expired"),
        ({"id_number": "999999196108190359", "birth": "1961-08-19", "sex": "男"}, "id.not_holder"),
        ({"name": "顾北枝"}, "id.not_holder"),
        ({"address": ""}, "form.incomplete"),
        ({"id_number": "999999199003070427"}, "form.incomplete"),
        ({"amount": "70000"}, "account.insufficient"),
        ({"amount": "5005"}, "cash.not_payable"),
        ({"amount": "5000.50"}, "cash.not_payable"),
    ],
)
def test_what_is_not_right_is_refused(counter: Counter, changed: dict[str, str], code: str) -> None:
    case_id = counter.visits.identified()
    counter.desk.fill(case_id, FieldSource.TYPED, **changed)
    assert refused(counter, case_id).code == code


def test_refusals_carry_what_to_do_next(counter: Counter) -> None:
    case_id = counter.visits.identified("5005")
    assert dict(refused(counter, case_id).params) == {
        "amount": 500_500, "below": 500_000, "above": 501_000, "currency": "CNY",
    }  # fmt: skip
    counter.desk.fill(case_id, FieldSource.TYPED, amount="70000")
    assert refused(counter, case_id).params["available"] == 6_831_255
    counter.desk.fill(case_id, FieldSource.TYPED, amount="5000", valid_to="2024-08-01")
    assert refused(counter, case_id).params["date"] == "2024-08-01"


def test_unsure_fields_must_be_looked_at(counter: Counter) -> None:
    case_id = counter.visits.identified()
    entry: dict[str, Any] = {"value": "云溪市青禾区梧桐路17号3幢602室", "source": FieldSource.OCR, "confidence": 0.6}
    for confirmed in (False, True):
        field = FieldEntry(**entry, unsure=True, confirmed=confirmed)
        body = FormEntry(version=counter.seen(case_id).version, fields={"address": field})
        counter.services.forms.enter(new_key(), counter.teller, case_id, body)
        if not confirmed:
            assert refused(counter, case_id).code == "form.unsure"
    assert counter.desk.submit(case_id).state is CaseState.AUTHORISED


def test_pictures_and_face_are_needed(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    counter.desk.answer(case_id)
    counter.desk.identify(case_id)
    with counter.database.write() as unit:
        case = unit.cases.get(case_id)
        unit.cases.save(case, case.evolve(face=None))
    counter.desk.fill(case_id, FieldSource.TYPED, amount="5000")
    assert refused(counter, case_id).code == "face.missing"


def test_a_low_score_asks_a_second_person_and_a_note(counter: Counter) -> None:
    case_id = counter.visits.identified(score=41.7)
    assert refused(counter, case_id).code == "note.missing"
    view = counter.desk.submit(case_id, "客户瘦了，已问住址")
    assert view.authorisation is not None
    assert [reason.code for reason in view.authorisation.reasons] == ["rule.face_below_threshold"]
    counter.review.assign(case_id)
    task = counter.services.review.task(counter.authoriser, view.authorisation.task_id)
    assert task.note == "客户瘦了，已问住址"


def test_submitted_money_is_held_and_let_go(counter: Counter) -> None:
    def available(case_id: str) -> int:
        other = counter.person("T-05")
        account = counter.services.seen(other, case_id).account
        assert account is not None
        assert account.available is not None
        return account.available.minor

    first = counter.visits.identified("20000")
    counter.desk.submit(first)
    with counter.database.read() as unit:
        assert unit.ledger.available("2011:9999004182394821").minor == 6_831_255 - 2_000_000
    assert available(first) == 6_831_255, "its own hold does not count against a case"
    counter.services.submission.withdraw(new_key(), counter.teller, first)
    with counter.database.read() as unit:
        assert unit.ledger.available("2011:9999004182394821").minor == 6_831_255


def test_a_stale_form_is_not_submitted(counter: Counter) -> None:
    case_id = counter.visits.identified()
    old = counter.seen(case_id).version
    counter.desk.fill(case_id, FieldSource.TYPED, address="云溪市青禾区")
    with pytest.raises(UserError, match=r"case.stale"):
        counter.services.submission.submit(new_key(), counter.teller, case_id, Submit(version=old))


def test_two_hands_on_one_field(counter: Counter) -> None:
    case_id = counter.customer.arrive(Scenario.DEPOSIT)
    counter.desk.answer(case_id)
    seen = counter.seen(case_id).version
    counter.customer.put_in(case_id, {"100": 2})
    field = FieldEntry(value="1", source=FieldSource.TYPED)
    with pytest.raises(UserError, match=r"case.stale"):
        counter.services.forms.enter(
            new_key(), counter.teller, case_id, FormEntry(version=seen, fields={"amount": field})
        )


def test_editing_an_authorised_case_starts_consent_anew(counter: Counter) -> None:
    case_id = counter.visits.ready_withdrawal()
    counter.desk.fill(case_id, FieldSource.TYPED, amount="4000")
    view = counter.seen(case_id)
    assert (view.state, view.summary, view.signed_at, view.pin_state) == (CaseState.DRAFT, None, None, "none")
    assert view.customer_step is CustomerStep.TALK


def test_a_machine_that_never_reported_pays_nothing(counter: Counter) -> None:
    case_id = counter.visits.identified()
    counter.machine.report(notes={})
    error = refused(counter, case_id)
    assert (error.code, error.params["below"], error.params["above"]) == ("cash.not_payable", None, None)


def test_only_known_fields_and_own_pictures(counter: Counter) -> None:
    case_id = counter.visits.identified()
    with pytest.raises(UserError, match=r"form.unknown_field"):
        counter.desk.fill(case_id, shoe_size="43")
    with pytest.raises(UserError, match=r"form.read_only"):
        counter.desk.fill(case_id, account="1")
    with pytest.raises(UserError, match=r"evidence.unknown"):
        counter.desk.match(case_id, "0" * 64, "1" * 64, 99)
    with pytest.raises(UserError, match=r"evidence.not_a_picture"):
        counter.desk.show(case_id, EvidenceKind.ID_FRONT, b"MZ program")
    with pytest.raises(UserError, match=r"evidence.kind_forbidden"):
        counter.services.forms.evidence(new_key(), counter.teller, case_id, EvidenceKind.ID_FRONT, b"\xff\xd8\xff")


def test_a_picture_answers_the_request_for_it(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    counter.desk.answer(case_id)
    counter.desk.prompt(case_id, CustomerStep.LAY_ID_FRONT)
    assert counter.seen(case_id).customer_step is CustomerStep.LAY_ID_FRONT
    counter.desk.show(case_id, EvidenceKind.ID_BACK)
    assert counter.seen(case_id).customer_step is CustomerStep.LAY_ID_FRONT
    counter.desk.show(case_id, EvidenceKind.ID_FRONT)
    assert counter.seen(case_id).customer_step is CustomerStep.TALK
    with pytest.raises(UserError, match=r"prompt.not_now"):
        counter.desk.prompt(case_id, CustomerStep.INSERT_CASH)


def test_a_note_is_kept_before_it_is_submitted_and_seen_by_who_wrote_it_only(counter: Counter) -> None:
    case_id = counter.visits.identified()
    form_before = counter.seen(case_id).form
    counter.services.forms.note(new_key(), counter.teller, case_id, NoteDraft(note=" 证件与本人相符 "))
    seen = counter.seen(case_id)
    assert (seen.note_draft, seen.form) == ("证件与本人相符", form_before)
    assert counter.services.seen(counter.kiosk, case_id).note_draft == ""
    with pytest.raises(UserError, match=r"case.not_yours"):
        counter.services.forms.note(new_key(), counter.person("T-05"), case_id, NoteDraft(note="x"))
    counter.desk.submit(case_id, "改过的话")
    assert counter.seen(case_id).note_draft == "改过的话", "what comes back is mended from there"
    with pytest.raises(UserError, match=r"case.wrong_state"):
        counter.services.forms.note(new_key(), counter.teller, case_id, NoteDraft(note="x"))
