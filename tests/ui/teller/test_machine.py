"""The teller's view of a machine: live while it is open, orders asked and traced, refusals named."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel

from benchmarks.seat import machines
from common.errors import UserError
from common.wire.machine import MachinePicture, OrderAction, PlaceReport
from common.wire.signalling import DeskChanged
from tests.ui.teller.conftest import Seat
from ui.kit.base import Label
from ui.kit.buttons import Button
from ui.kit.tables import Cell, TagCell, fitted_tag
from ui.kit.texts.book import Lang, all_texts
from ui.kit.texts.words import t
from ui.teller_app.machine_watch import order_words, service_name
from ui.teller_app.panels.machine_parts import COLUMNS

A = OrderAction


def opened(seat: Seat) -> None:
    seat.window.actions_.do("machine:K-05")
    seat.paint()


def button(seat: Seat, action: OrderAction) -> Button:
    found = seat.part(f"machine.do.{action.value}")
    assert isinstance(found, Button)
    return found


def words(seat: Seat, name: str) -> str:
    found = seat.part(name)
    assert isinstance(found, QLabel)
    return found.text()


def test_the_picture_is_live_only_while_somebody_looks(seat: Seat) -> None:
    seat.out.presence.message.emit(DeskChanged())
    assert seat.out.machines.looks == 0
    opened(seat)
    assert words(seat, "machine.place.notes.output") == "有"
    assert words(seat, "machine.place.new_card.hopper") == "偏少，12"
    seat.out.machines.view = machines.machine_detail(fresh=False, picture=MachinePicture(
        places=[PlaceReport(place="notes.output", state="empty")]))  # fmt: skip
    seat.out.presence.message.emit(DeskChanged())
    seat.paint()
    assert words(seat, "machine.place.notes.output") == "没有"
    looks = seat.out.machines.looks
    QTest.keyClick(seat.window.popups.machine, Qt.Key.Key_Escape)
    seat.out.presence.message.emit(DeskChanged())
    assert seat.out.machines.looks == looks
    assert not seat.window.popups.machine.isVisible()


def test_what_would_lose_money_or_a_card_is_refused_with_the_reason(seat: Seat) -> None:
    opened(seat)
    assert not button(seat, A.RETRACT_NOTES).isEnabled()
    row = seat.window.popups.machine.orders.rows[A.RETRACT_NOTES]
    assert row.why.text() == "没有等人取的钞票，由对账处理"
    which = seat.part("machine.which.reset_device")
    assert isinstance(which, QComboBox)
    assert button(seat, A.RESET_DEVICE).isEnabled()
    which.setCurrentIndex(which.findData("cash"))
    assert not button(seat, A.RESET_DEVICE).isEnabled()
    assert not seat.window.popups.machine.orders.rows[A.INTO_SERVICE].isVisible(), "it is in service"


@pytest.mark.parametrize(("reason", "given"), [("customer_asks", 1), ("stay", 0)])
def test_an_order_asks_why_before_it_is_given(seat: Seat, reason: str, given: int) -> None:
    opened(seat)
    button(seat, A.RETURN_CARD).click()
    assert seat.window.alerts.dialog is not None
    seat.window.alerts.dialog.choose(reason)
    assert [(one.action, one.reason) for one in seat.out.machines.given] == [(A.RETURN_CARD, reason)] * given
    assert ("等它回话" in seat.window.popups.machine.note.text()) is bool(given)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_why_can_be_read_whole_and_is_told_by_number(seat: Seat, lang: Lang) -> None:
    seat.window.kit.language.set_current(lang)
    opened(seat)
    button(seat, A.RETURN_CARD).click()
    dialog = seat.window.alerts.dialog
    assert dialog is not None
    seat.qtbot.waitUntil(dialog.guard.open)
    short = [key for key, one in dialog.buttons.items() if one.width() < one.minimumSizeHint().width()]
    assert (short, [one.cap for one in dialog.buttons.values()]) == ([], ["Esc", "1", "2", "3", "4"])
    QTest.keyClick(dialog.buttons["stay"], Qt.Key.Key_3)
    assert [one.reason for one in seat.out.machines.given] == ["fault"]


def test_a_service_is_restarted_by_name_and_a_light_needs_no_reason(seat: Seat) -> None:
    opened(seat)
    which = seat.part("machine.which.restart_service")
    assert isinstance(which, QComboBox)
    which.setCurrentIndex(which.findData("Printer"))
    button(seat, A.RESTART_SERVICE).click()
    assert seat.window.alerts.dialog is not None
    seat.window.alerts.dialog.choose("fault")
    button(seat, A.LIGHT).click()
    assert seat.window.alerts.dialog is None
    given = [(one.action, one.target) for one in seat.out.machines.given]
    assert given == [(A.RESTART_SERVICE, "Printer"), (A.LIGHT, "cardReader")]


def test_the_servers_refusal_is_told_and_every_order_leaves_its_trace(seat: Seat) -> None:
    opened(seat)
    seat.out.machines.refuses = UserError("order.not_your_visit")
    button(seat, A.LIGHT).click()
    view = seat.window.popups.machine
    assert view.note.text() == "另一位柜员正在接待，不能动"
    rows = view.trace.table.table_model.rows
    states = [seat.window.kit.say(cell.words) for row in rows for cell in row.cells if isinstance(cell, TagCell)]
    assert states == ["被拒绝", "完成", "结果不明"]
    notes = [seat.window.kit.say(row.cells[-1].words) for row in rows if isinstance(row.cells[-1], Cell)]
    assert notes[0] == "现金正在出入，会对不上账"


def test_a_machine_out_of_service_offers_the_way_back(seat: Seat) -> None:
    seat.out.machines.view = machines.machine_detail(in_service=False, case_number=None)
    opened(seat)
    assert not seat.window.popups.machine.orders.rows[A.OUT_OF_SERVICE].isVisible()
    assert seat.window.popups.machine.orders.rows[A.INTO_SERVICE].isVisible()


def test_the_way_in_is_at_the_machines_between_customers(seat: Seat) -> None:
    number = seat.out.desk.view.machines[0].number
    found = seat.part(f"teller.machine.{number}")
    assert isinstance(found, Button)
    found.click()
    assert seat.window.parts.machine.number == number


@pytest.mark.parametrize("state", ["done", "failed", "expired"])
def test_the_word_about_an_order_goes_when_the_trace_has_its_end(seat: Seat, state: str) -> None:
    opened(seat)
    button(seat, A.LIGHT).click()
    view, given = seat.window.popups.machine, machines.order(A.LIGHT, "cardReader", "given")
    for now, waits in (("given", True), ("begun", True), (state, False)):
        told = given.model_copy(update={"state": now})
        seat.out.machines.view = machines.machine_detail(orders=[told])
        seat.out.presence.message.emit(DeskChanged())
        assert ("等它回话" in view.note.full_text()) is waits, now


@pytest.mark.parametrize(("lang", "offline"), [("zh", "离线，以下是 {at} 的情况"), ("en", "Offline: as of {at}")])
def test_an_old_picture_says_when_it_was_so_and_has_no_green_checks(seat: Seat, lang: Lang, offline: str) -> None:
    seat.window.kit.language.set_current(lang)
    now = seat.out.clock.now()
    seat.out.machines.view = machines.machine_detail(online=False, fresh=False, at=now)
    opened(seat)
    view = seat.window.popups.machine
    assert view._tags["online"].text() == offline.format(at=f"{now.astimezone():%H:%M:%S}")
    assert {label.property("tone") for label in view.places.findChildren(Label) if "place." in label.objectName()} == {
        "muted"
    }
    before = now - timedelta(days=3)
    seat.out.machines.view = machines.machine_detail(fresh=False, at=before)
    seat.out.presence.message.emit(DeskChanged())
    assert f"{before.astimezone():%m-%d %H:%M:%S}" in view._tags["online"].text()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_services_have_names_and_the_trace_has_room_for_them(seat: Seat, lang: Lang) -> None:
    kit = seat.window.kit
    kit.language.set_current(lang)
    assert kit.say(service_name("PalmVein")) == {"zh": "掌静脉仪", "en": "Palm vein reader"}[lang]
    assert (kit.say(service_name("Weird")), kit.say(service_name("W @h:1"))) == (
        "Weird", {"zh": "W（h:1）", "en": "W (h:1)"}[lang],
    )  # fmt: skip
    services = [code.removeprefix("machine.called_") for code in all_texts() if code.startswith("machine.called_")]
    told = [kit.say(order_words(A.RESTART_SERVICE, one)) for one in services]
    assert len(told) > 25
    assert [one for one in told if kit.theme.text_width(one, 14) > COLUMNS[2].width - 24] == []
    states = [kit.say(t(code)) for code in all_texts() if code.startswith("machine.state_")]
    assert [one for one in states if fitted_tag(kit, one, False, COLUMNS[3].width - 24)[0] != one] == []
    cut, width = fitted_tag(kit, "Not carried out at all", False, 60)
    assert (cut.endswith("…"), width) == (True, 60)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_not_well_and_what_can_be_restarted_is_called_by_its_name(seat: Seat, lang: Lang) -> None:
    seat.window.kit.language.set_current(lang)
    opened(seat)
    which = seat.part("machine.which.restart_service")
    assert isinstance(which, QComboBox)
    assert which.itemText(0) == {"zh": "密码键盘", "en": "PIN pad"}[lang]
    assert {"zh": "掌静脉仪 没有回答", "en": "Palm vein reader"}[lang] in words(seat, "machine.services")
