"""Every note of a machine is counted while an item is in suspense there: its explanation explains that count."""

import threading
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from common.errors import UserError
from common.wire.base import Notes
from common.wire.cases import CashCounted, CustomerStep, Scenario
from common.wire.cash import (
    CashGivenBack,
    CashUnitReport,
    CompleteReplenishment,
    DecideClosing,
    OpenReplenishment,
    ProposeClosing,
    ProposeDifference,
    RaiseReplenishment,
    ReplenishmentProgress,
    SuspenseView,
    UnitCountEntry,
)
from teller.cash.replenishment import Replenishment, State
from teller.ledger import bookings
from teller.ledger.bookings import customer_account, machine_cash, suspense
from teller.ledger.chart import Role, account_code
from teller.money import Money
from teller.registers import SUSPENSE_LATER
from tests.fakes.counter import Counter, new_key

ACCOUNT, CASH, SUSPENSE = customer_account("9999004182394821"), machine_cash("K-02"), suspense("K-02")
SHORT, OVER = account_code(Role.CASH_SHORT, "K-02"), account_code(Role.CASH_OVER, "K-02")
VAULT = account_code(Role.VAULT_CASH)
JOURNAL_ID = "01a20188-0b1b-7ab7-8c08-35ba1af7e1a4"


def safe_opened(counter: Counter) -> str:
    counter.clock.pass_(300)
    tasks, people = counter.services.replenishments, [counter.person(number) for number in ("E-01", "E-02")]
    low = [CashUnitReport(unit="unit1", role="recycle", face=100, count=1, capacity=2500)]
    body = RaiseReplenishment(machine="K-02")
    task_id = tasks.raise_by_hand(new_key(), counter.teller, body, lambda _unit: low)
    codes = [tasks.join(new_key(), who, task_id).code for who in people]
    tasks.open(new_key(), people[0], task_id, OpenReplenishment(codes=codes))
    counter.clock.pass_(300)
    return task_id


def counted(counter: Counter, notes: int) -> datetime:
    """Two persons let the machine count: so many notes of 100, which it keeps. When that was."""
    task_id, inside = safe_opened(counter), {"100": notes}
    tasks, who = counter.services.replenishments, counter.person("E-01")
    body = ReplenishmentProgress(before={"unit1": inside}, counted={"unit1": inside})
    tasks.progress(new_key(), who, task_id, body)
    entry = UnitCountEntry(unit="unit1", counter=inside, counted=inside, loaded=inside)
    tasks.complete(new_key(), who, task_id, CompleteReplenishment(units=[entry]))
    return counter.clock.now()


def item_of(counter: Counter) -> SuspenseView:
    (item,) = counter.services.suspense.items(counter.authoriser)
    return item


def closed(counter: Counter, in_hand: Notes, reason: str = "seen_on_video") -> None:
    work, item = counter.services.suspense, item_of(counter)
    closing = work.propose(
        new_key(), counter.teller, item.movement_id, ProposeClosing(in_hand=in_hand, reason=reason)
    )  # fmt: skip
    work.decide(new_key(), counter.authoriser, closing, DecideClosing(approved=True))
    counter.books.are_right()
    assert counter.books.balance(SUSPENSE) == 0


def payout_unknown(counter: Counter) -> str:
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, known=False, error="cash.outcome_unknown")
    return case_id


@pytest.mark.parametrize(
    ("gone", "in_hand", "short", "over"),
    [(50, 50, 0, 0), (0, 0, 0, 0), (50, 0, 500_000, 0), (0, 50, 0, 500_000), (20, 50, 0, 300_000)],
)
def test_a_payout_explained_after_the_count_leaves_the_counted_cash_alone(
    counter: Counter, gone: int, in_hand: int, short: int, over: int
) -> None:
    payout_unknown(counter)
    inside = counter.books.balance(CASH) // 10_000 - gone
    counted(counter, inside)
    closed(counter, {"100": in_hand} if in_hand else {})
    assert counter.books.balance(CASH) == inside * 10_000
    assert (counter.books.balance(SHORT), counter.books.balance(OVER)) == (short, over)


def kept(counter: Counter, at: datetime | None = None) -> None:
    """Three notes of a customer who left, never declared as counted, lie in the retract cassette."""
    case_id = counter.customer.arrive()
    body = CashGivenBack(movement_id=JOURNAL_ID, retracted={"100": 3}, at=at)
    counter.services.cash.given_back(new_key(), counter.kiosk, case_id, body)


@pytest.mark.parametrize("exchanged", [False, True])
def test_what_two_persons_hand_over_comes_out_of_the_vault(counter: Counter, exchanged: bool) -> None:
    kept(counter)
    inside, vault = counter.books.balance(CASH), counter.books.balance(VAULT)
    if exchanged:
        counted(counter, inside // 10_000)
    closed(counter, {"100": 3}, "handed_over")
    assert (counter.books.balance(CASH), vault - counter.books.balance(VAULT)) == (inside, 30_000)


def test_notes_kept_before_a_count_and_told_after_it_are_not_there_twice(counter: Counter) -> None:
    before, inside = counter.clock.now(), counter.books.balance(CASH) + 30_000
    counted(counter, inside // 10_000)
    assert counter.books.balance(OVER) == 30_000
    kept(counter, before)
    counter.books.are_right()
    assert (counter.books.balance(OVER), counter.books.balance(SUSPENSE)) == (0, 30_000)
    assert counter.books.balance(CASH) == inside


def test_counters_that_began_anew_explain_nothing_of_before(counter: Counter) -> None:
    case_id = payout_unknown(counter)
    inside = counter.books.balance(CASH) // 10_000 - 50
    counted(counter, inside)
    counter.machine.outcome(case_id)  # nothing was taken, say counters that began at zero
    assert counter.books.balance(SUSPENSE) == 500_000
    with counter.database.read() as unit:
        assert len(unit.registers.about(item_of(counter).reference, (SUSPENSE_LATER,))) == 1


def test_counters_read_before_the_safe_was_opened_explain_it_also_when_told_after(counter: Counter) -> None:
    case_id = payout_unknown(counter)
    read_at, inside = counter.clock.now() + timedelta(seconds=20), counter.books.balance(CASH) // 10_000 - 50
    counted(counter, inside)
    counter.machine.outcome(case_id, taken={"100": 50}, at=read_at)
    counter.books.are_right()
    assert (counter.books.balance(SUSPENSE), counter.books.balance(SHORT)) == (0, 0)
    assert counter.books.balance(CASH) == inside * 10_000


def test_nothing_is_paid_out_while_the_safe_is_open(counter: Counter) -> None:
    safe_opened(counter)
    case_id = counter.visits.ready_withdrawal()
    with pytest.raises(UserError, match=r"cash\.safe_open"):
        counter.desk.execute(case_id)


def test_a_proposal_about_other_notes_than_are_in_question_by_now_is_not_booked(counter: Counter) -> None:
    case_id = counter.visits.ready_deposit({"100": 5})
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    counter.machine.outcome(case_id, known=False, error="cash.outcome_unknown")
    item, work = item_of(counter), counter.services.suspense
    body = ProposeClosing(in_hand={"100": 5}, reason="journal_explains")
    closing = work.propose(new_key(), counter.teller, item.movement_id, body)
    counter.machine.outcome(case_id, item.movement_id, known=False, retracted={"100": 3}, error="cash.retracted")
    with pytest.raises(UserError, match=r"suspense\.changed"):
        work.decide(new_key(), counter.authoriser, closing, DecideClosing(approved=True))
    work.decide(new_key(), counter.authoriser, closing, DecideClosing(approved=False))
    closed(counter, {})


def test_notes_kept_before_a_count_that_the_customer_turns_out_to_have_explain_that_count(counter: Counter) -> None:
    before, inside = counter.clock.now(), counter.books.balance(CASH)
    counted(counter, inside // 10_000)
    kept(counter, before)
    assert counter.books.balance(SHORT) == 30_000, "the retract counter tells of notes that nobody found"
    closed(counter, {"100": 3})
    assert (counter.books.balance(SHORT), counter.books.balance(CASH)) == (0, inside)


def test_no_machine_says_that_two_persons_handed_notes_over(counter: Counter) -> None:
    case_id, vault = payout_unknown(counter), counter.books.balance(VAULT)
    inside = counter.books.balance(CASH)
    counter.machine.outcome(case_id, taken={"100": 50}, error="cash.handed_over")
    assert counter.books.balance(VAULT) == vault
    assert counter.books.balance(CASH) == inside - 500_000


def told_count(counter: Counter) -> tuple[str, Notes]:
    """The safe is open, and the server knows what was counted."""
    task_id, inside = safe_opened(counter), {"100": counter.books.balance(CASH) // 10_000}
    body = ReplenishmentProgress(before={"unit1": inside}, counted={"unit1": inside})
    counter.services.replenishments.progress(new_key(), counter.person("E-01"), task_id, body)
    return task_id, inside


def test_notes_in_escrow_wait_from_the_word_of_the_count_to_the_end_of_the_exchange(counter: Counter) -> None:
    tasks, who, before = counter.services.replenishments, counter.person("E-01"), counter.books.balance(CASH)
    case_id = counter.customer.arrive(Scenario.DEPOSIT)
    counter.desk.answer(case_id)
    counter.desk.prompt(case_id, CustomerStep.INSERT_CASH)
    task_id, inside = safe_opened(counter), {"100": before // 10_000}
    counter.services.cash.counted(new_key(), counter.kiosk, case_id, CashCounted(notes={"100": 5}))
    counter.desk.identify(case_id)
    counter.desk.submit(case_id)
    counter.customer.consent(case_id)
    tasks.progress(new_key(), who, task_id, ReplenishmentProgress(before={"unit1": inside}, counted={"unit1": inside}))
    with pytest.raises(UserError, match=r"cash\.safe_open"):
        counter.desk.execute(case_id)
    entry = UnitCountEntry(unit="unit1", counter=inside, counted=inside, loaded=inside)
    tasks.complete(new_key(), who, task_id, CompleteReplenishment(units=[entry]))
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    counter.machine.outcome(case_id, stored={"100": 5})
    counter.books.are_right()
    assert (counter.books.balance(SHORT), counter.books.balance(OVER)) == (0, 0)
    assert counter.books.balance(CASH) == before + 50_000


@pytest.mark.parametrize(("state", "ever", "open_now"), [
    ("open", True, True), ("open", False, True), ("raised", True, True), ("raised", False, False),
    ("done", True, False),
])  # fmt: skip
def test_a_safe_is_open_also_where_nobody_wrote_down_since_when(state: str, ever: bool, open_now: bool) -> None:
    at = datetime(2026, 11, 22, tzinfo=UTC)
    task = Replenishment("r-1", "K-02", State(state), at, at, "system", (), opened_at=at if ever else None)
    assert task.safe_open is open_now


def test_nobody_is_asked_for_notes_while_the_safe_is_open(counter: Counter) -> None:
    case_id = counter.customer.arrive(Scenario.DEPOSIT)
    counter.desk.answer(case_id)
    safe_opened(counter)
    with pytest.raises(UserError, match=r"cash\.safe_open"):
        counter.desk.prompt(case_id, CustomerStep.INSERT_CASH)


def test_a_count_waits_for_what_is_being_said_of_an_item(counter: Counter) -> None:
    """On PostgreSQL it would not by itself: it read the cash as it was, and missed the notes of the item too."""
    case_id = payout_unknown(counter)
    task_id, inside = safe_opened(counter), {"100": counter.books.balance(CASH) // 10_000 - 50}
    tasks, who = counter.services.replenishments, counter.person("E-01")
    tasks.progress(new_key(), who, task_id, ReplenishmentProgress(before={"unit1": inside}, counted={"unit1": inside}))
    entry = UnitCountEntry(unit="unit1", counter=inside, counted=inside, loaded=inside)
    body = CompleteReplenishment(units=[entry])
    thread = threading.Thread(target=partial(tasks.complete, new_key(), who, task_id, body))
    with counter.database.write() as unit:
        unit.machines.get("K-02", lock=True)
        taken = bookings.unknown_was_taken(counter.parts.stamp(), case_id, "K-02", Money(500_000))
        unit.ledger.post(taken)
        thread.start()
        thread.join(0.3)
    thread.join(10)
    assert (counter.books.balance(SHORT), counter.books.balance(CASH)) == (0, inside["100"] * 10_000)


def test_a_shortage_that_was_closed_first_leaves_the_item_to_be_closed_as_it_was(counter: Counter) -> None:
    """Counters said sixty of a payout of fifty; persons found the ten in the vault, then saw that fifty were taken."""
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, taken={"100": 60})
    assert counter.books.balance(SHORT) == 100_000
    body = ProposeDifference(amount=100_000, way="vault", reason="counted_at_machine")
    work = counter.services.suspense
    first = work.propose_difference(new_key(), counter.teller, SHORT, body)
    work.decide(new_key(), counter.authoriser, first, DecideClosing(approved=True))
    closed(counter, {"100": 50}, "counted_at_machine")
    assert (counter.books.balance(SHORT), counter.books.balance(OVER)) == (0, 100_000)
    assert not counter.services.suspense.items(counter.authoriser)
