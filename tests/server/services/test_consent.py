"""Confirm, PIN, sign, card: the customer's own part."""

from dataclasses import replace

import pytest

from common.errors import UserError
from common.wire import cases as wire
from common.wire.cases import CardState, CaseState, CustomerStep, FieldSource, Scenario
from teller.vouchers import Words
from tests.fakes.counter import Counter, new_key


@pytest.fixture
def case_id(counter: Counter) -> str:
    made = counter.visits.identified()
    counter.desk.submit(made)
    return made


def step(counter: Counter, case_id: str) -> CustomerStep:
    return counter.seen(case_id).customer_step


def test_the_order_is_fixed(counter: Counter, case_id: str) -> None:
    with pytest.raises(UserError, match=r"step.not_now"):
        counter.customer.enter_pin(case_id)
    with pytest.raises(UserError, match=r"step.not_now"):
        counter.customer.sign(case_id)
    with pytest.raises(UserError, match=r"consent.missing"):
        counter.desk.execute(case_id)
    counter.customer.confirm(case_id)
    with pytest.raises(UserError, match=r"step.not_now"):
        counter.customer.sign(case_id)
    counter.customer.enter_pin(case_id)
    counter.customer.sign(case_id)
    assert step(counter, case_id) is CustomerStep.WAIT_EXECUTION


def test_three_wrong_pins_keep_the_card(counter: Counter, case_id: str) -> None:
    counter.customer.confirm(case_id)
    for left in (2, 1):
        view = counter.customer.enter_pin(case_id, "000001")
        assert (view.pin_state, view.pin_tries_left, view.customer_step) == ("wrong", left, CustomerStep.PIN)
        assert view.customer_say is not None
        assert (view.customer_say.code, view.customer_say.params) == ("customer.pin_wrong", {"tries": left})
    view = counter.customer.enter_pin(case_id, "000001")
    assert (view.state, view.pin_state, view.end_code) == (CaseState.CANCELLED, "blocked", "pin.blocked")
    assert view.customer_step is CustomerStep.RETAIN_CARD
    counter.customer.card(case_id, CardState.RETAINED)
    assert step(counter, case_id) is CustomerStep.GOODBYE
    fresh = counter.services.opening.open(new_key(), counter.kiosk, wire.OpenCase(scenario=Scenario.WITHDRAWAL))
    with pytest.raises(UserError, match=r"card.blocked"):
        counter.customer.insert_card(fresh)


def test_tries_belong_to_the_card_and_a_right_pin_gives_them_back(counter: Counter, case_id: str) -> None:
    counter.customer.confirm(case_id)
    counter.customer.enter_pin(case_id, "000001")
    counter.services.closing.cancel(new_key(), counter.teller, case_id, wire.Cancel(reason="teller"))
    counter.customer.card(case_id, CardState.TAKEN)
    again = counter.customer.arrive()
    assert counter.seen(again).pin_tries_left == 2
    counter.desk.answer(again)
    counter.desk.identify(again)
    counter.desk.fill(again, FieldSource.TYPED, amount="100")
    counter.desk.submit(again)
    counter.customer.confirm(again)
    assert counter.customer.enter_pin(again).pin_tries_left == 3


def test_a_card_pulled_early_asks_pin_and_signature_again(counter: Counter, case_id: str) -> None:
    counter.customer.consent(case_id)
    counter.customer.card(case_id, CardState.PULLED)
    assert step(counter, case_id) is CustomerStep.INSERT_CARD
    with pytest.raises(UserError, match=r"consent.missing"):
        counter.desk.execute(case_id)
    with pytest.raises(UserError, match=r"card.other_than_before"):
        counter.customer.insert_card(case_id, "方予安")
    counter.customer.insert_card(case_id)
    assert step(counter, case_id) is CustomerStep.PIN
    counter.customer.enter_pin(case_id)
    counter.customer.sign(case_id)
    assert counter.desk.execute(case_id).state is CaseState.EXECUTING


@pytest.mark.parametrize("change", ["value", "label", "order"])
def test_one_character_changed_after_the_signature_makes_it_invalid(
    counter: Counter, case_id: str, change: str
) -> None:
    counter.customer.consent(case_id)
    with counter.database.write() as unit:
        case = unit.cases.get(case_id)
        assert case.summary is not None
        first, second, *rest = case.summary.lines
        other = {
            "value": (first, replace(second, value=second.value.replace("5", "6", 1)), *rest),
            "label": (replace(first, label=Words("取", "Out")), second, *rest),
            "order": (second, first, *rest),
        }
        unit.cases.save(case, case.evolve(summary=replace(case.summary, lines=other[change])))
    with pytest.raises(UserError, match=r"consent.missing"):
        counter.desk.execute(case_id)


def test_a_disputed_line_goes_back_to_the_teller(counter: Counter, case_id: str) -> None:
    summary = counter.seen(case_id).summary
    assert summary is not None
    body = wire.Confirmation(digest=summary.digest, accepted=False, disputed_line="summary.amount")
    counter.services.confirmation.confirm(new_key(), counter.kiosk, case_id, body)
    view = counter.seen(case_id)
    assert (view.disputed_line, view.customer_step) == ("summary.amount", CustomerStep.TALK)
    counter.desk.prompt(case_id, CustomerStep.CONFIRM)
    assert step(counter, case_id) is CustomerStep.CONFIRM


def test_only_what_was_shown_can_be_confirmed(counter: Counter, case_id: str) -> None:
    for accepted in (True, False):
        body = wire.Confirmation(digest="0" * 64, accepted=accepted)
        with pytest.raises(UserError, match=r"summary.changed"):
            counter.services.confirmation.confirm(new_key(), counter.kiosk, case_id, body)


def test_a_dot_is_no_signature(counter: Counter, case_id: str) -> None:
    counter.customer.confirm(case_id)
    counter.customer.enter_pin(case_id)
    summary = counter.seen(case_id).summary
    assert summary is not None
    dot = wire.Signature(digest=summary.digest, width=9, height=9, strokes=[[wire.StrokePoint(x=1, y=1, t=0)]])
    with pytest.raises(UserError, match=r"signature.empty"):
        counter.services.confirmation.sign(new_key(), counter.kiosk, case_id, dot)


def test_nobody_else_can_consent(counter: Counter, case_id: str) -> None:
    summary = counter.seen(case_id).summary
    assert summary is not None
    body = wire.Confirmation(digest=summary.digest, accepted=True)
    for who in (counter.teller, counter.authoriser):
        with pytest.raises(UserError, match=r"case.forbidden"):
            counter.services.confirmation.confirm(new_key(), who, case_id, body)


@pytest.mark.parametrize(
    ("track2", "code"),
    [("", "card.unreadable"), ("9999000000000000=35122010", "card.unknown"),
     ("9999004182394821=2001201", "card.expired"), ("9999004182394821=3513201", "card.unreadable")],
)  # fmt: skip
def test_cards_that_do_not_count(counter: Counter, track2: str, code: str) -> None:
    case_id = counter.services.opening.open(new_key(), counter.kiosk, wire.OpenCase(scenario=Scenario.WITHDRAWAL))
    with pytest.raises(UserError) as refused:
        counter.services.opening.read_card(
            new_key(), counter.kiosk, case_id, wire.ReadCard.model_construct(track2=track2)
        )
    assert refused.value.code == code
