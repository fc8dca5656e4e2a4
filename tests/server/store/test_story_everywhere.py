"""The whole withdrawal and deposit through the services, on every database."""

from pathlib import Path

from common.wire.cases import CardState, CaseState
from teller.ledger.bookings import customer_account
from tests.fakes.counter import Counter

ACCOUNT = customer_account("9999004182394821")


def test_a_withdrawal_and_a_deposit(url: str, tmp_path: Path) -> None:
    counter = Counter(tmp_path, url=url, seed_bank=True)
    try:
        counter.machine.report()
        case_id = counter.visits.identified("20000")
        counter.desk.submit(case_id)
        counter.review.assign(case_id)
        counter.review.decide(case_id)
        counter.customer.consent(case_id)
        counter.desk.execute(case_id)
        counter.customer.card(case_id, CardState.TAKEN)
        counter.machine.moving(case_id)
        counter.machine.outcome(case_id, taken={"100": 150}, error="device.jam")
        counter.books.are_right()
        counter.desk.resolve(case_id, "end_case")
        assert counter.visits.end(case_id).state is CaseState.COMPLETED
        deposit = counter.visits.ready_deposit({"100": 12})
        counter.desk.execute(deposit)
        counter.machine.moving(deposit)
        counter.machine.outcome(deposit, stored={"100": 12})
        assert counter.books.balance(ACCOUNT) == 6_831_255 - 1_500_000 + 120_000
        counter.books.are_right()
        assert counter.services.lookup.cases(counter.teller, "顾", None, mine=True, limit=9)
    finally:
        counter.close()
