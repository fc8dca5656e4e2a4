"""Cash trouble: what the counters say decides, the books follow, and the case offers what to do."""

from datetime import date
from typing import Any

import pytest

from common.errors import ServiceError, UserError
from common.wire import cases as wire
from common.wire.cases import CardState, CaseState, CaseView, CashState, CustomerStep, FieldSource, Scenario
from teller.ledger.bookings import clearing, customer_account, machine_cash, suspense
from teller.money import Money
from tests.fakes.counter import Counter, new_key

ACCOUNT = customer_account("9999004182394821")
START = 6_831_255
INSIDE = 400 * 10_000 + 40 * 5_000 + 50 * 2_000 + 100 * 1_000


def boxes(view: CaseView) -> tuple[int | None, int | None, int | None]:
    assert view.trouble is not None
    money = view.trouble.money
    assert money is not None
    account, machine, hand = (None if box is None else box.minor for box in (money.account, money.machine, money.hand))
    return account, machine, hand


def books(counter: Counter) -> tuple[int, int, int, int]:
    """Change of the account, of the machine's cash, clearing, suspense."""
    counter.books.are_right()
    return (
        counter.books.balance(ACCOUNT) - START,
        counter.books.balance(machine_cash("K-02")) - INSIDE,
        counter.books.balance(clearing("K-02")),
        counter.books.balance(suspense("K-02")),
    )


@pytest.mark.parametrize(
    ("notes", "code"),
    [
        ({"error": "device.jam"}, "trouble.payout_jam"),
        ({"retracted": {"100": 50}, "error": "cash.not_taken"}, "trouble.cash_not_taken"),
        ({"error": "device.offline"}, "trouble.payout_failed"),
    ],
)
def test_nothing_paid_is_booked_back(counter: Counter, notes: dict[str, Any], code: str) -> None:
    case_id = counter.visits.payout_begun()
    view = counter.machine.outcome(case_id, **notes)
    assert view.trouble is not None
    assert (view.trouble.code, view.customer_step) == (code, CustomerStep.TROUBLE)
    assert view.trouble.choices == ["retry_payout", "change_amount", "end_case"]
    assert view.trouble.say is not None
    assert boxes(view) == (0, 500_000, 0)
    assert books(counter) == (0, 0, 0, 0)


def test_paid_again_after_a_jam(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, error="device.jam")
    view = counter.desk.resolve(case_id, "retry_payout")
    assert (view.customer_step, view.trouble) == (CustomerStep.TAKE_CASH, None)
    assert books(counter) == (-500_000, 0, 500_000, 0)
    counter.machine.moving(case_id)
    view = counter.machine.outcome(case_id, taken={"100": 50})
    assert view.customer_step is CustomerStep.TAKE_RECEIPT
    assert books(counter) == (-500_000, -500_000, 0, 0)


def test_no_third_attempt(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, error="device.jam")
    counter.desk.resolve(case_id, "retry_payout")
    counter.machine.moving(case_id)
    view = counter.machine.outcome(case_id, error="device.jam")
    assert view.trouble is not None
    assert view.trouble.choices == ["change_amount", "end_case"]
    with pytest.raises(UserError, match=r"trouble.unknown_choice"):
        counter.desk.resolve(case_id, "retry_payout")
    view = counter.desk.resolve(case_id, "end_case")
    assert (view.state, view.end_code, view.customer_step) == (
        CaseState.CANCELLED, "cash.payout_jam", CustomerStep.GOODBYE,
    )  # fmt: skip
    assert books(counter) == (0, 0, 0, 0)


def test_another_amount_keeps_everything_gathered(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, error="device.jam")
    view = counter.desk.resolve(case_id, "change_amount")
    assert (view.state, view.face_match is not None, view.summary) == (CaseState.DRAFT, True, None)
    assert view.form.values["name"].value == "顾南枝"
    counter.desk.fill(case_id, FieldSource.TYPED, amount="3000")
    counter.desk.submit(case_id)
    counter.customer.confirm(case_id)
    assert counter.seen(case_id).customer_step is CustomerStep.INSERT_CARD
    counter.customer.insert_card(case_id)
    counter.customer.enter_pin(case_id)
    counter.customer.sign(case_id)
    counter.desk.execute(case_id)
    counter.customer.card(case_id, CardState.TAKEN)
    counter.machine.moving(case_id)
    counter.machine.outcome(case_id, taken={"100": 30})
    assert books(counter) == (-300_000, -300_000, 0, 0)


def test_a_part_paid_is_settled_and_the_rest_booked_back(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    view = counter.machine.outcome(case_id, taken={"100": 20}, error="device.jam")
    assert view.trouble is not None
    assert (view.trouble.code, view.trouble.choices) == ("trouble.payout_partial", ["retry_payout", "end_case"])
    assert boxes(view) == (-200_000, 300_000, 200_000)
    assert books(counter) == (-200_000, -200_000, 0, 0)
    view = counter.desk.resolve(case_id, "end_case")
    assert view.customer_step is CustomerStep.TAKE_RECEIPT
    assert counter.press.issued[-1].amount_minor == 200_000
    assert counter.visits.end(case_id).state is CaseState.COMPLETED


def test_the_rest_of_a_part_can_be_paid(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, taken={"100": 20}, error="device.jam")
    view = counter.desk.resolve(case_id, "retry_payout")
    assert view.cash is not None
    assert view.cash.amount.minor == 300_000
    counter.machine.moving(case_id)
    counter.machine.outcome(case_id, taken={"100": 30})
    assert counter.press.issued[-1].amount_minor == 500_000
    assert books(counter) == (-500_000, -500_000, 0, 0)


def test_unknown_is_suspense_until_the_counters_explain(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    view = counter.machine.outcome(case_id, known=False, error="device.gone")
    assert view.trouble is not None
    assert view.cash is not None
    assert view.cash.suspense_ref == "S-1122-01"
    assert boxes(view) == (-500_000, None, None)
    assert books(counter) == (-500_000, 0, 0, 500_000)
    assert [todo.params["reference"] for todo in counter.services.desks.teller(counter.teller).todos] == ["S-1122-01"]
    view = counter.machine.outcome(case_id, taken={"100": 50})
    assert (view.customer_step, view.trouble) == (CustomerStep.TAKE_RECEIPT, None)
    assert books(counter) == (-500_000, -500_000, 0, 0)
    assert counter.services.desks.teller(counter.teller).todos == []


def test_suspense_explained_after_the_case_failed(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    movement = counter.seen(case_id).cash
    assert movement is not None
    counter.machine.outcome(case_id, known=False)
    view = counter.desk.resolve(case_id, "end_case")
    assert (view.state, view.end_code, view.end_text) == (CaseState.FAILED, "cash.suspense", "S-1122-01")
    view = counter.machine.outcome(case_id, movement.movement_id, taken={"100": 10})
    assert view.state is CaseState.FAILED
    assert view.voucher is not None
    assert counter.press.issued[-1].amount_minor == 100_000
    assert books(counter) == (-100_000, -100_000, 0, 0)


@pytest.mark.parametrize(
    ("later", "change"),
    [({"stored": {"100": 12}}, (120_000, 120_000, 0, 0)), ({"returned": {"100": 12}}, (0, 0, 0, 0)),
     ({"stored": {"100": 5}, "returned": {"100": 7}}, (50_000, 50_000, 0, 0))],
)  # fmt: skip
def test_a_deposit_of_unknown_outcome(
    counter: Counter, later: dict[str, Any], change: tuple[int, int, int, int]
) -> None:
    case_id = counter.visits.ready_deposit({"100": 12})
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    counter.machine.outcome(case_id, known=False)
    assert books_of_deposit(counter) == (0, 120_000, 120_000)
    counter.machine.outcome(case_id, **later)
    assert books_of_deposit(counter) == (change[0], change[1], 0)


def books_of_deposit(counter: Counter) -> tuple[int, int, int]:
    counter.books.are_right()
    cash, unexplained = counter.books.balance(machine_cash("K-02")) - INSIDE, counter.books.balance(suspense("K-02"))
    return counter.books.balance(ACCOUNT) - START, cash, unexplained


def test_a_deposit_given_back_books_nothing(counter: Counter) -> None:
    case_id = counter.visits.ready_deposit({"100": 12})
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    view = counter.machine.outcome(case_id, returned={"100": 12}, error="device.jam")
    assert view.trouble is not None
    assert (view.trouble.code, boxes(view)) == ("trouble.deposit_returned", (0, 0, 120_000))
    view = counter.desk.resolve(case_id, "end_case")
    assert (view.state, view.customer_step) == (CaseState.CANCELLED, CustomerStep.TAKE_CARD)
    assert books_of_deposit(counter) == (0, 0, 0)


def test_a_cancelled_deposit_gives_cash_and_card_back_first(counter: Counter) -> None:
    case_id = counter.visits.ready_deposit({"100": 12})
    counter.services.closing.cancel(new_key(), counter.teller, case_id, wire.Cancel(reason="customer_refused"))
    assert counter.seen(case_id).customer_step is CustomerStep.RETURN_CASH
    counter.machine.moving(case_id)
    view = counter.machine.outcome(case_id, returned={"100": 12})
    assert view.customer_step is CustomerStep.TAKE_CARD
    counter.customer.card(case_id, CardState.TAKEN)
    assert counter.seen(case_id).customer_step is CustomerStep.GOODBYE
    assert books_of_deposit(counter) == (0, 0, 0)


def test_cancelling_a_posted_payout_reverses_it_before_it_moves(counter: Counter) -> None:
    case_id = counter.visits.ready_withdrawal()
    counter.desk.execute(case_id)
    counter.services.closing.cancel(new_key(), counter.teller, case_id, wire.Cancel(reason="teller"))
    view = counter.seen(case_id)
    assert view.cash is not None
    assert (view.state, view.cash.state) == (CaseState.CANCELLED, CashState.REVERSED)
    assert books(counter) == (0, 0, 0, 0)


def test_nothing_is_cancelled_while_notes_move(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    with pytest.raises(UserError, match=r"cash.in_motion"):
        counter.services.closing.cancel(new_key(), counter.teller, case_id, wire.Cancel(reason="teller"))
    with pytest.raises(UserError, match=r"cash.in_motion"):
        counter.services.closing.leave(new_key(), counter.kiosk, case_id)


def test_card_before_cash(counter: Counter) -> None:
    case_id = counter.visits.ready_withdrawal()
    counter.desk.execute(case_id)
    with pytest.raises(UserError, match=r"cash.card_first"):
        counter.machine.moving(case_id)


def test_the_same_outcome_twice_books_once(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, taken={"100": 50})
    counter.machine.outcome(case_id, taken={"100": 50})
    assert books(counter) == (-500_000, -500_000, 0, 0)
    counter.machine.outcome(case_id, taken={"100": 40})
    assert books(counter) == (-500_000, -500_000, 0, 0), "what it says after the end is for persons to read"


@pytest.mark.expects_log("voucher failed")
def test_a_seal_that_fails_leaves_money_right_and_can_be_repeated(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    counter.press.fails = ServiceError("keys.unreadable")
    view = counter.machine.outcome(case_id, taken={"100": 50})
    assert view.trouble is not None
    assert (view.trouble.code, view.trouble.choices) == ("trouble.voucher_failed", ["retry_voucher"])
    assert books(counter) == (-500_000, -500_000, 0, 0)
    counter.press.fails = None
    view = counter.desk.resolve(case_id, "retry_voucher")
    assert (view.trouble, view.customer_step) == (None, CustomerStep.TAKE_RECEIPT)


def test_vouchers_left_unmade_are_made_at_the_next_start(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id = counter.visits.payout_begun()
    with monkeypatch.context() as stopped:
        stopped.setattr(counter.services.vouchers, "make_if_due", lambda case_id: None)
        counter.machine.outcome(case_id, taken={"100": 50})
    assert counter.seen(case_id).customer_step is CustomerStep.WAIT_EXECUTION
    assert counter.services.vouchers.make_all_due() == 1
    assert counter.seen(case_id).customer_step is CustomerStep.TAKE_RECEIPT


def test_more_notes_make_a_new_count_of_the_same_movement(counter: Counter) -> None:
    case_id = counter.customer.arrive(Scenario.DEPOSIT)
    counter.desk.answer(case_id)
    counter.customer.put_in(case_id, {"100": 2})
    first = counter.seen(case_id).cash
    counter.customer.put_in(case_id, {"100": 5})
    second = counter.seen(case_id).cash
    assert first is not None
    assert second is not None
    assert (second.movement_id, second.amount.minor) == (first.movement_id, 50_000)


def test_a_payout_that_came_back_is_no_earlier_withdrawal(counter: Counter) -> None:
    case_id = counter.visits.payout_begun("9000")
    counter.machine.outcome(case_id, error="device.jam")
    with counter.database.read() as unit:
        largest = unit.ledger.largest_out(ACCOUNT, date(2026, 11, 1), ["cash.payout"])
        assert largest is None
    counter.desk.resolve(case_id, "retry_payout")
    with counter.database.read() as unit:
        assert unit.ledger.largest_out(ACCOUNT, date(2026, 11, 1), ["cash.payout"]) == Money(900_000)
