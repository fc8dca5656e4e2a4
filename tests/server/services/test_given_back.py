"""Notes that leave escrow while the case is still being prepared: the server knows at once."""

from typing import Any

import pytest

from common.errors import UserError
from common.wire.base import Notes
from common.wire.cases import CaseState, CaseView, CashState, CustomerStep, Scenario
from common.wire.cash import CashGivenBack, ProposeClosing
from teller.ledger.bookings import machine_cash, suspense
from teller.registers import SUSPENSE_LATER
from tests.fakes.counter import Counter, new_key

NOTES: Notes = {"100": 12}
KEPT: Notes = {"100": 5}
JOURNAL_ID = "01a20188-0b1b-7ab7-8c08-35ba1af7e1a4"


def given_back(counter: Counter, case_id: str, movement_id: str | None = None, **notes: Any) -> CaseView:
    cash = counter.seen(case_id).cash
    movement = movement_id or (cash.movement_id if cash is not None else JOURNAL_ID)
    body = CashGivenBack(movement_id=movement, **notes)
    counter.services.cash.given_back(new_key(), counter.kiosk, case_id, body)
    counter.books.are_right()
    return counter.seen(case_id)


def counted(counter: Counter, state: CaseState) -> str:
    """A deposit with notes in escrow, in this state."""
    if state is CaseState.AUTHORISED:
        return counter.visits.ready_deposit(NOTES)
    case_id = counter.customer.arrive(Scenario.DEPOSIT)
    counter.desk.answer(case_id)
    counter.desk.identify(case_id, score=91.0 if state is CaseState.DRAFT else 40.0)
    counter.customer.put_in(case_id, NOTES)
    if state is CaseState.AWAITING_AUTHORISATION:
        counter.desk.submit(case_id, note="本人，问了三个问题")
    assert counter.seen(case_id).state is state
    return case_id


@pytest.mark.parametrize("state", [CaseState.DRAFT, CaseState.AWAITING_AUTHORISATION, CaseState.AUTHORISED])
def test_a_case_without_its_notes_is_a_draft_that_can_count_again(counter: Counter, state: CaseState) -> None:
    case_id = counted(counter, state)
    view = given_back(counter, case_id, returned=NOTES)
    assert view.cash is not None
    assert (view.state, view.cash.state) == (CaseState.DRAFT, CashState.RETURNED)
    assert view.summary is None
    assert not {"amount", "notes"} & view.form.values.keys()
    with pytest.raises(UserError) as refused:
        counter.desk.submit(case_id, note="本人")
    assert refused.value.code in ("form.incomplete", "cash.not_counted")
    counter.customer.put_in(case_id, {"50": 2})
    again = counter.seen(case_id)
    assert again.cash is not None
    assert (again.cash.state, again.cash.amount.minor) == (CashState.COUNTED, 10_000)


def test_notes_that_nobody_took_are_in_suspense_with_exactly_their_worth(counter: Counter) -> None:
    before = counter.books.balance(machine_cash("K-02"))
    case_id = counted(counter, CaseState.DRAFT)
    view = given_back(counter, case_id, returned={"100": 7}, retracted=KEPT)
    assert view.cash is not None
    assert (view.cash.state, view.cash.suspense_ref is not None) == (CashState.SUSPENSE, True)
    assert counter.books.balance(machine_cash("K-02")) - before == 50_000
    assert counter.books.balance(suspense("K-02")) == 50_000


def test_notes_that_were_never_declared_are_suspense_of_their_own_and_the_case_goes_on(counter: Counter) -> None:
    case_id = counted(counter, CaseState.DRAFT)
    for _ in range(2):
        view = given_back(counter, case_id, JOURNAL_ID, retracted=KEPT)
    assert view.cash is not None
    assert (view.cash.state, view.cash.notes) == (CashState.COUNTED, NOTES)
    assert counter.books.balance(suspense("K-02")) == 50_000
    with counter.database.read() as unit:
        (item,) = unit.cash.in_suspense()
    assert (item.case_id, item.amount_minor) == (case_id, 50_000)


def test_what_is_in_suspense_stays_in_the_case_when_the_amount_is_changed(counter: Counter) -> None:
    case_id = counted(counter, CaseState.AUTHORISED)
    given_back(counter, case_id, JOURNAL_ID, retracted=KEPT)
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    counter.machine.outcome(case_id, returned=NOTES, error="device.jam")
    assert counter.desk.resolve(case_id, "change_amount").state is CaseState.DRAFT
    (item,) = counter.services.suspense.items(counter.teller)
    body = ProposeClosing(in_hand={}, reason="counted_at_machine")
    counter.services.suspense.propose(new_key(), counter.teller, item.movement_id, body)
    assert item.amount.minor == counter.books.balance(suspense("K-02")) == 50_000


def test_nothing_kept_of_nothing_declared_changes_nothing(counter: Counter) -> None:
    case_id = counter.customer.arrive(Scenario.DEPOSIT)
    counter.desk.answer(case_id)
    version = counter.seen(case_id).version
    assert given_back(counter, case_id).version == version


@pytest.mark.parametrize("why", [None, "cash.counters_anew", "cash.pulled_in_uncounted"])
def test_notes_of_which_the_counters_say_nothing_any_more_are_in_suspense_with_all_that_was_counted(
    counter: Counter, why: str | None
) -> None:
    before = counter.books.balance(machine_cash("K-02"))
    case_id = counted(counter, CaseState.DRAFT)
    for _ in range(2):
        view = given_back(counter, case_id, known=False, error=why)
    assert view.cash is not None
    assert (view.state, view.cash.state) == (CaseState.DRAFT, CashState.SUSPENSE)
    assert counter.books.balance(machine_cash("K-02")) - before == 120_000
    (item,) = counter.services.suspense.items(counter.teller)
    assert (item.in_question, item.error) == (NOTES, why or "cash.counters_anew")


def test_notes_that_nobody_had_counted_and_no_counter_knows_are_in_the_register_once(counter: Counter) -> None:
    case_id = counter.customer.arrive(Scenario.DEPOSIT)
    counter.desk.answer(case_id)
    version = counter.seen(case_id).version
    for _ in range(2):
        assert given_back(counter, case_id, known=False).version == version
    with counter.database.read() as unit:
        (line,) = unit.registers.about(JOURNAL_ID, (SUSPENSE_LATER,))
    assert (line.case_id, line.who, line.data["error"]) == (case_id, "K-02", "cash.counters_anew")
    assert counter.books.balance(suspense("K-02")) == 0


def test_an_executed_deposit_is_told_by_its_own_step(counter: Counter) -> None:
    case_id = counter.visits.ready_deposit(NOTES)
    counter.desk.execute(case_id)
    with pytest.raises(UserError) as refused:
        given_back(counter, case_id, returned=NOTES)
    assert refused.value.code == "cash.not_now"
    assert counter.seen(case_id).customer_step is CustomerStep.STORE_CASH


def test_notes_that_a_reset_pulls_in_after_a_case_has_ended_are_suspense_and_the_books_agree(counter: Counter) -> None:
    case_id = counter.visits.ready_deposit(NOTES)
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    counter.machine.outcome(case_id, stored={"100": 10}, returned={"100": 2}, error="device.jam")
    inside, ended = counter.books.balance(machine_cash("K-02")), counter.seen(case_id)
    for _ in range(2):
        view = given_back(counter, case_id, JOURNAL_ID, retracted={"100": 2}, counts_after={"unit8": 2})
    assert view.state is ended.state
    assert counter.books.balance(machine_cash("K-02")) - inside == 20_000
    assert counter.books.balance(suspense("K-02")) == 20_000
    (item,) = counter.services.suspense.items(counter.teller)
    assert (item.movement_id, item.in_question, item.counts_after) == (JOURNAL_ID, {"100": 2}, {"unit8": 2})
