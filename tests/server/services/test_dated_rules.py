"""Dated rules over later business: sums of a day and a year, an agent's third account, an oral report that lapses."""

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import FieldSource
from server.lapsing import Lapsing
from server.sending import Sending
from tests.fakes.counter import Counter, new_key
from tests.server.services.test_account_opening import TYPED, choose, gathered, on_site
from tests.server.services.test_more_scenarios import GU, SEND, carried_out, ended, opened, record

DAY_S = 86_400


def made_second_class(counter: Counter, bound: str = "") -> None:
    """The demo customer's account, turned into one of class II."""
    with counter.database.write() as unit:
        account = unit.customers.find("account", GU)
        assert account is not None
        unit.customers.put("account", GU, {**account, "account_class": "2", "bound_account": bound or None})


def told(counter: Counter, case_id: str) -> dict[str, int]:
    """What the notice of the account's class says is left today."""
    notice = next(one for one in counter.seen(case_id).notices if one.code == "A-212")
    assert notice.left is not None
    return {name: int(str(value)) for name, value in notice.left.params.items()}


def test_class_two_sums_over_later_business_are_told_and_refused(counter: Counter) -> None:
    made_second_class(counter)
    carried_out(counter, opened(counter, "transfer", **SEND | {"tr_amount": "7000.00"}))
    case_id = opened(counter, "transfer", **SEND | {"tr_amount": "3000.01"})
    assert told(counter, case_id) == {"in": 10_000_00, "out": 3_000_00}
    seen = counter.seen(case_id).form.problems
    assert [(one.field, one.code) for one in seen] == [("tr_amount", "class_limit.day_out")]
    with pytest.raises(UserError, match=r"form.incomplete"):
        counter.desk.submit(case_id)
    ended(counter, case_id)
    counter.clock.pass_(DAY_S)
    assert told(counter, opened(counter, "transfer")) == {"in": 10_000_00, "out": 10_000_00}, "another day"


def test_the_bound_account_is_free_and_money_that_came_back_does_not_count(counter: Counter) -> None:
    made_second_class(counter, bound="6222000000001")
    for _ in range(2):
        carried_out(counter, opened(counter, "transfer", **SEND | {"tr_amount": "7000.00"}))
    other = {**SEND, "payee_account": "6222000000002", "tr_timing": "次日到账", "tr_amount": "9000.00"}
    carried_out(counter, opened(counter, "transfer", **other))
    order = counter.press.issued[-1].blocks[0].lines[0].value
    carried_out(counter, opened(counter, "transfer_revoke", tr_order=order))
    with counter.database.read() as unit:
        _, went = unit.turnover.of(f"2011:{GU}", counter.parts.today())
    assert went.day == 0
    assert went.year > 0, "the demo year's own history"


def test_a_payee_here_that_is_full_sends_a_waiting_transfer_back(counter: Counter) -> None:
    payee = next(card["pan"] for name, card in counter.cards.items() if name != "顾南枝")
    send = {**SEND, "payee_account": payee, "tr_timing": "普通到账"}
    carried_out(counter, opened(counter, "transfer", **send))
    order = counter.press.issued[-1].blocks[0].lines[0].value
    before = counter.books.balance(f"2011:{GU}")
    with counter.database.write() as unit:
        account = unit.customers.find("account", payee)
        assert account is not None
        unit.customers.put("account", payee, {**account, "account_class": "3"})
    case_id = opened(counter, "transfer", **send | {"tr_timing": "实时到账"})
    with pytest.raises(UserError, match=r"transfer.payee_limit"):
        counter.desk.submit(case_id)
    counter.clock.pass_(7_200)
    assert Sending(counter.parts).send_due() == 1
    assert counter.books.balance(f"2011:{GU}") == before + 5_000_00
    assert record(counter, "transfer", order)["status"] == "returned"
    counter.books.are_right()


def test_an_agent_opens_at_most_three_accounts_here(counter: Counter) -> None:
    agent = {"acting": "代办", "agent_name": "韩立言", "agent_id": "999999198111230010"}
    with counter.database.write() as unit:
        cells = {"customer_id": "c", "subject": agent["agent_id"], "status": "active"}
        for number in [card["pan"] for card in counter.cards.values()][:2]:
            unit.products.put("agency", number, cells, "earlier", counter.clock.now())
    case_id = on_site(counter)
    gathered(counter, case_id)
    choose(counter, case_id, "open_class_2", "open_class_3")
    counter.desk.fill(
        case_id, FieldSource.TYPED, **TYPED, **agent, agent_phone="19900007788", agent_reason="住院，电话核实"
    )
    barred = {one.code: one.barred for one in counter.seen(case_id).transactions if one.barred is not None}
    assert {code: (bar.code, bar.params["held"]) for code, bar in barred.items()} == {
        "open_class_3": ("bar.agent_count", 2)
    }
    counter.desk.fill(case_id, FieldSource.TYPED, bound_card="6222021234567894")
    with pytest.raises(UserError, match=r"bar.agent_count"):
        counter.desk.submit(case_id)


def test_an_oral_report_lapses_after_its_days_unless_it_is_put_in_writing(counter: Counter) -> None:
    carried_out(counter, opened(counter, "loss_report", loss_way="口头挂失"))
    lapsing = Lapsing(counter.parts)
    counter.clock.pass_(5 * DAY_S)
    assert (lapsing.lapse_due(), record(counter, "loss", GU)["until"]) == (0, "2026-11-27")
    todos = counter.services.desks.teller(counter.teller).todos
    assert [one.params["account"] for one in todos if one.code == "todo.loss_lapses"] == ["4821"]
    counter.clock.pass_(DAY_S)
    assert (lapsing.lapse_due(), lapsing.lapse_due()) == (1, 0)
    assert record(counter, "loss", GU)["status"] == "lapsed"
    counter.customer.arrive()


def test_put_in_writing_it_stays(counter: Counter) -> None:
    carried_out(counter, opened(counter, "loss_report", loss_way="口头挂失"))
    case_id = opened(counter, "loss_report", loss_way="书面挂失")
    carried_out(counter, case_id)
    counter.clock.pass_(30 * DAY_S)
    assert Lapsing(counter.parts).lapse_due() == 0
    with pytest.raises(UserError, match=r"account.not_active"):
        counter.customer.arrive()
    body = wire.ReverseCase(reason="wrong_data")
    with pytest.raises(UserError, match=r"reversal.next_day"):
        counter.services.reversal.reverse(new_key(), counter.teller, case_id, body)
