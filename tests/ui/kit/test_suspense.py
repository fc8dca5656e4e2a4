"""The list of cash in suspense: who may do what with an item, and what is sent."""

from typing import Any

import pytest
from PySide6.QtWidgets import QWidget

from benchmarks.seat.suspense import FakeSuspense, closing, difference, item
from common.errors import UserError
from common.wire.base import Amount
from common.wire.cash import ClosingView, DecideClosing, ProposeClosing, ProposeDifference
from ui.kit.kit import make_kit
from ui.kit.suspense_desk import SuspenseDesk, notes_text, read_notes
from ui.kit.suspense_view import SuspensePanel


def panel(qtbot: Any, port: FakeSuspense, me: str, *, decides: bool) -> SuspensePanel:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    desk = SuspenseDesk(port, me, decides=decides, parent=window)
    made = SuspensePanel(make_kit(strict=True), window, desk)
    window.show()
    made.open()
    if port.view:
        made.table.row_chosen.emit("m1")
    return made


@pytest.mark.parametrize(
    ("proposal", "me", "decides", "shown"),
    [
        (None, "T-03", False, {"propose"}),
        (None, "A-07", True, {"propose"}),
        (closing(), "T-03", False, set()),
        (closing(), "A-07", True, {"approve", "refuse"}),
        (closing(maker="A-07"), "A-07", True, set()),
    ],
)
def test_who_may_do_what(qtbot: Any, proposal: ClosingView | None, me: str, decides: bool, shown: set[str]) -> None:
    made = panel(qtbot, FakeSuspense([item(proposal)]), me, decides=decides)
    assert {name for name in ("propose", "approve", "refuse") if not getattr(made, name).isHidden()} == shown


def test_a_proposal_says_notes_reason_and_note(qtbot: Any) -> None:
    port = FakeSuspense([item()])
    made = panel(qtbot, port, "T-03", decides=False)
    made.all.click()
    assert made.in_hand.value() == "100×50"
    made.in_hand.set_value("100x20, 50*1")
    made.note.set_value("slot camera")
    made.reason.set_current("seen_on_video")
    made.propose.click()
    body = ProposeClosing(in_hand={"100": 20, "50": 1}, reason="seen_on_video", note="slot camera")
    assert port.sent == [("m1", body)]


def test_a_decision_is_sent_and_a_refusal_is_said(qtbot: Any) -> None:
    port = FakeSuspense([item(closing())])
    made = panel(qtbot, port, "A-07", decides=True)
    made.approve.click()
    assert port.sent == [("c1", DecideClosing(approved=True))]
    port.refuses = UserError("suspense.decided")
    made.refuse.click()
    assert made.said.text() == made.kit.say(made.kit.language.error(port.refuses))
    assert not made.refuse.isHidden(), "it may be tried again"


def test_nothing_in_suspense_says_so(qtbot: Any) -> None:
    made = panel(qtbot, FakeSuspense(), "T-03", decides=False)
    assert made._stack.currentIndex() == 1


@pytest.mark.parametrize("text", ["100", "x3", "100x", "1OOx3", "100x-1"])
def test_what_is_no_number_of_notes_is_refused(text: str) -> None:
    assert read_notes(notes_text({"50": 1, "100": 3})) == {"100": 3, "50": 1}
    with pytest.raises(UserError, match=r"suspense\.bad_notes"):
        read_notes(text)


def test_what_contradicts_is_told_whole(qtbot: Any) -> None:
    really = {"100": 6, "50": 1}
    told = {"notes": {"100": 6}, "in_question": really, "stored": really, "error": "cash.contradiction"}
    made = panel(qtbot, FakeSuspense([item().model_copy(update={"direction": "in", **told})]), "T-03", decides=False)
    said = made.what.text()
    for words in ("不明：100×6 50×1", "客户确认的：100×6 ", "已存入 100×6 50×1", "钞箱 1 计数 -50", "等现场清点"):
        assert words in said
    made.all.click()
    assert made.in_hand.value() == "100×6 50×1"


def test_nobody_is_asked_to_choose_from_an_empty_list(qtbot: Any) -> None:
    assert panel(qtbot, FakeSuspense([]), "T-03", decides=False).what.isHidden()
    assert not panel(qtbot, FakeSuspense([item()]), "T-03", decides=False).what.isHidden()


@pytest.mark.parametrize(
    ("kind", "way", "to"), [("short", "vault", ""), ("short", "offset", ""), ("over", "customer", "9999004182394821")]
)
def test_what_is_short_or_over_is_proposed_with_where_it_is(qtbot: Any, kind: str, way: str, to: str) -> None:
    stands = difference(kind=kind)
    port = FakeSuspense([item(), stands])
    made = panel(qtbot, port, "T-03", decides=False)
    made.table.row_chosen.emit(stands.account)
    assert (made.in_hand.isHidden(), made.difference.isHidden()) == (True, False)
    assert "300.00" in made.what.text()
    made.difference.way.set_current(way)
    made.difference.way.chosen.emit(way)
    assert made.difference.to.isHidden() == (way != "customer")
    made.difference.to.set_value(to)
    made.propose.click()
    body = ProposeDifference(amount=30_000, way=way, to=to, reason="counted_at_machine")
    assert port.sent == [(stands.account, body)]
    made.difference.amount.set_value("all of it")
    made.propose.click()
    assert made.said.text() == made.kit.say(made.kit.language.error(UserError("suspense.bad_amount")))


def test_a_proposal_about_a_difference_is_told_and_decided(qtbot: Any) -> None:
    words = {"in_hand": {}, "amount": Amount(minor=20_000), "way": "vault"}
    port = FakeSuspense([difference(closing().model_copy(update=words))])
    made = panel(qtbot, port, "A-07", decides=True)
    made.table.row_chosen.emit("1221:K-02")
    for words_shown in ("T-03", "¥200.00", "在库房"):
        assert words_shown in made.proposal.text()
    made.approve.click()
    assert port.sent == [("c1", DecideClosing(approved=True))]
