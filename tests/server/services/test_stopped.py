"""Card or account stopped (a loss, a court) after F9, while notes move: none is lost, nothing wrong is booked."""

import pytest

from common.errors import UserError
from common.wire.cases import CashState
from common.wire.cash import DecideClosing, ProposeClosing
from tests.fakes.counter import Counter, new_key
from tests.server.services.test_in_and_out import IN, signed
from tests.server.services.test_more_scenarios import GU
from tests.server.services.test_rest_of_the_list import state
from tests.server.services.test_trouble import ACCOUNT, books, books_of_deposit

FROZEN = {"status": "frozen"}


def test_a_deposit_onto_an_account_frozen_meanwhile_is_suspense_that_two_persons_close(counter: Counter) -> None:
    case_id = counter.visits.ready_deposit({"100": 12})
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    state(counter, "account", GU, **FROZEN)
    seen = counter.machine.outcome(case_id, stored={"100": 12})
    assert seen.trouble is not None
    assert (seen.trouble.code, seen.trouble.params["error"]) == ("trouble.deposit_unknown", "account.not_active")
    assert books_of_deposit(counter) == (0, 120_000, 120_000)
    counter.machine.outcome(case_id, stored={"100": 12})
    assert books_of_deposit(counter) == (0, 120_000, 120_000), "the machine saying it again changes nothing"
    assert seen.cash is not None
    found = ProposeClosing(in_hand={}, reason="counted_at_machine", note="账户已解冻")
    closing = counter.services.suspense.propose(new_key(), counter.teller, seen.cash.movement_id, found)
    counter.services.suspense.decide(new_key(), counter.authoriser, closing, DecideClosing(approved=True))
    assert books_of_deposit(counter) == (120_000, 120_000, 0)


def test_where_notes_move_both_ways_nothing_is_paid_from_a_card_stopped_meanwhile(counter: Counter) -> None:
    before = counter.books.balance(ACCOUNT)
    case_id = signed(counter)
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    state(counter, "card", GU, status="lost")
    seen = counter.machine.outcome(case_id, stored=IN)
    assert seen.cash is not None
    assert seen.cash.state is CashState.SUSPENSE
    assert counter.books.balance(ACCOUNT) == before
    counter.books.are_right()


def test_a_payout_is_not_tried_again_from_an_account_frozen_meanwhile(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, error="device.jam")
    state(counter, "account", GU, **FROZEN)
    with pytest.raises(UserError, match=r"account.not_active"):
        counter.desk.resolve(case_id, "retry_payout")
    assert books(counter) == (0, 0, 0, 0)
    seen = counter.desk.resolve(case_id, "end_case")
    assert seen.state.value == "cancelled"
    counter.books.are_right()
