"""The kiosk's side of a call goes: the teller is told in his language, the case stays, one key calls again."""

import pytest
from PySide6.QtCore import Qt

from benchmarks.seat import cases
from common.wire.cases import CaseView, CustomerStep
from tests.ui.teller.conftest import Seat, phase, serve, toasts
from ui.kit.texts.book import Lang
from ui.teller_app.local import CallPhase

Key = Qt.Key


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "客户那边连不上了，等 21 秒，会自己接回"),
        ("en", "The kiosk lost its connection. It has 21 s to come back by itself"),
    ],
)
def test_a_kiosk_that_lost_the_server_is_told_with_the_seconds_it_has(seat: Seat, language: Lang, words: str) -> None:
    serve(seat, cases.filled())
    seat.window.kit.language.set_current(language)
    seat.out.link.peer_lost.emit(20.6)
    seat.paint()
    assert toasts(seat) == words
    assert phase(seat) is CallPhase.LIVE, "picture and sound go directly between the two"


@pytest.mark.parametrize(
    ("language", "words", "key"),
    [
        ("zh", "客户那边断开了，受理单还在。可以再次呼叫", "再次呼叫客户"),
        ("en", "The kiosk is gone. The case is still here: call again", "Call the customer again"),
    ],
)
@pytest.mark.parametrize("case", [cases.filled(), cases.draft(customer_step=CustomerStep.LAY_ID_FRONT)])
def test_a_kiosk_that_is_gone_is_told_and_called_again(
    seat: Seat, language: Lang, words: str, key: str, case: CaseView
) -> None:
    serve(seat, case)
    seat.window.kit.language.set_current(language)
    seat.out.link.ended.emit("peer_gone")
    assert (seat.main(), toasts(seat)) == (key, words)
    seat.key(Key.Key_F9)
    assert seat.out.store.suffixes() == ["call"]
    seat.out.store.answer(case)
    seat.out.link.stand()
    assert seat.main() != key, "the call stands: the case goes on"
    assert phase(seat) is CallPhase.LIVE


def test_the_customers_own_end_of_the_call_is_told_in_other_words(seat: Seat) -> None:
    serve(seat, cases.filled())
    seat.out.link.ended.emit("hangup")
    assert (seat.main(), toasts(seat)) == ("再次呼叫客户", "通话已结束，受理单还在。可以再次呼叫")


@pytest.mark.parametrize("reason", ["case_ended", "replaced"])
def test_a_call_that_ended_with_its_case_or_in_the_next_one_is_no_news(seat: Seat, reason: str) -> None:
    serve(seat, cases.filled())
    seat.out.link.ended.emit(reason)
    seat.paint()
    assert toasts(seat) == ""
