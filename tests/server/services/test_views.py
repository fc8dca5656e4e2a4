"""What each role sees, finds and may touch; queue and desk."""

from dataclasses import replace

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CustomerStep, EvidenceKind, Scenario, TicketState
from tests.fakes.counter import Counter, new_key


def test_the_kiosk_sees_no_more_than_it_needs(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    counter.desk.answer(case_id)
    counter.desk.identify(case_id)
    view = counter.seen(case_id, counter.kiosk)
    assert view.account is not None
    assert (view.account.holder, view.account.available) == ("顾*枝", None)
    assert (view.form.values, view.customer_record, view.face_match, view.timeline) == ({}, {}, None, [])
    assert {piece.kind for piece in view.evidence} == {EvidenceKind.ID_FRONT, EvidenceKind.ID_BACK}
    text = view.model_dump_json()
    for secret in ("顾南枝", "999999199003070426", "9999004182394821", "梧桐路"):
        assert secret not in text


def test_staff_see_the_case_but_no_card_number(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    text = counter.seen(case_id).model_dump_json()
    assert "顾南枝" in text
    assert "9999004182394821" not in text


def test_who_may_look(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    with pytest.raises(UserError, match=r"case.forbidden"):
        counter.seen(case_id, counter.authoriser)
    with pytest.raises(UserError, match=r"case.not_found"):
        counter.seen("nothing")
    with pytest.raises(UserError, match=r"case.not_yours"):
        counter.services.forms.prompt(new_key(), counter.other, case_id, wire.Prompt(step=CustomerStep.LAY_ID_FRONT))


def test_every_look_at_evidence_is_registered(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    counter.desk.answer(case_id)
    digest = counter.desk.show(case_id, EvidenceKind.ID_FRONT)
    data, media_type = counter.services.lookup.evidence(counter.teller, digest)
    assert (data[:3], media_type) == (b"\xff\xd8\xff", "image/jpeg")
    with pytest.raises(UserError, match=r"evidence.not_found"):
        counter.services.lookup.evidence(counter.authoriser, digest)
    with counter.database.read() as unit:
        lines = unit.registers.of_case(case_id)
    assert [(line.kind, line.who, line.subject) for line in lines] == [("evidence.viewed", "T-03", digest)]


def test_pictures_stay_in_the_branch_but_for_who_serves_the_customer(counter: Counter) -> None:
    """Knowing a digest is no right: it stands in vouchers and registers."""
    case_id = counter.customer.arrive()
    counter.desk.answer(case_id)
    digest = counter.desk.show(case_id, EvidenceKind.ID_FRONT)
    for colleague in (counter.other, replace(counter.teller, branch="elsewhere")):
        counter.services.lookup.evidence(colleague, digest)
    with pytest.raises(UserError, match=r"evidence.not_found"):
        counter.services.lookup.evidence(replace(counter.other, branch="elsewhere"), digest)


def test_the_queue_keeps_its_order(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    queue = counter.services.queue
    assert [ticket.case_id for ticket in queue.waiting()] == [case_id]
    assert counter.seen(case_id).ticket.position == 1
    assert queue.ring(case_id, "T-05")
    assert not queue.ring(case_id, "T-03")
    with pytest.raises(UserError, match=r"ticket.not_ringing_here"):
        counter.services.opening.answer(new_key(), counter.teller, case_id)
    assert queue.stop_ringing(case_id)
    assert not queue.stop_ringing(case_id)
    counter.desk.answer(case_id)
    assert [(one.case_id, one.teller) for one in queue.serving()] == [(case_id, "T-03")]
    assert queue.waiting() == []


def test_one_customer_at_a_time(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    with pytest.raises(UserError, match=r"kiosk.visit_open"):
        counter.services.opening.open(new_key(), counter.kiosk, wire.OpenCase(scenario=Scenario.DEPOSIT))
    assert [row.id for row in counter.services.lookup.cases(counter.kiosk, "", None, mine=False, limit=9)] == [case_id]
    counter.services.closing.leave(new_key(), counter.kiosk, case_id)
    view = counter.seen(case_id)
    assert (view.customer_step, view.ticket.state) == (CustomerStep.TAKE_CARD, TicketState.LEFT)
    counter.customer.card(case_id, wire.CardState.TAKEN)
    assert counter.services.lookup.cases(counter.kiosk, "", None, mine=False, limit=9) == []


def test_cases_are_found_by_number_and_masked_name(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    number = counter.seen(case_id).number
    assert number == "1122-0001"
    for text in (number, "0001", "顾", "k-02", ""):
        found = counter.services.lookup.cases(counter.teller, text, None, mine=False, limit=9)
        assert [(row.id, row.customer) for row in found] == [(case_id, "顾*枝")]
    for text in ("%", "_", "枝南"):
        assert counter.services.lookup.cases(counter.teller, text, None, mine=False, limit=9) == []
    assert counter.services.lookup.cases(counter.teller, "", None, mine=True, limit=9) == []


def test_the_desk(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    desk = counter.services.desks.teller(counter.teller)
    assert [(row.case_id, row.customer, row.prepared) for row in desk.queue] == [(case_id, "顾*枝", ["card"])]
    assert (desk.state, desk.current_case, desk.machines[0].busy) == ("ready", None, True)
    counter.desk.answer(case_id)
    desk = counter.services.desks.teller(counter.teller)
    assert (desk.state, desk.current_case, desk.queue) == ("serving", case_id, [])


def test_books_against_counters(counter: Counter) -> None:
    first = counter.services.machines.cash("K-02")
    assert first.books == first.counters
    counter.machine.report(notes={"100": 350}, held={"100": 50, "50": 40, "20": 50, "10": 100})
    second = counter.services.machines.cash("K-02")
    assert (second.books, second.counters) == (first.books, first.counters)
    with pytest.raises(UserError, match=r"machine.not_found"):
        counter.services.machines.cash("K-99")
    counter.clock.pass_(600)
    assert counter.services.machines.all()[0].devices[0].state == "unknown"


def test_calling_again_leaves_the_case_as_it_is(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    counter.desk.answer(case_id)
    before = counter.seen(case_id).version
    counter.services.opening.call_again(new_key(), counter.teller, case_id)
    assert counter.calls.made[-1] == ("call_again", case_id, "T-03", "K-02")
    assert counter.seen(case_id).version == before


def test_a_receipt_for_the_printer(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    with pytest.raises(UserError, match=r"voucher.not_found"):
        counter.services.vouchers.receipt(counter.kiosk, case_id)
    counter.machine.outcome(case_id, taken={"100": 50})
    lines = counter.services.vouchers.receipt(counter.kiosk, case_id)
    assert any("5,000.00" in line for line in lines)
    assert counter.services.vouchers.pdf(counter.kiosk, case_id)
    voucher = counter.seen(case_id).voucher
    assert voucher is not None
    found = counter.services.papers.published(voucher.code)
    assert found is not None
    assert found.record.digest == voucher.digest
