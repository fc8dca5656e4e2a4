"""What comes out of suspense counts for what it is: a payout taken back, or a deposit that came late."""

from server.services.history import month_figures
from teller.ledger.bookings import customer_account
from tests.fakes.counter import Counter

ACCOUNT = customer_account("9999004182394821")
CASH_OUT = ("cash.payout", "cash.elsewhere")


def day_of(counter: Counter) -> tuple[int, int]:
    """What came and what went today."""
    with counter.database.read() as unit:
        came, went = unit.turnover.of(ACCOUNT, counter.parts.today())
        return came.day, went.day


def withdrawn(counter: Counter) -> tuple[int, int]:
    """This month, and the largest one of the year."""
    today = counter.parts.today()
    with counter.database.read() as unit:
        largest = unit.ledger.largest_out(ACCOUNT, today.replace(month=1, day=1), CASH_OUT)
        return month_figures(unit, ACCOUNT, today)[-1].withdrawn.minor, largest.minor if largest is not None else 0


def taken_back(counter: Counter) -> tuple[str, str]:
    """A payout of which nobody could say what became of it. The case, and the movement."""
    case_id = counter.visits.payout_begun()
    cash = counter.seen(case_id).cash
    assert cash is not None
    counter.machine.outcome(case_id, known=False, error="cash.outcome_unknown")
    return case_id, cash.movement_id


def late_deposit(counter: Counter) -> None:
    case_id = counter.visits.ready_deposit({"100": 30})
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    counter.machine.outcome(case_id, known=False)
    counter.machine.outcome(case_id, stored={"100": 30})
    counter.books.are_right()


def paid(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, taken={"100": 50})
    counter.visits.end(case_id)


def test_a_payout_of_which_nothing_was_taken_is_no_withdrawal(counter: Counter) -> None:
    before, day = withdrawn(counter), day_of(counter)
    case_id, movement_id = taken_back(counter)
    counter.machine.outcome(case_id, movement_id, taken={})
    assert (withdrawn(counter), day_of(counter)) == (before, day)
    counter.books.are_right()


def test_of_a_payout_that_came_back_in_part_the_rest_was_withdrawn(counter: Counter) -> None:
    _, day = withdrawn(counter), day_of(counter)
    case_id, movement_id = taken_back(counter)
    counter.machine.outcome(case_id, movement_id, taken={"100": 20})
    assert day_of(counter) == (day[0], day[1] + 200_000)
    assert withdrawn(counter)[1] == 200_000
    counter.books.are_right()


def test_a_deposit_that_came_late_is_a_deposit_and_takes_no_withdrawal_back(counter: Counter) -> None:
    paid(counter)
    figures, day = withdrawn(counter), day_of(counter)
    late_deposit(counter)
    assert (withdrawn(counter), day_of(counter)) == (figures, (day[0] + 300_000, day[1]))


def test_a_payout_of_yesterday_that_is_taken_back_today_makes_no_room_for_today(counter: Counter) -> None:
    case_id, movement_id = taken_back(counter)
    counter.desk.resolve(case_id, "end_case")
    counter.clock.pass_(24 * 3600)
    counter.machine.report()
    paid(counter)
    day = day_of(counter)
    counter.machine.outcome(case_id, movement_id, taken={})
    assert day_of(counter) == day
    counter.books.are_right()
