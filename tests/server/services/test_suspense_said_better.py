"""Notes that nobody could find, and of which the counters say later how many lie inside: the books follow at once."""

import pytest

from common.wire.base import Notes
from common.wire.cash import DecideClosing, ProposeClosing, SuspenseView
from teller.ledger.bookings import customer_account, machine_cash, suspense
from teller.registers import SUSPENSE_LATER
from tests.fakes.counter import Counter, new_key

ACCOUNT, CASH, SUSPENSE = customer_account("9999004182394821"), machine_cash("K-02"), suspense("K-02")


def unknown(counter: Counter) -> SuspenseView:
    """Five notes of 100 lay in escrow when the machine went away."""
    case_id = counter.visits.ready_deposit({"100": 5})
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    counter.machine.outcome(case_id, known=False, error="cash.outcome_unknown")
    return item_of(counter)


def item_of(counter: Counter) -> SuspenseView:
    (item,) = counter.services.suspense.items(counter.authoriser)
    return item


def pulled_in(counter: Counter, item: SuspenseView, stored: Notes | None = None) -> None:
    counter.machine.outcome(
        item.case_id, item.movement_id, known=False, stored=stored or {}, retracted={"100": 3}, error="cash.retracted"
    )


@pytest.mark.parametrize(("stored", "left"), [({}, 30_000), ({"100": 1}, 40_000), ({"100": 4}, 70_000)])
def test_only_the_notes_inside_stay_in_question(counter: Counter, stored: Notes, left: int) -> None:
    inside = counter.books.balance(CASH)
    first = unknown(counter)
    assert (counter.books.balance(SUSPENSE), counter.books.balance(CASH) - inside) == (50_000, 50_000)
    for _ in range(2):  # the kiosk did not hear that it was taken, and says it again
        pulled_in(counter, first, stored)
        counter.books.are_right()
        item = item_of(counter)
        assert (item.reference, item.since, item.amount.minor) == (first.reference, first.since, left)
        assert (counter.books.balance(SUSPENSE), counter.books.balance(CASH) - inside) == (left, left)


def test_two_persons_close_what_is_left_and_the_machine_changes_nothing_after_them(counter: Counter) -> None:
    before, inside = counter.books.balance(ACCOUNT), counter.books.balance(CASH)
    pulled_in(counter, unknown(counter))
    item, work = item_of(counter), counter.services.suspense
    body = ProposeClosing(in_hand={}, reason="counted_at_machine", note="three in the retract cassette")
    closing = work.propose(new_key(), counter.teller, item.movement_id, body)
    work.decide(new_key(), counter.authoriser, closing, DecideClosing(approved=True))
    pulled_in(counter, item)
    assert work.items(counter.authoriser) == []
    assert (counter.books.balance(ACCOUNT) - before, counter.books.balance(CASH) - inside) == (30_000, 30_000)
    assert counter.books.balance(SUSPENSE) == 0
    with counter.database.read() as unit:
        assert [line.data["retracted"] for line in unit.registers.about(item.reference, (SUSPENSE_LATER,))] == ["100×3"]
