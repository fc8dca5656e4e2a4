"""What a kiosk tells of a movement that ended without it: taken, whatever it is, and nobody's books go wrong by it."""

from datetime import timedelta

import pytest

from common.wire import cases as wire
from common.wire.cases import CaseState, CashState
from common.wire.cash import CashGivenBack, CompleteReplenishment, ReplenishmentProgress, UnitCountEntry
from teller.registers import SUSPENSE_LATER
from tests.fakes.counter import Counter, new_key
from tests.server.services.test_account_opening import agreed, all_sixteen
from tests.server.services.test_counted_since import CASH, JOURNAL_ID, OVER, SUSPENSE, counted, kept, safe_opened


def cancelled_before_it_moved(counter: Counter) -> tuple[str, str]:
    """The kiosk wrote its intent and lost the line; the teller cancelled. The case, and the movement."""
    case_id = counter.visits.ready_withdrawal()
    counter.desk.execute(case_id)
    cash = counter.seen(case_id).cash
    assert cash is not None
    counter.services.closing.cancel(new_key(), counter.teller, case_id, wire.Cancel(reason="teller"))
    return case_id, cash.movement_id


def written_later(counter: Counter, case_id: str) -> list[object]:
    with counter.database.read() as unit:
        return [line.data["taken"] for line in unit.registers.of_case(case_id) if line.kind == SUSPENSE_LATER]


def test_a_payout_cancelled_while_the_kiosk_was_away_is_heard_of_when_it_is_back(counter: Counter) -> None:
    case_id, movement_id = cancelled_before_it_moved(counter)
    counter.machine.outcome(case_id, movement_id, error="cash.outcome_unknown")
    cash = counter.seen(case_id).cash
    assert cash is not None
    assert (cash.state, written_later(counter, case_id)) == (CashState.REVERSED, [])
    counter.books.are_right()


def test_notes_told_of_a_movement_that_has_ended_stand_in_the_register(counter: Counter) -> None:
    case_id, movement_id = cancelled_before_it_moved(counter)
    for _ in range(2):
        counter.machine.outcome(case_id, movement_id, taken={"100": 50})
    assert written_later(counter, case_id) == ["100×50"]
    counter.books.are_right()


def test_notes_stored_for_an_account_that_was_never_opened_are_an_item_for_persons(counter: Counter) -> None:
    case_id = all_sixteen(counter)
    agreed(counter, case_id)
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    cash = counter.seen(case_id).cash
    assert cash is not None
    counter.machine.outcome(case_id, known=False, error="cash.outcome_unknown")
    assert counter.desk.resolve(case_id, "end_case").state is CaseState.FAILED
    counter.machine.outcome(case_id, cash.movement_id, stored={"100": 30})
    (item,) = counter.services.suspense.items(counter.authoriser)
    assert (item.movement_id, counter.books.balance(SUSPENSE)) == (cash.movement_id, 300_000)
    counter.books.are_right()


def test_notes_pulled_in_after_the_safe_was_opened_and_before_the_count_are_not_there_twice(counter: Counter) -> None:
    inside = counter.books.balance(CASH) + 30_000
    task_id = safe_opened(counter)
    read_at = counter.clock.now()
    counter.clock.pass_(60)
    tasks, who, notes = counter.services.replenishments, counter.person("E-01"), {"100": inside // 10_000}
    tasks.progress(new_key(), who, task_id, ReplenishmentProgress(before={"unit1": notes}, counted={"unit1": notes}))
    entry = UnitCountEntry(unit="unit1", counter=notes, counted=notes, loaded=notes)
    tasks.complete(new_key(), who, task_id, CompleteReplenishment(units=[entry]))
    assert counter.books.balance(OVER) == 30_000
    kept(counter, read_at)
    counter.books.are_right()
    assert [counter.books.balance(code) for code in (CASH, OVER, SUSPENSE)] == [inside, 0, 30_000]


@pytest.mark.parametrize("wrong", [timedelta(hours=-1), timedelta(hours=1)])
@pytest.mark.parametrize("read_before_the_count", [True, False])
def test_a_kiosk_whose_clock_is_wrong_books_nothing_twice(
    counter: Counter, wrong: timedelta, read_before_the_count: bool
) -> None:
    inside = counter.books.balance(CASH) + (30_000 if read_before_the_count else 0)
    read_at = counter.clock.now()
    counted(counter, inside // 10_000)
    counter.clock.pass_(60)
    if not read_before_the_count:
        read_at = counter.clock.now()
    counter.clock.pass_(60)
    body = CashGivenBack(
        movement_id=JOURNAL_ID, retracted={"100": 3}, at=read_at + wrong, sent_at=counter.clock.now() + wrong
    )
    counter.services.cash.given_back(new_key(), counter.kiosk, counter.customer.arrive(), body)
    counter.books.are_right()
    assert counter.books.balance(CASH) == inside + (0 if read_before_the_count else 30_000)
