"""The list of cash in suspense: who may do what with an item, and what is sent."""

import itertools
from typing import Any

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QWidget

from benchmarks.seat.suspense import FakeSuspense, closing, difference, item
from common.errors import UserError
from common.wire.base import Amount
from common.wire.cash import ClosingView, DecideClosing, ProposeClosing, ProposeDifference
from ui.kit.base import Label
from ui.kit.buttons import Button
from ui.kit.fields import TextField
from ui.kit.kit import make_kit
from ui.kit.suspense_desk import SuspenseDesk, notes_text, read_notes
from ui.kit.suspense_view import SuspensePanel
from ui.kit.texts.book import Lang


def panel(
    qtbot: Any, port: FakeSuspense, me: str, *, decides: bool, size: tuple[int, int] = (1280, 800), lang: Lang = "zh"
) -> SuspensePanel:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(*size)
    desk = SuspenseDesk(port, me, decides=decides, parent=window)
    kit = make_kit(strict=True)
    kit.language.set_current(lang)
    made = SuspensePanel(kit, window, desk)
    window.show()
    made.open()
    if port.view:
        made.table.row_chosen.emit("m1")
    return made


def told(label: Label) -> str:
    return label.full_text()


def written(field: TextField, text: str) -> None:
    """A person writes it."""
    box = field.box
    assert isinstance(box, QLineEdit)
    box.selectAll()
    QTest.keyClicks(box, text)


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
    made.notes.who.segment("all").click()
    assert made.in_hand.value() == "100×50"
    written(made.in_hand, "100x20, 50*1")
    assert (made.notes.who.current(), told(made.missing)) == ("some", "填的纸币比挂账的多，请核对")
    written(made.in_hand, "100x20")
    written(made.note, "slot camera")
    made.reason.segment("seen_on_video").click()
    assert told(made.proposal) == "T-03 提出：客户手里 100×20，入客户账 ¥3,000.00；依据：看录像。slot camera"
    made.propose.click()
    body = ProposeClosing(in_hand={"100": 20}, reason="seen_on_video", note="slot camera")
    assert port.sent == [("m1", body)]


def test_nothing_is_proposed_that_nobody_has_said(qtbot: Any) -> None:
    port = FakeSuspense([item()])
    made = panel(qtbot, port, "T-03", decides=False)
    assert (made.notes.who.current(), made.reason.current(), told(made.proposal)) == ("", "", "")
    steps = ((None, "请选择纸币在谁手里"), ("some", "请写客户手里有哪些纸币"), ("none", "请选择查清的依据"))
    for who, missing in steps:
        if who is not None:
            made.notes.who.segment(who).click()
        assert (made.propose.isEnabled(), told(made.missing)) == (False, missing)
        made.propose.click()
    assert port.sent == []
    made.reason.segment("counted_at_machine").click()
    assert (made.propose.isEnabled(), told(made.missing)) == (True, "")
    assert "客户手里 无，入客户账 ¥5,000.00" in told(made.proposal)
    made.kit.language.set_current("en")
    assert "customer has nothing, ¥5,000.00 to the account" in told(made.proposal)
    made.propose.click()
    assert port.sent == [("m1", ProposeClosing(in_hand={}, reason="counted_at_machine"))]


def test_another_item_is_asked_about_anew(qtbot: Any) -> None:
    other = item().model_copy(update={"movement_id": "m2"})
    made = panel(qtbot, FakeSuspense([item(), other]), "T-03", decides=False)
    made.notes.who.segment("none").click()
    made.reason.segment("seen_on_video").click()
    made.table.row_chosen.emit("m2")
    assert (made.notes.who.current(), made.reason.current(), made.propose.isEnabled()) == ("", "", False)


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("height", [540, 617, 800])
def test_what_is_known_leaves_the_list_its_place(qtbot: Any, height: int, lang: Lang) -> None:
    units = [f"unit{n}" for n in range(1, 9)]
    told_much = {
        "counts_before": dict.fromkeys(units, 400), "counts_after": dict.fromkeys(units, 380),
        "notes": {"100": 48}, "stored": {"100": 3}, "taken": {"100": 4}, "error": "cash.contradiction",
    }  # fmt: skip
    port = FakeSuspense([item().model_copy(update=told_much)])
    made = panel(qtbot, port, "T-03", decides=False, size=(1000, height), lang=lang)
    qtbot.wait(50)
    parts = [made._stack, made._facts, made.notes, made.reason, made.proposal, made.propose]
    edges = [(one.mapTo(made, QPoint(0, 0)).y(), one.height()) for one in parts]
    assert all(top + tall <= below for (top, tall), (below, _) in itertools.pairwise(edges)), edges
    assert made._stack.height() >= 112
    assert made._facts.height() >= (44 if height < 700 else 160)
    assert edges[-1][0] + edges[-1][1] <= made.height()
    assert len(made.what.text().splitlines()) == 13, "one line for each fact"
    short = [one for one in made.findChildren(Button) if one.isVisible() and one.width() < one.sizeHint().width()]
    assert [one.text() for one in short if one.text()] == []


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
    facts = {"notes": {"100": 6}, "in_question": really, "stored": really, "error": "cash.contradiction"}
    made = panel(qtbot, FakeSuspense([item().model_copy(update={"direction": "in", **facts})]), "T-03", decides=False)
    said = made.what.text()
    for words in ("不明：100×6 50×1", "客户确认的：100×6\n", "已存入 100×6 50×1", "钞箱 1 计数 -50", "等现场清点"):
        assert words in said
    made.notes.who.segment("all").click()
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
    assert (made.notes.isHidden(), made.difference.isHidden()) == (True, False)
    assert told(made.missing) == "请选择款项在哪里；转客户账要填账号"
    assert "300.00" in made.what.text()
    made.difference.way.segment(way).click()
    assert made.difference.to.isHidden() == (way != "customer")
    written(made.difference.to, to)
    assert told(made.missing) == "请选择查清的依据"
    made.reason.segment("counted_at_machine").click()
    assert "¥300.00" in told(made.proposal)
    made.propose.click()
    body = ProposeDifference(amount=30_000, way=way, to=to, reason="counted_at_machine")
    assert port.sent == [(stands.account, body)]
    written(made.difference.amount, "all of it")
    assert (made.propose.isEnabled(), told(made.missing)) == (False, "金额写成 100 或 100.00")


def test_a_proposal_about_a_difference_is_told_and_decided(qtbot: Any) -> None:
    words = {"in_hand": {}, "amount": Amount(minor=20_000), "way": "vault"}
    port = FakeSuspense([difference(closing().model_copy(update=words))])
    made = panel(qtbot, port, "A-07", decides=True)
    made.table.row_chosen.emit("1221:K-02")
    for words_shown in ("T-03", "¥200.00", "在库房"):
        assert words_shown in made.proposal.text()
    made.approve.click()
    assert port.sent == [("c1", DecideClosing(approved=True))]
