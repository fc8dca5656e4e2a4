"""One customer from arrival to goodbye, in each direction."""

from common.wire.cases import CardState, CaseState, CashState, CustomerStep, FieldSource, TicketState
from teller.ledger.bookings import clearing, customer_account, machine_cash
from tests.fakes.counter import Counter

ACCOUNT = "9999004182394821"
START = 6_831_255
INSIDE = 400 * 10_000 + 40 * 5_000 + 50 * 2_000 + 100 * 1_000


def test_a_large_withdrawal_with_remote_authorisation(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    assert counter.seen(case_id).customer_step is CustomerStep.QUEUE
    counter.desk.answer(case_id)
    assert ("start", case_id, "T-03", "K-02") in counter.calls.made
    counter.desk.identify(case_id)
    counter.desk.fill(case_id, FieldSource.TYPED, amount="20,000.00")
    view = counter.desk.submit(case_id)
    assert view.state is CaseState.AWAITING_AUTHORISATION
    assert view.authorisation is not None
    assert [reason.code for reason in view.authorisation.reasons] == ["rule.amount_above_teller_limit"]
    assert ("task_queued",) in counter.notifier.said
    counter.review.assign(case_id)
    view = counter.review.decide(case_id)
    assert (view.state, view.customer_step) == (CaseState.AUTHORISED, CustomerStep.CONFIRM)
    counter.customer.consent(case_id)
    view = counter.desk.execute(case_id)
    assert (view.state, view.customer_step) == (CaseState.EXECUTING, CustomerStep.TAKE_CARD)
    assert counter.books.balance(clearing("K-02")) == 2_000_000
    counter.customer.card(case_id, CardState.TAKEN)
    assert counter.seen(case_id).customer_step is CustomerStep.TAKE_CASH
    counter.machine.moving(case_id)
    view = counter.machine.outcome(case_id, taken={"100": 200})
    assert view.cash is not None
    assert view.cash.state is CashState.SETTLED
    assert view.voucher is not None
    assert view.customer_step is CustomerStep.TAKE_RECEIPT
    view = counter.visits.end(case_id)
    assert (view.state, view.customer_step) == (CaseState.COMPLETED, CustomerStep.GOODBYE)
    assert view.ticket.state is TicketState.LEFT
    assert counter.books.balance(customer_account(ACCOUNT)) == START - 2_000_000
    assert counter.books.balance(machine_cash("K-02")) == INSIDE - 2_000_000
    assert counter.books.balance(clearing("K-02")) == 0
    counter.books.are_right()


def test_a_deposit_of_mixed_notes(counter: Counter) -> None:
    case_id = counter.visits.ready_deposit({"100": 12, "20": 3})
    view = counter.desk.execute(case_id)
    assert view.customer_step is CustomerStep.STORE_CASH
    counter.machine.moving(case_id)
    view = counter.machine.outcome(case_id, stored={"100": 12, "20": 3})
    assert view.customer_step is CustomerStep.TAKE_CARD
    counter.customer.card(case_id, CardState.TAKEN)
    view = counter.visits.end(case_id)
    assert view.state is CaseState.COMPLETED
    assert counter.books.balance(customer_account(ACCOUNT)) == START + 126_000
    assert counter.books.balance(machine_cash("K-02")) == INSIDE + 126_000
    counter.books.are_right()


def test_the_teller_may_finish_without_a_rating(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, taken={"100": 50})
    counter.services.closing.finish("f" * 32, counter.teller, case_id)
    view = counter.seen(case_id)
    assert (view.state, view.customer_step) == (CaseState.COMPLETED, CustomerStep.GOODBYE)
    assert counter.services.desks.teller(counter.teller).served == 1
