"""Keys, retries, refusals, races."""

import threading

import pytest

from common.errors import ServiceError, UserError
from common.wire import cases as wire
from common.wire.cases import CaseState, Scenario
from teller.ledger.bookings import clearing
from tests.fakes.counter import Counter, new_key


def test_a_retry_gets_the_stored_outcome_and_books_once(counter: Counter) -> None:
    case_id, key = counter.visits.ready_withdrawal(), new_key()
    counter.desk.execute(case_id, key)
    said = len(counter.notifier.said)
    assert counter.desk.execute(case_id, key).state is CaseState.EXECUTING
    assert counter.books.balance(clearing("K-02")) == 500_000
    assert len(counter.notifier.said) == said, "a retry tells nobody anything"


def test_a_key_is_for_one_command_of_one_person(counter: Counter) -> None:
    key, body = new_key(), wire.OpenCase(scenario=Scenario.WITHDRAWAL)
    case_id = counter.services.opening.open(key, counter.kiosk, body)
    assert counter.services.opening.open(key, counter.kiosk, body) == case_id
    for other in (wire.OpenCase(scenario=Scenario.DEPOSIT), wire.OpenCase(scenario=Scenario.WITHDRAWAL, language="en")):
        with pytest.raises(UserError, match=r"command.key_reused"):
            counter.services.opening.open(key, counter.kiosk, other)
    with pytest.raises(UserError, match=r"command.key_reused"):
        counter.services.closing.leave(key, counter.kiosk, case_id)
    with pytest.raises(UserError, match=r"command.key_missing"):
        counter.services.opening.open("no uuid", counter.kiosk, body)


def test_a_refusal_is_stored_too(counter: Counter) -> None:
    case_id, key = counter.customer.arrive(), new_key()
    for _ in range(2):
        with pytest.raises(UserError, match=r"ticket.not_ringing_here"):
            counter.services.opening.answer(key, counter.teller, case_id)
    assert counter.services.queue.ring(case_id, "T-03")
    with pytest.raises(UserError, match=r"ticket.not_ringing_here"):
        counter.services.opening.answer(key, counter.teller, case_id)
    counter.services.opening.answer(new_key(), counter.teller, case_id)


def test_a_failing_store_keeps_approval_and_consent(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    case_id, key = counter.visits.ready_withdrawal(), new_key()

    def broken(*_: object) -> None:
        raise ServiceError("store.unavailable")

    with monkeypatch.context() as failing:
        failing.setattr("server.store.ledgerbook.LedgerBook.post", broken)
        with pytest.raises(ServiceError) as failure:
            counter.desk.execute(case_id, key)
    assert failure.value.retryable
    assert counter.seen(case_id).state is CaseState.AUTHORISED
    counter.books.are_right()
    assert counter.desk.execute(case_id, key).state is CaseState.EXECUTING, "the same key, nobody asked again"


def test_two_tellers_take_one_customer(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def take(number: str) -> None:
        start.wait(10)
        try:
            counter.services.opening.take(new_key(), counter.person(number), case_id)
            outcomes.append("taken")
        except UserError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=take, args=(number,)) for number in ("T-03", "T-05")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(outcomes) == ["taken", "ticket.taken"]


def test_the_same_key_at_the_same_moment_runs_once(counter: Counter) -> None:
    case_id, key = counter.visits.ready_withdrawal(), new_key()
    start = threading.Barrier(3)

    def execute() -> None:
        start.wait(10)
        counter.services.execution.execute(key, counter.teller, case_id)

    threads = [threading.Thread(target=execute) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert counter.books.balance(clearing("K-02")) == 500_000
    counter.books.are_right()


def test_everybody_concerned_is_told_after_commit(counter: Counter) -> None:
    case_id = counter.customer.arrive()
    counter.notifier.said.clear()
    counter.desk.answer(case_id)
    version = counter.seen(case_id).version
    assert ("case_changed", case_id, str(version), "K-02", "T-03") in counter.notifier.said
    assert ("queue_changed",) in counter.notifier.said
    counter.services.closing.cancel(new_key(), counter.teller, case_id, wire.Cancel(reason="teller"))
    assert ("case_ended", case_id) in counter.notifier.said
