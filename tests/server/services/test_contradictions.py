"""A machine that is sure of what cannot be: never refused, in suspense as the counters say, two persons close it."""

from typing import Any

import pytest

from common.wire.base import Notes
from common.wire.cases import CaseState
from common.wire.cash import DecideClosing, ProposeClosing, SuspenseView
from teller.ledger.bookings import clearing, customer_account, machine_cash, suspense
from teller.ledger.chart import Role, account_code
from teller.registers import SUSPENSE_LATER
from tests.fakes.counter import Counter, new_key

ACCOUNTS = (
    customer_account("9999004182394821"), machine_cash("K-02"), clearing("K-02"), suspense("K-02"),
    account_code(Role.CASH_SHORT, "K-02"),
)  # fmt: skip
CONFIRMED: Notes = {"100": 6}


@pytest.fixture(autouse=True)
def _an_account_for_what_is_missing(counter: Counter) -> None:
    with counter.database.write() as unit:
        unit.ledger.open_account(Role.CASH_SHORT, "K-02")


def books(counter: Counter) -> list[int]:
    """Account, the machine's cash, clearing, suspense, cash short."""
    counter.books.are_right()
    return [counter.books.balance(account) for account in ACCOUNTS]


def change(counter: Counter, before: list[int]) -> list[int]:
    return [now - then for now, then in zip(books(counter), before, strict=True)]


def item_of(counter: Counter) -> SuspenseView:
    (item,) = counter.services.suspense.items(counter.authoriser)
    return item


def close(counter: Counter, in_hand: Notes) -> None:
    work, item = counter.services.suspense, item_of(counter)
    body = ProposeClosing(in_hand=in_hand, reason="counted_at_machine")
    closing = work.propose(new_key(), counter.teller, item.movement_id, body)
    work.decide(new_key(), counter.authoriser, closing, DecideClosing(approved=True))
    assert work.items(counter.authoriser) == []


def storing(counter: Counter) -> str:
    case_id = counter.visits.ready_deposit(CONFIRMED)
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    return case_id


@pytest.mark.parametrize(
    ("said", "inside", "unknown_first"),
    [({"stored": {"100": 6, "50": 1}}, 65_000, False), ({"stored": {"100": 6, "50": 1}}, 65_000, True),
     ({"stored": {"50": 1}, "returned": {"100": 5}}, 5_000, True), ({"returned": {"100": 5}}, 0, False),
     ({"stored": {"100": 4}, "returned": {"100": 1}}, 40_000, False)],
)  # fmt: skip
def test_what_was_really_stored_is_in_suspense(
    counter: Counter, said: dict[str, Any], inside: int, unknown_first: bool
) -> None:
    before, case_id = books(counter), storing(counter)
    if unknown_first:
        counter.machine.outcome(case_id, known=False, error="cash.outcome_unknown")
    for _ in range(2):  # said again: the kiosk did not hear the answer
        view = counter.machine.outcome(case_id, **said)
        item = item_of(counter)
        assert change(counter, before) == [0, inside, 0, inside, 0]
        assert (item.amount.minor, item.in_question, item.stored) == (inside, said.get("stored", {}), item.in_question)
        assert (item.error, item.notes, item.returned) == ("cash.contradiction", CONFIRMED, said.get("returned", {}))
    assert view.trouble is not None
    assert (view.trouble.code, view.trouble.choices) == ("trouble.deposit_unknown", ["end_case"])
    assert counter.desk.resolve(case_id, "end_case").state is CaseState.FAILED


@pytest.mark.parametrize(("in_hand", "credited"), [({}, 65_000), ({"50": 1}, 60_000), ({"100": 6, "50": 1}, 0)])
def test_closing_it_uses_what_was_really_stored(counter: Counter, in_hand: Notes, credited: int) -> None:
    before, case_id = books(counter), storing(counter)
    counter.machine.outcome(case_id, stored={"100": 6, "50": 1})
    close(counter, in_hand)
    assert change(counter, before) == [credited, credited, 0, 0, 0]


@pytest.mark.parametrize(
    ("taken", "worth", "short", "in_hand"),
    [({"100": 51}, 510_000, 10_000, {"100": 51}), ({"100": 51}, 510_000, 10_000, {"100": 50}),
     ({"100": 51}, 510_000, 10_000, {"100": 20}), ({"50": 1}, 5_000, 0, {"50": 1}), ({"50": 100}, 500_000, 0, {})],
)  # fmt: skip
def test_a_payout_of_other_notes_follows_the_counters_and_then_the_persons(
    counter: Counter, taken: Notes, worth: int, short: int, in_hand: Notes
) -> None:
    before, case_id = books(counter), counter.visits.payout_begun()
    view = counter.machine.outcome(case_id, taken=taken)
    assert view.trouble is not None
    assert view.trouble.code == "trouble.cash_unknown"
    left_over = 500_000 - worth + short
    assert change(counter, before) == [-500_000, -worth, 0, left_over, short]
    assert item_of(counter).in_question == taken
    close(counter, in_hand)
    has = sum(int(face) * 100 * count for face, count in in_hand.items())
    over = max(0, has - 500_000)
    assert change(counter, before) == [-(has - over), -has, 0, 0, over]


def test_what_the_machine_says_of_it_later_is_written_down_and_changes_nothing(counter: Counter) -> None:
    before, case_id = books(counter), storing(counter)
    counter.machine.outcome(case_id, stored={"100": 6, "50": 1})
    counter.machine.outcome(case_id, stored=CONFIRMED)
    assert change(counter, before) == [0, 65_000, 0, 65_000, 0]
    with counter.database.read() as unit:
        assert len(list(unit.registers.about(item_of(counter).reference, (SUSPENSE_LATER,)))) == 1
