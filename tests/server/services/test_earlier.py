"""What a customer's other cases of the day leave for the next one, and to whom he sent money before."""

from dataclasses import replace

from common.wire import cases as wire
from common.wire.cases import FieldSource
from tests.fakes.counter import Counter, new_key
from tests.server.services.test_more_scenarios import SEND, carried_out, ended, opened


def test_what_was_typed_in_a_case_that_came_to_nothing_stands_in_the_next_with_its_number(counter: Counter) -> None:
    first = opened(counter, "transfer", **SEND)
    number = counter.seen(first).number
    ended(counter, first)
    values = counter.seen(opened(counter, "transfer")).form.values
    assert {name: values[name].value for name in SEND} == SEND
    assert {(values[name].source, values[name].origin) for name in SEND} == {(FieldSource.EARLIER, number)}
    looked_at = {name for name in SEND if values[name].unsure}
    assert looked_at == {"payee_account", "tr_amount"}, "where money goes, and how much"
    assert values["id_number"].source is FieldSource.OCR, "who he is, his papers say"


def test_what_was_carried_out_or_is_another_days_or_anothers_is_not_taken_over(counter: Counter) -> None:
    carried_out(counter, opened(counter, "transfer", **SEND))
    again = opened(counter, "transfer")
    assert "payee_account" not in counter.seen(again).form.values
    ended(counter, again)
    first = opened(counter, "transfer", **SEND)
    ended(counter, first)
    counter.clock.pass_(24 * 3600)
    assert "payee_account" not in counter.seen(opened(counter, "transfer")).form.values


def test_a_case_of_somebody_else_in_which_the_customer_is_only_named_leaves_nothing(counter: Counter) -> None:
    first = opened(counter, "transfer", **SEND)
    ended(counter, first)
    with counter.database.write() as unit:
        case = unit.cases.get(first)
        mine = case.values["id_number"]
        theirs = replace(mine, value="999999198105120012")
        holder = replace(case.holder, id_number=theirs.value) if case.holder is not None else None
        values = {**case.values, "id_number": theirs, "agent_id": mine}
        unit.cases.save(case, case.evolve(values=values, holder=holder))
        assert [one.id for one in unit.cases.came_to_nothing(mine.value, counter.parts.today())] == [first]
    assert "payee_account" not in counter.seen(opened(counter, "transfer")).form.values


def test_usual_payees_are_offered_to_who_works_on_the_case_only(counter: Counter) -> None:
    carried_out(counter, opened(counter, "transfer", **SEND))
    other = {**SEND, "payee_name": "何小满", "payee_account": "6222000000002"}
    carried_out(counter, opened(counter, "transfer", **other))
    carried_out(counter, opened(counter, "transfer", **SEND))
    case_id = opened(counter, "transfer")
    seen = counter.seen(case_id)
    assert [one.account for one in seen.payees] == [SEND["payee_account"], other["payee_account"]]
    assert (seen.payees[0].name, seen.payees[0].bank) == (SEND["payee_name"], SEND["payee_bank"])
    assert counter.seen(case_id, counter.other).payees == []
    assert counter.seen(case_id, counter.kiosk).payees == []
    body = wire.ChangeScenario(scenario="papers")
    counter.services.scenarios.change(new_key(), counter.teller, case_id, body)
    assert counter.seen(case_id).payees == []
