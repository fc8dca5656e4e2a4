"""A whole visit through the real window, with real clicks; the agent does what the test says."""

import json

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from common.errors import ServiceError, UserError
from common.wire.cases import CustomerStep, Scenario, TicketState, TicketView
from tests.ui.vtm.cases import AT
from tests.ui.vtm.conftest import Stand
from tests.ui.vtm.screens import SCREENS, at, show
from ui.kit.automation_acts import click, drag, exists, text
from ui.vtm_app.agent.screen import Screen
from ui.vtm_app.scene import CallPhase

_S = CustomerStep
STROKE = [[60, 300], [200, 180], [340, 380], [520, 220]]


def press(name: str) -> None:
    """A real click on the visible widget of that name."""
    QApplication.processEvents()
    click({"name": name})


def said(name: str) -> str:
    return text({"name": name})


def test_from_the_greeting_to_the_card(stand: Stand) -> None:
    stand.controller.set_screen(Screen(machine_ready=True))
    assert said("kiosk.page") == "attract"
    press("kiosk.touch")
    assert said("kiosk.page") == "choose"
    press("kiosk.language")
    press("kiosk.choose.cash_withdrawal")
    stand.work.run()
    assert stand.agent.asked == [("choose", Scenario.WITHDRAWAL, "en")]
    stand.controller.set_screen(at(_S.INSERT_CARD, "waiting"))
    assert said("kiosk.step") == "Insert your bank card"


def test_the_greeting_wakes_wherever_it_is_touched(stand: Stand) -> None:
    stand.controller.set_screen(Screen(machine_ready=True))
    page = stand.window.stack.currentWidget()
    assert page is not None
    QTest.mouseClick(page, Qt.MouseButton.LeftButton, pos=QPoint(40, 1500))
    assert said("kiosk.page") == "choose"


def test_a_choice_that_fails_is_told_and_can_be_tried_again(stand: Stand) -> None:
    show(stand.controller, "choose")
    stand.agent.refusal = ServiceError("network.unreachable")
    press("kiosk.choose.cash_deposit")
    stand.work.run()
    assert said("kiosk.notice.words") == "连不上银行，正在接回，请不要离开"
    stand.agent.refusal = None
    press("kiosk.choose.cash_deposit")
    stand.work.run()
    assert [one[1] for one in stand.agent.asked] == [Scenario.DEPOSIT] * 2
    assert not exists({"name": "kiosk.notice.words"})


def test_while_one_choice_is_on_its_way_no_other_is_taken(stand: Stand) -> None:
    show(stand.controller, "choose")
    press("kiosk.choose.cash_deposit")
    tile = stand.window.findChild(QAbstractButton, "kiosk.choose.cash_withdrawal")
    assert tile is not None
    assert not tile.isEnabled()
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    stand.work.run()
    assert len(stand.agent.asked) == 1


def test_the_queue_shows_how_many_are_ahead(stand: Stand) -> None:
    show(stand.controller, "queue")
    assert said("kiosk.position") == "2"
    assert said("kiosk.estimated") == "3 分钟"


def test_a_wait_that_nobody_knows_is_not_promised(stand: Stand) -> None:
    ticket = TicketView(state=TicketState.WAITING, position=1, since=AT)
    stand.controller.set_screen(at(_S.QUEUE, case={"ticket": ticket}))
    assert said("kiosk.estimated") == "还不知道"
    ringing = TicketView(state=TicketState.RINGING, position=1, since=AT)
    stand.controller.set_screen(at(_S.QUEUE, case={"ticket": ringing}))
    assert said("kiosk.estimated") == "很快"


def test_counted_notes_can_be_right_more_or_given_back(stand: Stand) -> None:
    show(stand.controller, "insert_cash-ask")
    assert said("kiosk.total") == "¥1,480.00"
    for name, asked in (("right", "count_is_right"), ("more", "insert_more"), ("back", "give_cash_back")):
        press(f"kiosk.count_{name}")
        stand.work.run()
        assert stand.agent.asked[-1] == (asked,)


def test_confirming_is_one_tap_and_a_second_one_does_nothing(stand: Stand) -> None:
    show(stand.controller, "confirm")
    press("kiosk.confirm")
    button = stand.window.findChild(QAbstractButton, "kiosk.confirm")
    assert button is not None
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    stand.work.run()
    assert stand.agent.asked == [("confirm", True)]


def test_the_summary_shows_the_very_lines_that_are_signed(stand: Stand) -> None:
    show(stand.controller, "confirm")
    screen = SCREENS["confirm"]
    assert screen is not None
    assert screen.case is not None
    assert screen.case.summary is not None
    for line in screen.case.summary.lines:
        assert said(f"kiosk.value.{line.code.removeprefix('summary.')}") == line.value
    press("kiosk.language")
    for line in screen.case.summary.lines:
        assert said(f"kiosk.value.{line.code.removeprefix('summary.')}") == (line.value_en or line.value)


def test_a_wrong_line_is_pointed_at(stand: Stand) -> None:
    show(stand.controller, "confirm")
    row = stand.window.findChild(QWidget, "kiosk.line.notes")
    assert row is not None
    assert row.testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    press("kiosk.dispute")
    assert not exists({"name": "kiosk.confirm"})
    press("kiosk.line.notes")
    stand.work.run()
    assert stand.agent.asked == [("confirm", False, "summary.notes")]


def test_looking_for_a_wrong_line_can_be_given_up(stand: Stand) -> None:
    show(stand.controller, "confirm")
    press("kiosk.dispute")
    press("kiosk.all_right")
    press("kiosk.confirm")
    stand.work.run()
    assert stand.agent.asked == [("confirm", True)]


def test_the_pin_page_gets_a_count_and_no_digits(stand: Stand) -> None:
    show(stand.controller, "pin")
    assert said("kiosk.pin.typed") == "已输入 4 位"
    assert stand.voice.said[-1] == ("请输入银行卡密码", "zh")


def test_a_signature_reaches_the_agent_with_time_and_size(stand: Stand) -> None:
    show(stand.controller, "sign")
    button = stand.window.findChild(QAbstractButton, "kiosk.signed")
    assert button is not None
    assert (button.text(), button.isEnabled()) == ("请先签名", False)
    drag({"name": "kiosk.signature", "points": STROKE})
    press("kiosk.signed")
    stand.work.run()
    name, strokes, width, height = stand.agent.asked[-1]
    assert (name, width, height) == ("sign", 952, 640)
    assert [(point.x, point.y) for point in strokes[0]] == [(float(x), float(y)) for x, y in STROKE]
    assert strokes[0][0].t == 0


def test_a_signature_can_be_written_again_and_the_next_visit_begins_clean(stand: Stand) -> None:
    show(stand.controller, "sign")
    drag({"name": "kiosk.signature", "points": STROKE})
    press("kiosk.redo")
    button = stand.window.findChild(QAbstractButton, "kiosk.signed")
    assert button is not None
    assert not button.isEnabled()
    drag({"name": "kiosk.signature", "points": STROKE})
    show(stand.controller, "rate")
    show(stand.controller, "sign")
    assert not button.isEnabled()


def test_the_cash_page_counts_down(stand: Stand) -> None:
    show(stand.controller, "take_cash")
    assert said("kiosk.amount") == "¥20,000.00"
    assert said("kiosk.left") == "还有 24 秒"
    stand.clock.seconds += 10
    stand.controller.tick()
    assert said("kiosk.left") == "还有 14 秒"


def test_trouble_shows_three_facts(stand: Stand) -> None:
    show(stand.controller, "trouble-partial")
    facts = [said(f"kiosk.fact.{key}") for key in ("account", "machine", "hand")]
    assert facts == ["账户记了支出 ¥3,000.00", "机器里有 ¥17,000.00", "您手里有 ¥3,000.00"]


def test_a_star_is_the_whole_rating(stand: Stand) -> None:
    show(stand.controller, "rate")
    press("kiosk.rate.4")
    stand.work.run()
    assert stand.agent.asked == [("rate", 4)]


def test_leaving_asks_first_and_not_answering_loses_nothing(stand: Stand) -> None:
    show(stand.controller, "talk")
    press("kiosk.leave")
    press("kiosk.ask.no")
    assert stand.agent.asked == []
    press("kiosk.leave")
    press("kiosk.ask.yes")
    stand.work.run()
    assert stand.agent.asked == [("leave",)]


def test_the_question_goes_when_leaving_is_no_longer_possible(stand: Stand) -> None:
    show(stand.controller, "sign")
    press("kiosk.leave")
    stand.controller.set_screen(at(_S.TAKE_CARD, "out", deadline=1024.0))
    assert not exists({"name": "kiosk.ask.yes"})


def test_a_rating_can_be_skipped_without_a_question(stand: Stand) -> None:
    show(stand.controller, "rate")
    press("kiosk.leave")
    stand.work.run()
    assert stand.agent.asked == [("leave",)]


def test_a_refused_command_is_told_in_plain_words(stand: Stand) -> None:
    show(stand.controller, "sign")
    stand.agent.refusal = UserError("summary.changed")
    drag({"name": "kiosk.signature", "points": STROKE})
    press("kiosk.signed")
    stand.work.run()
    assert said("kiosk.notice.words") == "内容改过了，请重新核对"


def test_whoever_is_gone_is_asked_and_then_let_go(stand: Stand) -> None:
    show(stand.controller, "confirm")
    stand.clock.seconds += 46
    stand.controller.tick()
    assert exists({"name": "kiosk.there.yes"})
    press("kiosk.there.yes")
    stand.controller.tick()
    assert not exists({"name": "kiosk.there.yes"})
    stand.clock.seconds += 46
    stand.controller.tick()
    stand.clock.seconds += 30
    stand.controller.tick()
    stand.work.run()
    assert stand.agent.asked == [("leave",)]


def test_nobody_at_the_tiles_means_back_to_the_greeting(stand: Stand) -> None:
    show(stand.controller, "choose")
    stand.controller.tick()
    stand.clock.seconds += 80
    stand.controller.tick()
    assert said("kiosk.page") == "attract"


def test_large_print_and_english_last_for_one_visit(stand: Stand) -> None:
    show(stand.controller, "talk")
    press("kiosk.large_print")
    press("kiosk.language")
    assert (stand.window.kit.theme.name, stand.window.kit.language.current) == ("large", "en")
    stand.controller.set_screen(Screen(machine_ready=True))
    assert (stand.window.kit.theme.name, stand.window.kit.language.current) == ("light", "zh")
    assert said("kiosk.page") == "attract"


def test_a_machine_that_never_answers_is_out_of_order(stand: Stand) -> None:
    assert said("kiosk.page") == "starting"
    stand.clock.seconds += 16
    stand.controller.tick()
    assert said("kiosk.page") == "out_of_order"


def test_say_again_says_it_again(stand: Stand) -> None:
    show(stand.controller, "lay_id_front")
    before = len(stand.voice.said)
    press("kiosk.again")
    assert stand.voice.said[before:] == [("请把身份证放在玻璃上", "zh")]


def test_the_teller_sees_the_screen_only_when_it_changed_and_never_the_pin(stand: Stand, qtbot: QtBot) -> None:
    mirror = stand.window.mirror
    show(stand.controller, "confirm")
    mirror.tick()
    assert stand.call.sent == []
    stand.controller.set_call(CallPhase.LIVE)
    mirror.tick()
    qtbot.waitUntil(lambda: bool(stand.call.sent))
    assert stand.call.sent[-1].startswith(b"screen:\xff\xd8")
    sent = len(stand.call.sent)
    mirror.tick()
    assert len(stand.call.sent) == sent
    stand.controller.set_screen(at(_S.PIN, "typing"))
    stand.controller.set_screen(at(_S.PIN, "typing", digits=3))
    mirror.tick()
    assert set(stand.call.sent[sent:]) == {b"screen:masked"}


def test_a_screen_that_was_being_sent_when_the_pin_came_is_not_sent_after_it(stand: Stand, qtbot: QtBot) -> None:
    mirror = stand.window.mirror
    stand.controller.set_call(CallPhase.LIVE)
    show(stand.controller, "confirm")
    mirror.tick()
    stand.controller.set_screen(at(_S.PIN, "typing"))
    qtbot.waitUntil(lambda: not mirror.busy)
    assert set(stand.call.sent) == {b"screen:masked"}


def test_strokes_are_sent_as_they_are_drawn(stand: Stand) -> None:
    stand.controller.set_call(CallPhase.LIVE)
    show(stand.controller, "sign")
    drag({"name": "kiosk.signature", "points": STROKE})
    stroke = next(one for one in reversed(stand.call.sent) if one.startswith(b"stroke:"))
    body = json.loads(stroke.removeprefix(b"stroke:"))
    assert (body["width"], body["height"], body["points"]) == (952, 640, STROKE)
    press("kiosk.redo")
    assert b'stroke:{"clear": true}' in stand.call.sent


@pytest.mark.parametrize("phase", list(CallPhase))
def test_every_state_of_the_call_can_be_shown(stand: Stand, phase: CallPhase) -> None:
    show(stand.controller, "talk")
    stand.controller.set_call(phase)
    assert exists({"name": "kiosk.video"})


@pytest.mark.parametrize("large", [False, True])
def test_the_customer_is_told_that_nothing_is_recorded(stand: Stand, large: bool) -> None:
    stand.controller.set_call(CallPhase.LIVE)
    show(stand.controller, "lay_id_front", large=large)
    assert stand.window.teller.video.accessibleDescription() == "没有录音录像"
    stand.controller.set_call(CallPhase.ENDED)
    assert stand.window.teller.video.accessibleDescription() == ""


def test_papers_on_the_glass_are_asked_for_aloud_with_a_countdown(stand: Stand) -> None:
    show(stand.controller, "goodbye-papers")
    assert said("kiosk.step") == "请拿走您的身份证"
    assert stand.voice.said[-1][0] == "请拿走您的身份证"
    assert "秒" in said("kiosk.left")
