"""Who must agree; and the request for it."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from common.errors import UserError
from common.wire.authorisation import Decision
from common.wire.cases import Scenario
from teller.authorisation.policy import CHECKS, Facts, decide
from teller.authorisation.request import Request, RequestState
from teller.authorisation.rules import RULES, Level
from teller.money import Money

AT = datetime(2026, 11, 22, 3, tzinfo=UTC)
TERM = timedelta(seconds=180)
PLAIN = Facts(
    scenario=Scenario.WITHDRAWAL, day=date(2026, 11, 22), amount=Money.major(5_000), limit=Money.major(10_000),
    face_score=91.0, face_threshold=80.0, face_same=True, birth=date(1990, 3, 7), largest_withdrawal=None,
    liveness=True,
)  # fmt: skip


def fired(**changed: object) -> tuple[Level, list[str], bool]:
    verdict = decide(replace(PLAIN, **changed), RULES)  # type: ignore[arg-type]
    return verdict.level, [reason.code.removeprefix("rule.") for reason in verdict.reasons], verdict.note


def test_the_rules_of_the_table() -> None:
    assert fired() == (Level.NONE, [], False)
    assert fired(amount=Money.major(10_000)) == (Level.NONE, [], False)
    assert fired(amount=Money(1_000_001)) == (Level.REMOTE, ["amount_above_teller_limit"], False)
    assert fired(limit=None) == (Level.REMOTE, ["amount_above_teller_limit"], False)
    assert fired(face_score=41.7, face_same=False) == (Level.REMOTE, ["face_below_threshold"], True)


def test_a_picture_that_may_show_no_original_needs_a_second_person_and_a_word() -> None:
    assert fired(doubted_papers=1) == (Level.REMOTE, ["original_doubted"], True)
    assert fired(doubted_papers=0)[0] is Level.NONE


def test_the_bank_sets_the_least_face_score_whatever_a_window_says() -> None:
    below = (Level.REMOTE, ["face_below_threshold"], True)
    assert fired(face_score=41.7, face_threshold=0.0, face_same=True) == below
    assert fired(face_score=85.0, face_threshold=90.0, face_same=True) == below
    assert fired(face_score=85.0, face_threshold=0.0, face_same=True) == (Level.NONE, [], False)


def test_the_first_large_withdrawal_of_an_elder() -> None:
    old = {"birth": date(1961, 8, 19), "amount": Money.major(10_000)}
    assert fired(**old) == (Level.REMOTE, ["first_large_withdrawal_of_elder"], False)
    assert fired(**old, largest_withdrawal=Money.major(3_000))[0] is Level.REMOTE
    assert fired(**old, largest_withdrawal=Money.major(10_000))[0] is Level.NONE
    assert fired(**old, scenario=Scenario.DEPOSIT)[0] is Level.NONE
    assert fired(birth=date(1990, 1, 1), amount=Money.major(10_000))[0] is Level.NONE


def test_a_rule_holds_on_its_days_only() -> None:
    large = {"amount": Money.major(50_000), "limit": Money.major(90_000)}
    assert fired(**large) == (Level.NONE, ["large_cash_registration"], True)
    assert fired(**large, day=date(2025, 12, 31)) == (Level.NONE, [], False)


def test_every_row_names_a_check_there_is() -> None:
    assert {rule.check for rule in RULES} <= set(CHECKS)
    assert all(rule.basis and (rule.valid_to is None or rule.valid_to >= rule.valid_from) for rule in RULES)


def request() -> Request:
    return Request("task", Level.REMOTE, (), "T-03", "", AT)


def refusal(call: object, *args: object) -> str:
    with pytest.raises(UserError) as refused:
        call(*args)  # type: ignore[operator]
    return refused.value.code


def test_the_maker_is_never_the_checker() -> None:
    assert refusal(request().assigned, "T-03", AT, TERM) == "task.maker_is_checker"
    opened = request().assigned("A-07", AT, TERM).opened("A-07", AT)
    assert refusal(opened.decided, "T-03", Decision.APPROVE, AT, None, "") == "task.maker_is_checker"


def test_a_task_is_decided_once_by_whom_it_is_with() -> None:
    opened = request().assigned("A-07", AT, TERM).opened("A-07", AT)
    assert refusal(opened.decided, "A-11", Decision.APPROVE, AT, None, "") == "task.not_yours"
    assert refusal(opened.decided, "A-07", Decision.REJECT, AT, None, "") == "task.reason_missing"
    done = opened.decided("A-07", Decision.APPROVE, AT, None, "")
    assert done.state is RequestState.APPROVED
    assert refusal(done.decided, "A-07", Decision.REJECT, AT, "x", "") == "task.decided"
    assert refusal(done.withdrawn, AT) == "task.wrong_state"


def test_time_over_and_passed_on() -> None:
    late = AT + TERM + timedelta(seconds=1)
    opened = request().assigned("A-07", AT, TERM).opened("A-07", AT)
    assert refusal(opened.decided, "A-07", Decision.APPROVE, late, None, "") == "task.expired"
    passed = opened.passed_on(late, "expired")
    assert (passed.state, passed.authoriser, passed.passed[0].authoriser) == (RequestState.QUEUED, None, "A-07")
    again = passed.assigned("A-11", late, TERM)
    assert refusal(again.opened, "A-07", late) == "task.expired"
    assert refusal(again.decided, "A-11", Decision.APPROVE, late, None, "") == "task.wrong_state"
    assert refusal(again.withdrawn(late).opened, "A-11", late) == "task.withdrawn"
