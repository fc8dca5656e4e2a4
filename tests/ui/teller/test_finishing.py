"""However a case ends at this window, it is asked first who holds each thing that nobody has spoken of."""

import pytest
from PySide6.QtCore import Qt

from benchmarks.seat import cases
from common.wire.cases import CaseView, CustomerStep, PersonRef, TicketState, TicketView
from common.wire.handing import Finish, ThingToHand
from tests.ui.teller.conftest import Seat, serve

CARD = ThingToHand(kind="card", number="9999 **** 0018", by="staff")
UKEY = ThingToHand(kind="ukey", number="900100200300", by="staff")
SAID = [("card", "9999 **** 0018", "taken"), ("ukey", "900100200300", "retained")]


def done(step: CustomerStep = CustomerStep.RATE, *left: ThingToHand) -> CaseView:
    return cases.paid(customer_step=step, to_hand_over=list(left))


def question(seat: Seat) -> str:
    """What is asked now; empty: nothing."""
    dialog = seat.window.alerts.dialog
    return dialog.title.full_text() if dialog is not None else ""


def answer(seat: Seat, choice: str) -> None:
    dialog = seat.window.alerts.dialog
    assert dialog is not None
    dialog.choose(choice)


@pytest.mark.parametrize("step", [CustomerStep.RATE, CustomerStep.GOODBYE])
def test_the_end_asks_thing_by_thing_and_is_sent_once(seat: Seat, step: CustomerStep) -> None:
    serve(seat, done(step, CARD, UKEY))
    seat.window.actions_.do("finish")
    assert "银行卡 9999 **** 0018" in question(seat)
    answer(seat, "taken")
    assert "U 盾 900100200300" in question(seat)
    assert seat.out.store.sent == [], "nothing before all are answered"
    answer(seat, "retained")
    sent = seat.out.store.sent[-1]
    assert isinstance(sent.body, Finish)
    assert (sent.suffix, [(one.kind, one.number, one.outcome) for one in sent.body.things]) == ("finish", SAID)


def test_who_goes_leaves_the_teller_with_the_question_on_the_main_key(seat: Seat) -> None:
    serve(seat, done(CustomerStep.GOODBYE, CARD))
    assert seat.main() == "结束办理"


def test_the_next_business_asks_first_and_takes_the_answers_along(seat: Seat) -> None:
    serve(seat, done(CustomerStep.RATE, CARD, UKEY))
    seat.window.actions_.do("next:transfer")
    assert seat.out.desk.started == []
    answer(seat, "taken")
    answer(seat, "retained")
    (body,) = seat.out.desk.started
    assert (body.scenario, body.after) == ("transfer", cases.paid().id)
    assert [(one.kind, one.number, one.outcome) for one in body.things] == SAID


def test_without_things_the_next_business_begins_at_once(seat: Seat) -> None:
    serve(seat, done())
    seat.window.actions_.do("next:transfer")
    assert [(one.scenario, one.things) for one in seat.out.desk.started] == [("transfer", [])]


def test_whoever_stays_says_nothing(seat: Seat) -> None:
    serve(seat, done(CustomerStep.RATE, CARD, UKEY))
    for verb in ("finish", "next:transfer"):
        seat.window.actions_.do(verb)
        answer(seat, "taken")
        answer(seat, "stay")
        assert (question(seat), seat.out.store.sent, seat.out.desk.started) == ("", [], [])


def test_a_case_left_by_a_teller_off_duty_is_opened_taken_over_and_ended_here(seat: Seat) -> None:
    gone = TicketView(state=TicketState.LEFT, since=cases.START)
    mine = done(CustomerStep.GOODBYE, CARD).model_copy(update={"ticket": gone})
    theirs = mine.model_copy(update={"teller": PersonRef(number="T-77", name="别人", seat="77")})
    seat.out.store.known[theirs.id], seat.out.desk.taken = theirs, mine
    seat.window.actions_.open_case(theirs.id)
    assert (seat.main(), seat.window.parts.cases.local.read_only) == ("接手这笔业务", True)
    seat.key(Qt.Key.Key_F9)
    assert seat.out.desk.asked[-1:] == [f"take {theirs.id}"]
    assert (seat.main(), seat.window.parts.cases.local.read_only) == ("结束办理", False)
