"""Deposit and withdrawal in one case: one confirmation, one signature; every way in which notes may fail."""

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CardState, CaseState, CaseView, CustomerStep, FieldSource
from tests.fakes.counter import Counter, new_key

GU = "2011:9999004182394821"
IN = {"100": 60, "50": 4}


def signed(counter: Counter, out: str = "2000.00", notes: dict[str, int] | None = None) -> str:
    """Up to where F9 executes."""
    counter.machine.report()
    body = wire.OpenCase(scenario="cash_in_out")
    case_id = counter.services.opening.open(new_key(), counter.kiosk, body)
    counter.customer.insert_card(case_id)
    counter.desk.answer(case_id)
    counter.desk.identify(case_id)
    counter.customer.put_in(case_id, IN if notes is None else notes)
    counter.desk.fill(case_id, FieldSource.TYPED, out_amount=out)
    counter.desk.submit(case_id)
    counter.customer.consent(case_id)
    return case_id


def stored(counter: Counter, case_id: str) -> CaseView:
    """Carried out, and the notes put in lie in the cassettes."""
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    return counter.machine.outcome(case_id, stored=IN)


def paying(counter: Counter, out: str = "2000.00") -> str:
    case_id = signed(counter, out)
    stored(counter, case_id)
    counter.customer.card(case_id, CardState.TAKEN)
    counter.machine.moving(case_id)
    return case_id


def states(seen: CaseView) -> dict[str, str]:
    return {item.code: item.state for item in seen.plan}


def test_in_then_out_with_one_confirmation_and_one_voucher_over_both(counter: Counter) -> None:
    before = counter.books.balance(GU)
    case_id = signed(counter)
    seen = counter.desk.execute(case_id)
    assert seen.customer_step is CustomerStep.STORE_CASH
    assert states(seen)["plan.pay_out"] == "todo"
    assert counter.books.balance(GU) == before, "nothing is booked before the notes are stored"
    counter.machine.moving(case_id)
    seen = counter.machine.outcome(case_id, stored=IN)
    assert seen.customer_step is CustomerStep.TAKE_CARD
    assert states(seen)["plan.store_cash"] == "done"
    counter.customer.card(case_id, CardState.TAKEN)
    assert counter.seen(case_id).customer_step is CustomerStep.TAKE_CASH
    counter.machine.moving(case_id)
    done = counter.machine.outcome(case_id, taken={"100": 20})
    assert counter.books.balance(GU) == before + 6_200_00 - 2_000_00
    assert counter.books.balance("2241:K-02") == 0
    assert done.voucher is not None
    blocks = counter.press.issued[-1].blocks
    assert [block.amount for block in blocks] == ["¥6,200.00", "¥2,000.00"]
    assert set(states(done).values()) == {"done", "doing"}
    assert counter.visits.end(case_id).state is CaseState.COMPLETED
    counter.books.are_right()


def test_more_may_come_out_than_lay_there_but_not_more_than_both(counter: Counter) -> None:
    case_id = signed(counter)
    counter.machine.report({"100": 1000})
    counter.desk.fill(case_id, FieldSource.TYPED, out_amount="74600.00")
    with pytest.raises(UserError, match=r"account.insufficient"):
        counter.desk.submit(case_id, note="大额")
    counter.desk.fill(case_id, FieldSource.TYPED, out_amount="74500.00")
    assert counter.desk.submit(case_id, note="大额").state is CaseState.AWAITING_AUTHORISATION
    with counter.database.read() as unit:
        assert unit.ledger.available(GU).minor == 68_312_55 - (74_500_00 - 6_200_00), "held beyond what comes in"


def test_notes_that_come_back_leave_nothing_behind_and_nothing_is_paid(counter: Counter) -> None:
    before = counter.books.balance(GU)
    case_id = signed(counter)
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    back = counter.machine.outcome(case_id, returned=IN, error="device.jam")
    assert back.trouble is not None
    assert back.trouble.code == "trouble.deposit_returned"
    ended = counter.desk.resolve(case_id, "end_case")
    assert ended.state is CaseState.CANCELLED
    assert ended.customer_step is CustomerStep.TAKE_CARD
    assert (counter.books.balance(GU), counter.books.balance("2241:K-02")) == (before, 0)
    counter.books.are_right()


@pytest.mark.expects_log("case not carried out")
def test_a_deposit_of_unknown_outcome_is_suspense_and_nothing_is_paid(counter: Counter) -> None:
    before = counter.books.balance(GU)
    case_id = signed(counter)
    counter.desk.execute(case_id)
    counter.machine.moving(case_id)
    lost = counter.machine.outcome(case_id, known=False, error="cash.outcome_unknown")
    assert lost.trouble is not None
    assert lost.trouble.code == "trouble.deposit_unknown"
    assert counter.desk.resolve(case_id, "end_case").state is CaseState.FAILED
    assert counter.books.balance(GU) == before
    assert counter.books.balance("2242:K-02") == 6_200_00
    counter.books.are_right()


def test_a_payout_that_jams_is_booked_back_and_the_deposit_stays(counter: Counter) -> None:
    before = counter.books.balance(GU)
    case_id = paying(counter)
    jam = counter.machine.outcome(case_id, error="device.jam")
    assert jam.trouble is not None
    assert jam.trouble.choices == ["retry_payout", "end_case"]
    assert jam.trouble.money is not None
    assert jam.trouble.money.account is not None
    assert jam.trouble.money.account.minor == 6_200_00
    assert counter.books.balance(GU) == before + 6_200_00
    counter.desk.resolve(case_id, "retry_payout")
    counter.machine.moving(case_id)
    part = counter.machine.outcome(case_id, taken={"100": 5}, error="device.jam")
    assert part.trouble is not None
    assert part.trouble.choices == ["end_case"], "a third try is not offered"
    done = counter.desk.resolve(case_id, "end_case")
    assert done.voucher is not None
    out = counter.press.issued[-1].blocks[1]
    assert out.amount == "¥500.00"
    assert any(line.value == "¥1,500.00" and line.label_zh == "未付，已入回账户" for line in out.lines)
    assert counter.books.balance(GU) == before + 6_200_00 - 500_00
    counter.books.are_right()


def test_a_payout_of_unknown_outcome_is_suspense_and_the_deposit_has_its_voucher(counter: Counter) -> None:
    before = counter.books.balance(GU)
    case_id = paying(counter)
    counter.machine.outcome(case_id, known=False, error="cash.outcome_unknown")
    failed = counter.desk.resolve(case_id, "end_case")
    assert failed.state is CaseState.FAILED
    assert failed.voucher is not None
    assert counter.press.issued[-1].amount_minor == 6_200_00
    assert counter.books.balance("2242:K-02") == 2_000_00
    counter.machine.outcome(case_id, failed.cash.movement_id if failed.cash else None, taken={})
    assert counter.books.balance("2242:K-02") == 0
    assert counter.books.balance(GU) == before + 6_200_00
    counter.books.are_right()


def test_whoever_walks_away_after_the_deposit_keeps_it_and_is_paid_nothing(counter: Counter) -> None:
    before = counter.books.balance(GU)
    case_id = signed(counter)
    stored(counter, case_id)
    counter.services.closing.leave(new_key(), counter.kiosk, case_id)
    seen = counter.seen(case_id)
    assert seen.voucher is not None
    assert seen.cash is not None
    assert counter.books.balance(GU) == before + 6_200_00
    assert counter.books.balance("2241:K-02") == 0
    counter.books.are_right()


def test_the_larger_amount_is_what_the_rules_look_at(counter: Counter) -> None:
    counter.machine.report()
    case_id = signed(counter, "500.00", {"100": 1})
    assert counter.seen(case_id).authorisation is None
    counter.desk.fill(case_id, FieldSource.TYPED, out_amount="10100.00")
    above = counter.desk.submit(case_id)
    assert above.authorisation is not None
    assert above.authorisation.reasons[0].code == "rule.amount_above_teller_limit"
