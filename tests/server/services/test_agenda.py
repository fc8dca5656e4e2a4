"""Calls by appointment and reviews as the teller sees them: listed, reminded of, moved, never two at once."""

from datetime import timedelta

import pytest

from common.errors import UserError
from common.wire.cases import FieldSource
from server.companies import CompanyDuties
from teller.forms.credit_code import check_character
from tests.fakes.counter import Counter
from tests.server.services.test_companies import BOOKING, CODE, begun, done, opened
from tests.server.services.test_more_scenarios import record

_OTHER = "91999999MA00GT002"
OTHER = {**BOOKING, "co_code": _OTHER + check_character(_OTHER), "co_name": "云溪市白榆贸易有限公司"}


def booked(counter: Counter, **more: str) -> str:
    case_id = begun(counter, "company_appointment")
    counter.desk.fill(case_id, FieldSource.TYPED, **{**BOOKING, **more})
    done(counter, case_id)
    return counter.press.issued[-1].blocks[0].lines[0].value


def states(counter: Counter) -> list[tuple[str, str]]:
    return [(call.number, call.state) for call in counter.services.agenda.agenda().calls]


def reminders(counter: Counter) -> list[str]:
    return [todo.code for todo in counter.services.desks.teller(counter.teller).todos]


def test_a_call_is_listed_reminded_of_an_hour_before_and_lapses(counter: Counter) -> None:
    number = booked(counter)
    call = counter.services.agenda.agenda().calls[0]
    assert (call.number, call.representative, call.state) == (number, "许*远", "booked")
    assert "todo.company_call" not in reminders(counter)
    counter.clock.pass_(timedelta(hours=24).total_seconds())
    assert "todo.company_call" in reminders(counter)
    counter.clock.pass_(timedelta(hours=2).total_seconds())
    assert CompanyDuties(counter.parts).do_due() == 1
    assert states(counter) == [(number, "missed")]
    assert "todo.company_call" not in reminders(counter)


def test_booking_again_moves_the_call_and_frees_its_time(counter: Counter) -> None:
    first = booked(counter)
    second = booked(counter, appt_time="14:00")
    assert states(counter) == [(second, "booked")]
    assert record(counter, "appointment", first)["status"] == "moved"
    assert record(counter, "appointment_slot", "2026-11-23T10:30")["taken"] == 0
    assert record(counter, "appointment_slot", "2026-11-23T14:00")["taken"] == 1


def test_a_representative_is_not_called_by_two_companies_at_once(counter: Counter) -> None:
    booked(counter)
    case_id = begun(counter, "company_appointment")
    counter.desk.fill(case_id, FieldSource.TYPED, **OTHER)
    with pytest.raises(UserError, match=r"appointment.twice"):
        counter.desk.submit(case_id)
    counter.desk.fill(case_id, FieldSource.TYPED, appt_time="11:00")
    done(counter, case_id)
    assert len(states(counter)) == 2


def test_reviews_are_listed_before_their_day_and_after_it(counter: Counter) -> None:
    opened(counter)
    assert counter.services.agenda.agenda().reviews == []
    counter.clock.pass_(timedelta(days=340).total_seconds())
    review = counter.services.agenda.agenda().reviews[0]
    assert (review.company, review.due, review.state) == (CODE, "2027-11-22", "due")
    assert "todo.company_reviews" in reminders(counter)
    counter.clock.pass_(timedelta(days=40).total_seconds())
    assert counter.services.agenda.agenda().reviews[0].state == "overdue"
    counter.clock.pass_(timedelta(days=80).total_seconds())
    CompanyDuties(counter.parts).do_due()
    assert counter.services.agenda.agenda().reviews[0].state == "suspended"
    assert "todo.company_reviews" not in reminders(counter)
