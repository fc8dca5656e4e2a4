"""冲正 by two persons: one asks, nothing happens; another one says yes or no; what no longer fits is told to both."""

from datetime import timedelta

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.authorisation import DecideTask, Decision
from tests.fakes.counter import Counter, new_key
from tests.server.services.test_more_scenarios import GU, SEND
from tests.server.services.test_more_scenarios import opened as begun

ASK = wire.ReverseCase(reason="wrong_data")


def sent(counter: Counter) -> str:
    case_id = begun(counter, "transfer", **SEND)
    counter.desk.submit(case_id)
    counter.customer.consent(case_id)
    counter.desk.execute(case_id)
    return case_id


def test_who_asks_decides_nothing_and_a_no_leaves_all_as_it_was(counter: Counter) -> None:
    case_id = sent(counter)
    after = counter.books.balance(f"2011:{GU}")
    counter.services.reversal.reverse(new_key(), counter.teller, case_id, ASK)
    seen = counter.seen(case_id)
    assert seen.reversal is not None
    assert (seen.reversal.state, seen.reversed_at) == ("queued", None)
    assert counter.books.balance(f"2011:{GU}") == after
    assert not counter.services.tasks.assign(seen.reversal.task_id, counter.teller.number)
    with pytest.raises(UserError, match=r"reversal.waits"):
        counter.services.reversal.reverse(new_key(), counter.teller, case_id, ASK)
    assert counter.services.tasks.assign(seen.reversal.task_id, counter.authoriser.number)
    task = counter.services.review.task(counter.authoriser, seen.reversal.task_id)
    assert task.kind == "reversal"
    assert task.case.reversal is not None
    assert [reason.code for reason in task.case.reversal.reasons] == ["rule.reversal_wrong_data"]
    counter.services.review.open(new_key(), counter.authoriser, seen.reversal.task_id)
    body = DecideTask(decision=Decision.REJECT, reason_code="wrong_data", evidence=[])
    counter.services.review.decide(new_key(), counter.authoriser, seen.reversal.task_id, body)
    refused = counter.seen(case_id)
    assert (refused.reversed_at, refused.state) == (None, wire.CaseState.EXECUTING)
    assert counter.books.balance(f"2011:{GU}") == after
    assert counter.review.reverse(case_id).reversed_at is not None
    assert counter.books.balance(f"2011:{GU}") == after + 5_000_00
    with counter.database.read() as unit:
        told = [(line.kind, line.who) for line in unit.registers.of_case(case_id) if line.kind.startswith("case.rev")]
    maker, checker = counter.teller.number, counter.authoriser.number
    assert told == [
        ("case.reversal_asked", maker), ("case.reversal_refused", checker),
        ("case.reversal_asked", maker), ("case.reversed", checker),
    ]  # fmt: skip
    counter.books.are_right()


def test_a_yes_on_the_next_day_undoes_nothing(counter: Counter) -> None:
    case_id = sent(counter)
    after = counter.books.balance(f"2011:{GU}")
    counter.services.reversal.reverse(new_key(), counter.teller, case_id, ASK)
    counter.clock.pass_(timedelta(days=1).total_seconds())
    asked = counter.seen(case_id).reversal
    assert asked is not None
    assert counter.services.tasks.assign(asked.task_id, counter.authoriser.number)
    counter.services.review.open(new_key(), counter.authoriser, asked.task_id)
    body = DecideTask(
        decision=Decision.APPROVE,
        evidence=[piece.digest for piece in counter.seen(case_id).evidence],
        seen_differences=[row.field for row in counter.seen(case_id).identity.sources if row.differs],
    )
    with pytest.raises(UserError, match=r"reversal.next_day"):
        counter.services.review.decide(new_key(), counter.authoriser, asked.task_id, body)
    assert counter.books.balance(f"2011:{GU}") == after
