"""Orders to a machine from afar: given with the right, refused where money or a card would be lost, each traced."""

from dataclasses import replace

import pytest

from common.errors import UserError
from common.wire.cases import CardState, CustomerStep, Scenario
from common.wire.desk import DeviceReport, MachineReport
from common.wire.machine import GiveOrder, MachinePicture, OrderAction, OrderOutcome, PlaceReport, ServiceLine
from server.services.registers import Asked
from teller.machines.orders import Situation, refusal
from teller.registers import Register
from tests.fakes.counter import NOTES, Counter, new_key

A, S = OrderAction, CustomerStep


def picture(counter: Counter, **places: str) -> None:
    """The kiosk reports what lies where; a double underscore stands for the dot."""
    seen = [PlaceReport(place=name.replace("__", "."), state=state) for name, state in places.items()]
    body = MachineReport(
        devices=[DeviceReport(device="cash_out", state="ok")],
        notes=NOTES,
        picture=MachinePicture(places=seen, services=[ServiceLine(name="PinPad", level="ok", word="online")]),
    )
    counter.services.machines.report(counter.kiosk, body)


def give(counter: Counter, action: OrderAction, target: str = "", who: str = "") -> str:
    body = GiveOrder(action=action, target=target, reason="customer_asks")
    person = counter.person(who) if who else counter.teller
    return counter.services.orders.give(new_key(), person, counter.kiosk.number, body)


def served(counter: Counter) -> str:
    """A case at the teller's with the card inside."""
    case_id = counter.customer.arrive()
    counter.desk.answer(case_id)
    picture(counter, card__reader="inside")
    return case_id


def test_an_order_goes_to_the_kiosk_and_its_outcome_comes_back_with_a_trace(counter: Counter) -> None:
    served(counter)
    order = give(counter, A.RETURN_CARD)
    assert ("machine_ordered", "K-02") in counter.notifier.said
    orders = counter.services.orders
    (waiting,) = orders.own(counter.kiosk).orders
    assert (waiting.id, waiting.state, waiting.by) == (order, "given", counter.teller.number)
    assert orders.begin(new_key(), counter.kiosk, order).state == "begun"
    ended = orders.outcome(new_key(), counter.kiosk, order, OrderOutcome(state="done", code="order.card_taken"))
    assert (ended.state, ended.note and ended.note.code) == ("done", "order.card_taken")
    detail = orders.detail(counter.teller, "K-02")
    assert [(one.id, one.state) for one in detail.orders] == [(order, "done")]
    page = counter.services.registers.page(counter.teller, Register.MACHINES, Asked(), None, 10)
    lines = [(row.kind, row.who, row.details["action"], row.details["state"]) for row in page.rows]
    assert lines == [
        ("machine.order_ended", "T-03", "return_card", "done"),
        ("machine.ordered", "T-03", "return_card", "given"),
    ]
    assert all(row.case_number for row in page.rows)


@pytest.mark.parametrize(("who", "action"), [("A-07", A.LIGHT), ("E-01", A.RETURN_CARD), ("E-01", A.RETAIN_CARD)])
def test_without_the_right_nothing_is_ordered(counter: Counter, who: str, action: OrderAction) -> None:
    picture(counter, card__reader="inside")
    with pytest.raises(UserError, match=r"order\.no_right"):
        give(counter, action, "cardReader", who)
    assert counter.services.orders.own(counter.kiosk).orders == []


def test_a_machine_of_another_branch_is_nobody_elses(counter: Counter) -> None:
    picture(counter)
    stranger = replace(counter.teller, branch="elsewhere")
    body = GiveOrder(action=A.OUT_OF_SERVICE, reason="check")
    for act in (
        lambda: counter.services.orders.give(new_key(), stranger, "K-02", body),
        lambda: counter.services.orders.detail(stranger, "K-02"),
    ):
        with pytest.raises(UserError, match=r"order\.other_branch"):
            act()


def test_the_rules_are_asked_again_when_the_kiosk_begins(counter: Counter) -> None:
    case_id = served(counter)
    order = give(counter, A.RETURN_CARD)
    counter.customer.card(case_id, CardState.PULLED)  # the customer was quicker
    picture(counter, card__reader="empty")
    refused = counter.services.orders.begin(new_key(), counter.kiosk, order)
    assert (refused.state, refused.note and refused.note.code) == ("refused", "order.no_card")


def test_an_order_that_nobody_begins_is_never_carried_out_later(counter: Counter) -> None:
    served(counter)
    order = give(counter, A.RETURN_CARD)
    counter.clock.pass_(21)
    assert counter.services.orders.own(counter.kiosk).orders == []
    assert counter.services.orders.begin(new_key(), counter.kiosk, order).state == "expired"
    assert give(counter, A.RETAIN_CARD) != order, "an expired one is in nobody's way"


def test_a_kiosk_that_begins_and_dies_leaves_an_unknown_outcome(counter: Counter) -> None:
    served(counter)
    order = give(counter, A.RETURN_CARD)
    counter.services.orders.begin(new_key(), counter.kiosk, order)
    with pytest.raises(UserError, match=r"order\.another_runs"):
        give(counter, A.RETAIN_CARD)
    counter.clock.pass_(181)
    (seen,) = counter.services.orders.detail(counter.teller, "K-02").orders
    assert (seen.state, seen.note and seen.note.code) == ("unknown", "order.no_word")


def test_out_of_service_takes_no_customer_until_it_is_back(counter: Counter) -> None:
    picture(counter)
    give(counter, A.OUT_OF_SERVICE, who="E-01")
    assert not counter.services.orders.own(counter.kiosk).in_service
    assert [one.in_service for one in counter.services.machines.all()] == [False]
    with pytest.raises(UserError, match=r"machine\.out_of_service"):
        counter.customer.arrive()
    with pytest.raises(UserError, match=r"order\.out_already"):
        give(counter, A.OUT_OF_SERVICE)
    give(counter, A.INTO_SERVICE)
    assert counter.customer.arrive()
    with pytest.raises(UserError, match=r"order\.visit_open"):
        give(counter, A.OUT_OF_SERVICE)


def test_what_is_offered_says_why_it_would_be_refused(counter: Counter) -> None:
    served(counter)
    offered = counter.services.orders.detail(counter.teller, "K-02").offered
    reasons = {(one.action, one.target): one.refused.code if one.refused else None for one in offered}
    assert reasons[A.RETURN_CARD, ""] is None
    assert reasons[A.RETRACT_NOTES, ""] == "order.not_known_now"  # nothing was said of the slot
    assert reasons[A.RESET_DEVICE, "card_reader"] == "order.card_inside"
    assert reasons[A.RESTART_SERVICE, "PinPad"] is None
    assert reasons[A.OUT_OF_SERVICE, ""] == "order.visit_open"
    other = counter.services.orders.detail(counter.person("T-05"), "K-02").offered
    assert {one.refused.code if one.refused else None for one in other} <= {
        "order.not_your_visit", "order.visit_open", "order.in_service_already",
    }  # fmt: skip


def test_during_a_payout_only_the_notes_may_be_pulled_back(counter: Counter) -> None:
    case_id = counter.visits.payout_begun()
    picture(counter, notes__output="present", notes__transport="empty", card__reader="empty")
    assert counter.seen(case_id).customer_step is S.TAKE_CASH
    for action, target, code in (
        (A.RESET_DEVICE, "cash", "order.cash_moves"),
        (A.RESTART_SERVICE, "PinPad", "order.cash_moves"),
        (A.OUT_OF_SERVICE, "", "order.visit_open"),
        (A.RETURN_CARD, "", "order.no_card"),
    ):
        with pytest.raises(UserError, match=code.replace(".", r"\.")):
            give(counter, action, target)
    assert give(counter, A.RETRACT_NOTES)


WAY = {"notes.transport": "jammed", "notes.output": "empty"}
HERE = Situation(online=True, fresh=True, teller="T-03", step=S.TALK, places={"card.reader": "inside"})


@pytest.mark.parametrize(
    ("action", "target", "now", "code"),
    [
        (A.RETURN_CARD, "", HERE, None),
        (A.RETURN_CARD, "", replace(HERE, online=False), "order.machine_away"),
        (A.RETURN_CARD, "", replace(HERE, fresh=False), "order.not_known_now"),
        (A.RETURN_CARD, "", replace(HERE, step=None, teller=""), "order.nobody_there"),
        (A.RETURN_CARD, "", replace(HERE, card_blocked=True), "order.card_blocked"),
        (A.RETURN_CARD, "", replace(HERE, step=S.TAKE_CARD), "order.step_moves_card"),
        (A.RETAIN_CARD, "", replace(HERE, places={"card.reader": "jammed"}), "order.card_jammed"),
        (A.RETAIN_CARD, "", replace(HERE, step=None, teller=""), None),
        (A.RETRACT_NOTES, "", replace(HERE, places={"notes.output": "present"}), "order.notes_not_waited_for"),
        (A.RESET_DEVICE, "cash", replace(HERE, places=WAY | {"notes.escrow": "present"}), "order.notes_outside"),
        (A.RESET_DEVICE, "cash", replace(HERE, places=WAY | {"notes.output": "present"}), "order.notes_outside"),
        (A.RESET_DEVICE, "cash", replace(HERE, places=WAY), None),
        (A.RESET_DEVICE, "cash", replace(HERE, places=WAY | {"notes.output": "unknown"}), "order.not_known_now"),
        (A.RESET_DEVICE, "cash", replace(HERE, places={"notes.transport": "jammed"}), "order.not_known_now"),
        (A.RESET_DEVICE, "cash", replace(HERE, places={}), "order.not_known_now"),
        (A.RESET_DEVICE, "cash", replace(HERE, places=WAY, safe_open=True), "order.safe_open"),
        (A.RESET_DEVICE, "card_reader", replace(HERE, places={"card.reader": "jammed"}, safe_open=True), None),
        (A.RESET_DEVICE, "card_reader", replace(HERE, places={}), "order.not_known_now"),
        (A.RETURN_CARD, "", replace(HERE, places={}), "order.not_known_now"),
        (A.RETRACT_NOTES, "", replace(HERE, places={}), "order.not_known_now"),
        (A.RESET_DEVICE, "nothing", HERE, "order.unknown_target"),
        (
            A.RESET_DEVICE,
            "receipt",
            replace(HERE, step=S.TAKE_RECEIPT, places={"receipt.slot": "empty"}),
            "order.step_runs",
        ),
        (A.RESTART_SERVICE, "PinPad", HERE, "order.unknown_target"),
        (A.LIGHT, "cardReader", HERE, None),
        (A.LIGHT, "moon", HERE, "order.unknown_target"),
        (A.INTO_SERVICE, "", HERE, "order.in_service_already"),
    ],
)
def test_the_rules(action: OrderAction, target: str, now: Situation, code: str | None) -> None:
    assert refusal(action, target, "T-03", now) == code


def test_a_deposit_in_escrow_is_not_swept_away(counter: Counter) -> None:
    case_id = counter.customer.arrive(Scenario.DEPOSIT)
    counter.desk.answer(case_id)
    counter.customer.put_in(case_id, {"100": 3})
    picture(counter, notes__escrow="present", notes__transport="empty", card__reader="inside")
    with pytest.raises(UserError, match=r"order\.cash_moves"):
        give(counter, A.RESET_DEVICE, "cash")


def test_what_a_reset_moved_is_told_also_after_nobody_knew_and_stands_in_the_register(counter: Counter) -> None:
    picture(counter, notes__transport="jammed", notes__output="empty")
    order = give(counter, A.RESET_DEVICE, "cash", who="E-01")
    orders = counter.services.orders
    orders.begin(new_key(), counter.kiosk, order)
    counter.clock.pass_(181)
    picture(counter, notes__transport="jammed", notes__output="empty")
    give(counter, A.LIGHT, "cardReader", who="E-01")  # the first one is written down as unknown then
    body = OrderOutcome(
        state="done", code="order.reset_moved", params={"notes": 3},
        counts_before={"unit1": 97, "unit7": 1}, counts_after={"unit1": 97, "unit7": 4},
    )  # fmt: skip
    told = orders.outcome(new_key(), counter.kiosk, order, body)
    assert (told.state, told.note and told.note.params) == ("done", {"notes": 3})
    page = counter.services.registers.page(counter.teller, Register.MACHINES, Asked(), None, 10)
    ended = [row.details for row in page.rows if row.details["order"] == order and row.kind == "machine.order_ended"]
    assert [(one["state"], one.get("moved")) for one in ended] == [("done", "unit7+3"), ("unknown", None)]
    with pytest.raises(UserError, match=r"order\.wrong_state"):
        orders.outcome(new_key(), counter.kiosk, order, OrderOutcome(state="failed"))
