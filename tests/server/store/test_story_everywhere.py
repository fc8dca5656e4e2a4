"""The whole withdrawal and deposit through the services, on every database."""

from pathlib import Path

from common.wire.cases import CardState, CaseState, FieldSource
from teller.ledger.bookings import customer_account
from tests.fakes.counter import Counter

ACCOUNT = customer_account("9999004182394821")


def test_a_withdrawal_and_a_deposit(url: str, tmp_path: Path) -> None:
    counter = Counter(tmp_path, url=url, seed_bank=True)
    try:
        counter.report()
        case_id = counter.arrive()
        counter.answer(case_id)
        counter.identify(case_id)
        counter.fill(case_id, FieldSource.TYPED, amount="20000")
        counter.submit(case_id)
        counter.assign(case_id)
        counter.decide(case_id)
        counter.consent(case_id)
        counter.execute(case_id)
        counter.card(case_id, CardState.TAKEN)
        counter.moving(case_id)
        counter.outcome(case_id, taken={"100": 150}, error="device.jam")
        counter.books_are_right()
        counter.resolve(case_id, "end_case")
        assert counter.end_visit(case_id).state is CaseState.COMPLETED
        deposit = counter.ready_deposit({"100": 12})
        counter.execute(deposit)
        counter.moving(deposit)
        counter.outcome(deposit, stored={"100": 12})
        assert counter.balance(ACCOUNT) == 6_831_255 - 1_500_000 + 120_000
        counter.books_are_right()
        assert counter.services.lookup.cases(counter.teller, "顾", None, mine=True, limit=9)
    finally:
        counter.close()
