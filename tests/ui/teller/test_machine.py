"""The teller's view of a machine: live while it is open, orders asked and traced, refusals named."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel

from benchmarks.seat import machines
from common.errors import UserError
from common.wire.machine import MachinePicture, OrderAction, PlaceReport
from common.wire.signalling import DeskChanged
from tests.ui.teller.conftest import Seat
from ui.kit.buttons import Button
from ui.kit.tables import Cell, TagCell
from ui.kit.texts.book import Lang

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
