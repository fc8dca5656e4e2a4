"""Passbooks through the services: issued, brought up to date over several pages, replaced, and the wrong book."""

from typing import Any

import pytest

from common.errors import UserError
from common.wire.cases import CaseState, CaseView, CustomerStep, Rating
from common.wire.handing import Finish, ThingSettled
from common.wire.passbook import PassbookJob, PassbookPrinted, PassbookRead
from teller.ledger.bookings import transferred_in
from teller.money import Money
from tests.fakes.counter import Counter, new_key
from tests.server.services.test_more_scenarios import GU, ended, opened, record

BOOK, NEXT = "8800000000000017", "8800000000000025"


def executed(counter: Counter, scenario: str, **typed: str) -> str:
    """Up to where the machine waits for the book."""
    case_id = opened(counter, scenario, **typed)
    counter.desk.submit(case_id)
    counter.customer.consent(case_id)
    done = counter.desk.execute(case_id)
    assert done.customer_step is CustomerStep.PRINT_PASSBOOK
    return case_id


def job(counter: Counter, case_id: str, stripe: str = BOOK) -> PassbookJob:
    return counter.services.passbooks.read(counter.kiosk, case_id, PassbookRead(stripe=stripe))


def printed(
    counter: Counter, case_id: str, lines: int, *, done: bool = True, error: str | None = None, book: Any = "taken"
) -> CaseView:
    body = PassbookPrinted(lines=lines, done=done, error=error, book=book)
    counter.services.passbooks.printed(new_key(), counter.kiosk, case_id, body)
    return counter.seen(case_id)


def issued(counter: Counter) -> None:
    case_id = executed(counter, "passbook_issue", passbook_number=BOOK)
    assert printed(counter, case_id, 1).customer_step is CustomerStep.TAKE_RECEIPT
    counter.visits.end(case_id)


def booked(counter: Counter, times: int) -> None:
    with counter.database.write() as unit:
        for number in range(1, times + 1):
            unit.ledger.post(transferred_in(counter.parts.stamp(), GU, Money(number * 100), "工资", "Salary"))


def test_a_book_is_issued_and_brought_up_to_date_page_by_page(counter: Counter) -> None:
    issued(counter)
    booked(counter, 30)
    case_id = executed(counter, "passbook_update")
    due = job(counter, case_id)
    assert [(page.page, page.line, len(page.lines)) for page in due.pages] == [(0, 1, 23), (1, 0, 7)]
    assert due.pages[0].lines[0].startswith("2026-11-22 工资")
    assert due.pages[1].lines[-1].endswith("68,777.55")
    assert printed(counter, case_id, 23, done=False).customer_step is CustomerStep.PRINT_PASSBOOK
    assert [len(page.lines) for page in job(counter, case_id).pages] == [7], "what stands there is not due again"
    printed(counter, case_id, 7, done=False)
    done = printed(counter, case_id, 0, error="device.jam")  # with every line in the book
    assert {item.state for item in done.plan if item.code == "plan.print_passbook"} == {"done"}
    assert counter.visits.end(case_id).state is CaseState.COMPLETED
    book = record(counter, "passbook", BOOK)
    assert (book["page"], book["line"]) == (1, 7)
    with pytest.raises(UserError, match=r"passbook.up_to_date"):
        counter.desk.submit(opened(counter, "passbook_update"))


def test_what_the_printer_could_not_print_is_due_the_next_time(counter: Counter) -> None:
    issued(counter)
    booked(counter, 3)
    case_id = executed(counter, "passbook_update")
    failed = printed(counter, case_id, 2, error="device.jam")
    assert failed.customer_step is CustomerStep.TAKE_RECEIPT
    shown = next(item for item in failed.plan if item.code == "plan.print_passbook")
    assert (shown.state, shown.compensation) == ("failed", "plan.undo.passbook_lines")
    counter.visits.end(case_id)
    again = executed(counter, "passbook_update")
    assert [len(page.lines) for page in job(counter, again).pages] == [1]


def test_another_book_is_given_back_and_more_lines_than_due_are_refused(counter: Counter) -> None:
    issued(counter)
    booked(counter, 1)
    case_id = executed(counter, "passbook_update")
    with pytest.raises(UserError, match=r"passbook.other"):
        job(counter, case_id, "8800000000000033")
    with pytest.raises(UserError, match=r"passbook.unreadable"):
        job(counter, case_id, "")
    assert job(counter, case_id, GU).pages, "an older book says its account"
    with pytest.raises(UserError, match=r"passbook.too_many"):
        printed(counter, case_id, 2)


def test_a_replaced_book_ends_and_the_new_one_goes_on_with_the_balance(counter: Counter) -> None:
    issued(counter)
    booked(counter, 2)
    too_early = opened(counter, "passbook_replace", passbook_number=NEXT)
    with pytest.raises(UserError, match=r"passbook.not_full"):
        counter.desk.submit(too_early)
    ended(counter, too_early)
    case_id = executed(counter, "passbook_replace", passbook_number=NEXT, passbook_reason="损坏换册")
    lines = job(counter, case_id, NEXT).pages[0].lines
    assert len(lines) == 3
    assert "承前余额" in lines[0]
    assert lines[-1].endswith("68,315.55")
    printed(counter, case_id, 3)
    assert record(counter, "passbook", BOOK)["status"] == "void"
    with counter.database.read() as unit:
        kinds = [(line.kind, line.subject) for line in unit.registers.of_case(case_id)]
    assert ("item.voided", BOOK) in kinds
    assert ("item.issued", NEXT) in kinds
    with pytest.raises(UserError, match=r"reversal.superseded"):
        counter.review.reverse(case_id)


def test_nothing_is_printed_into_a_book_whose_issue_was_reversed(counter: Counter) -> None:
    case_id = executed(counter, "passbook_issue", passbook_number=BOOK)
    counter.review.reverse(case_id)
    assert counter.seen(case_id).customer_step is CustomerStep.TAKE_RECEIPT
    with pytest.raises(UserError, match=r"passbook\.not_now"):
        printed(counter, case_id, 1)
    book = record(counter, "passbook", BOOK)
    assert (book["status"], book["line"]) == ("reversed", 0)


@pytest.mark.parametrize(("new", "book", "asked"), [
    (True, "taken", False), (True, "none", True), (True, "left", True),
    (False, "taken", False), (False, "none", False), (False, "left", True),
])  # fmt: skip
def test_a_book_that_nobody_saw_taken_is_asked_for(counter: Counter, new: bool, book: str, asked: bool) -> None:
    if not new:
        issued(counter)
        booked(counter, 2)
    case_id = executed(counter, "passbook_issue", passbook_number=BOOK) if new else executed(counter, "passbook_update")
    seen = printed(counter, case_id, 0, error="passbook.not_given", book=book)
    assert [(one.kind, one.number) for one in seen.to_hand_over] == ([("passbook", BOOK)] if asked else [])
    counter.services.closing.rating(new_key(), counter.kiosk, case_id, Rating(stars=5))
    assert counter.seen(case_id).state is (CaseState.EXECUTING if asked else CaseState.COMPLETED)


def test_nobody_ends_a_case_over_a_book_that_lies_in_the_printer(counter: Counter) -> None:
    issued(counter)
    booked(counter, 2)
    case_id = executed(counter, "passbook_update")
    held = Finish(things=[ThingSettled(kind="passbook", number=BOOK, outcome="retained")])
    for body in (None, held):
        with pytest.raises(UserError, match=r"handing.machine_first"):
            counter.services.closing.finish(new_key(), counter.teller, case_id, body)
    counter.presence.away.add(counter.kiosk.number)
    with pytest.raises(UserError, match=r"handing.open"):
        counter.services.closing.finish(new_key(), counter.teller, case_id)
    counter.services.closing.finish(new_key(), counter.teller, case_id, held)
    done = counter.seen(case_id)
    assert (done.state, done.to_hand_over) == (CaseState.COMPLETED, [])
    assert {item.state for item in done.plan if item.code == "plan.print_passbook"} == {"failed"}
    assert record(counter, "passbook", BOOK)["status"] == "retained"
