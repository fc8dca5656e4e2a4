"""The whole voucher on paper, through the services: asked for after the receipt, registered, never in the way."""

from typing import Any

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CaseState, CustomerStep
from common.wire.vouchers import SheetsPrinted
from server.services.registers import Asked
from teller.registers import Register
from tests.fakes.counter import Counter, new_key

S = CustomerStep


def at_the_stars(counter: Counter) -> str:
    """A withdrawal is done and its receipt printed."""
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, taken={"100": 50})
    counter.services.closing.receipt(new_key(), counter.kiosk, case_id, wire.ReceiptResult(printed=True))
    return case_id


def want(counter: Counter, case_id: str) -> wire.CaseView:
    counter.services.sheets.wanted(new_key(), counter.kiosk, case_id)
    return counter.seen(case_id)


def printed(counter: Counter, case_id: str, outcome: Any, count: int = 1, error: str | None = None) -> wire.CaseView:
    counter.services.sheets.begun(new_key(), counter.kiosk, case_id)
    body = SheetsPrinted(outcome=outcome, count=count, error=error)
    counter.services.sheets.printed(new_key(), counter.kiosk, case_id, body)
    return counter.seen(case_id)


def plan(view: wire.CaseView) -> list[str]:
    return [item.state for item in view.plan if item.code == "plan.print_voucher"]


def test_it_is_printed_registered_and_seen_by_the_teller(counter: Counter) -> None:
    case_id = at_the_stars(counter)
    assert plan(counter.seen(case_id)) == []
    assert (want(counter, case_id).customer_step, plan(counter.seen(case_id))) == (S.PRINT_VOUCHER, ["doing"])
    done = printed(counter, case_id, "taken", 2)
    assert (done.customer_step, plan(done)) == (S.RATE, ["done"])
    assert done.voucher is not None
    assert done.voucher.sheets is not None
    assert (done.voucher.sheets.state, done.voucher.sheets.count, done.voucher.sheets.again) == ("taken", 2, False)
    page = counter.services.registers.page(counter.teller, Register.PAPERS, Asked(), None, 50)
    [line] = [row for row in page.rows if row.kind == "voucher.printed"]
    assert (line.subject, line.who, line.details["outcome"], line.details["sheets"]) == (
        done.voucher.number, "K-02", "taken", 2,
    )  # fmt: skip
    with pytest.raises(UserError, match=r"voucher.printed_enough"):
        want(counter, case_id)


def test_what_fails_may_be_asked_for_again_a_few_times(counter: Counter) -> None:
    case_id = at_the_stars(counter)
    for outcome, state in (("failed", "failed"), ("retained", "compensated"), ("unknown", "failed")):
        want(counter, case_id)
        assert plan(printed(counter, case_id, outcome, 0, "device.paper_out")) == [state]
    with pytest.raises(UserError, match=r"voucher.printed_enough"):
        want(counter, case_id)
    assert counter.seen(case_id).voucher.sheets.again is False  # type: ignore[union-attr]
    counter.services.closing.rating(new_key(), counter.kiosk, case_id, wire.Rating(stars=4))
    assert counter.seen(case_id).state is CaseState.COMPLETED


def test_it_comes_after_the_receipt(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    counter.machine.outcome(case_id, taken={"100": 50})
    with pytest.raises(UserError, match=r"step.not_now"):
        want(counter, case_id)
    with pytest.raises(UserError, match=r"step.not_now"):
        counter.services.sheets.begun(new_key(), counter.kiosk, case_id)
    counter.services.closing.receipt(new_key(), counter.kiosk, case_id, wire.ReceiptResult(printed=False))
    want(counter, case_id)
    printed(counter, case_id, "taken")
    with pytest.raises(UserError, match=r"step.not_now"):
        printed(counter, case_id, "taken")


@pytest.mark.parametrize("begun", [False, True])
def test_staff_do_not_end_a_case_over_a_machine_that_prints(counter: Counter, begun: bool) -> None:
    case_id = at_the_stars(counter)
    want(counter, case_id)
    if begun:
        counter.services.sheets.begun(new_key(), counter.kiosk, case_id)
    with pytest.raises(UserError, match=r"handing.machine_first"):
        counter.services.closing.finish(new_key(), counter.teller, case_id)
    after = wire.StartCase(scenario="channels", after=case_id)
    with pytest.raises(UserError, match=r"handing.machine_first"):
        counter.services.scenarios.start(new_key(), counter.teller, after)
    counter.presence.away.add(counter.kiosk.number)
    counter.services.closing.finish(new_key(), counter.teller, case_id)
    assert said(counter, case_id) == (CaseState.COMPLETED, ["failed"], ["unknown"])
    body = SheetsPrinted(outcome="taken", count=1)
    counter.services.sheets.printed(new_key(), counter.kiosk, case_id, body)
    assert said(counter, case_id) == (CaseState.COMPLETED, ["done"], ["taken", "unknown"])
    with pytest.raises(UserError, match=r"step.not_now"):
        counter.services.sheets.printed(new_key(), counter.kiosk, case_id, body)


def test_a_customer_who_leaves_while_it_is_printed_leaves_no_open_sheet(counter: Counter) -> None:
    case_id = at_the_stars(counter)
    want(counter, case_id)
    counter.services.closing.leave(new_key(), counter.kiosk, case_id)
    assert said(counter, case_id) == (CaseState.COMPLETED, ["failed"], ["unknown"])


def said(counter: Counter, case_id: str) -> tuple[CaseState, list[str], list[Any]]:
    """The case, its plan, and the register of papers, newest first."""
    page = counter.services.registers.page(counter.teller, Register.PAPERS, Asked(), None, 50)
    view = counter.seen(case_id)
    return view.state, plan(view), [row.details["outcome"] for row in page.rows if row.kind == "voucher.printed"]


def test_another_machine_has_nothing_to_say(counter: Counter) -> None:
    case_id = at_the_stars(counter)
    with pytest.raises(UserError, match=r"case.forbidden"):
        counter.services.sheets.wanted(new_key(), counter.teller, case_id)
