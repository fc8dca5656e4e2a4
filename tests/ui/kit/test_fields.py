"""Fields: their states, what they take, and the language that changes under them."""

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from ui.kit.base import Label, vbox
from ui.kit.buttons import Button
from ui.kit.fields import FieldState, Select, TextField
from ui.kit.kit import Kit
from ui.kit.special_fields import AmountField, DateField, IdNumberField, MaskedField, id_number_problem, parse_amount
from ui.kit.texts.words import T, t


def lay_out(window: QWidget) -> None:
    """Give every widget its place now."""
    layout = window.layout()
    assert layout is not None
    layout.activate()


def test_states_show_by_property_icons_hint_and_name(kit: Kit, window: QWidget) -> None:
    field = TextField(kit, "住址", "梧桐路17号")
    window.setLayout(vbox(field))
    field.set_state(FieldState.UNSURE, t("common.field_characters_unclear", n=1), source="scan")
    assert field.edit.property("state") == "unsure"
    assert field.icons() == [("warn", "warn"), ("scan", "warn")]
    assert field.hint.full_text() == "有 1 个字识别不清，请对照原图"
    assert field.edit.accessibleName() == "住址, 识别不清"
    field.set_state(FieldState.OCR)
    assert (field.icons(), field.hint.isVisible()) == ([("scan", "accent")], False)


def test_states_are_told_apart_by_the_eye(kit: Kit, window: QWidget) -> None:
    field = TextField(kit, "住址", "梧桐路")
    window.setLayout(vbox(field))
    pictures = []
    for state in FieldState:
        field.set_state(state)
        pictures.append(field.box.grab().toImage())
    assert all(a != b for at, a in enumerate(pictures) for b in pictures[at + 1 :])


@pytest.mark.parametrize("state", list(FieldState))
def test_the_box_is_36_high_in_every_state(kit: Kit, window: QWidget, state: FieldState) -> None:
    field = TextField(kit, "住址", "x")
    window.setLayout(vbox(field, None))
    field.set_state(state)
    lay_out(window)
    assert field.edit.height() == 36


def test_typing_takes_the_mark_of_the_machine_away(kit: Kit, window: QWidget, qtbot: QtBot) -> None:
    field = TextField(kit, "姓名", "顾南枝")
    window.setLayout(vbox(field))
    field.set_state(FieldState.OCR, source="scan")
    QTest.keyClicks(field.edit, "x")
    assert (field.state, field.icons()) == (FieldState.PLAIN, [])
    assert field.undo() is True
    assert field.value() == "顾南枝"


def test_enter_in_an_unsure_field_says_it_matches(kit: Kit, window: QWidget, qtbot: QtBot) -> None:
    field = TextField(kit, "姓名", "顾南枝")
    window.setLayout(vbox(field))
    field.set_state(FieldState.UNSURE)
    with qtbot.waitSignals([field.look_accepted, field.accepted]):
        QTest.keyClick(field.edit, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("typed", "minor"),
    [
        ("20000", 2_000_000),
        ("¥20,000.5", 2_000_050),
        ("0.1", 10),
        ("1.234", None),
        ("", None),
        ("-5", None),
        ("a", None),
    ],
)
def test_amounts(typed: str, minor: int | None) -> None:
    assert parse_amount(typed) == minor


def test_an_amount_is_tidied_when_the_box_is_left(kit: Kit, window: QWidget, qtbot: QtBot) -> None:
    field = AmountField(kit, "金额")
    window.setLayout(vbox(field))
    seen: list[object] = []
    field.amount_changed.connect(seen.append)
    QTest.keyClicks(field.edit, "20000")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    assert (field.edit.text(), field.minor(), seen[-1]) == ("20,000.00", 2_000_000, 2_000_000)


def test_a_bad_date_is_marked_and_a_good_one_written_out(kit: Kit, window: QWidget, qtbot: QtBot) -> None:
    field = DateField(kit, "日期")
    window.setLayout(vbox(field))
    QTest.keyClicks(field.edit, "20361320")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    assert field.state is FieldState.ERROR
    field.edit.clear()
    QTest.keyClicks(field.edit, "20360520")
    QTest.keyClick(field.edit, Qt.Key.Key_Return)
    assert (field.edit.text(), field.state) == ("2036-05-20", FieldState.PLAIN)


def test_id_numbers_are_counted_and_checked() -> None:
    assert id_number_problem("11010519491231002X") is None
    assert id_number_problem("110105194912310021") == T("common.field_id_check")
    assert id_number_problem("1101051949123100") == T("common.field_id_short", {"n": 2})


def test_an_id_field_takes_only_digits_and_x(kit: Kit, window: QWidget, qtbot: QtBot) -> None:
    field = IdNumberField(kit, "证件号码")
    window.setLayout(vbox(field))
    QTest.keyClicks(field.edit, "1101051949-1231002x9")
    assert field.value() == "11010519491231002X"
    assert field.check() is True


def test_a_masked_number_shows_only_while_pressed(kit: Kit, window: QWidget, qtbot: QtBot) -> None:
    field = MaskedField(kit, "证件号码", "999999********0426")
    window.setLayout(vbox(field))
    asked: list[bool] = []
    field.revealed.connect(asked.append)
    QTest.mousePress(field.edit, Qt.MouseButton.LeftButton)
    field.show_plain("999999199003070426")
    assert field.edit.text() == "999999199003070426"
    QTest.mouseRelease(field.edit, Qt.MouseButton.LeftButton)
    field.show_plain("999999199003070426")
    assert (field.edit.text(), asked) == ("999999********0426", [True, False])


def test_a_select_gives_keys_and_follows_the_language(kit: Kit, window: QWidget) -> None:
    field = Select(kit, "职业", [("a", t("common.close")), ("b", t("common.retry"))], "b")
    window.setLayout(vbox(field))
    assert (field.value(), field.combo.currentText()) == ("b", "重试")
    kit.language.set_current("en")
    assert (field.value(), field.combo.currentText()) == ("b", "Retry")


def test_everything_bound_changes_language_at_once(kit: Kit, window: QWidget) -> None:
    label, button = Label(kit, t("common.close")), Button(kit, t("common.retry"), cap="F5")
    window.setLayout(vbox(label, button))
    kit.language.set_current("en")
    assert (label.text(), button.text(), button.accessibleName()) == ("Close", "Retry", "Retry F5")
    kit.language.set_current("zh")
    assert (label.text(), button.text()) == ("关闭", "重试")


def test_a_bound_text_ends_with_its_widget(kit: Kit, window: QWidget, qtbot: QtBot) -> None:
    label = Label(kit, t("common.close"), parent=window)
    label.deleteLater()
    QApplication.sendPostedEvents(label, QEvent.Type.DeferredDelete.value)
    kit.language.set_current("en")


def test_busy_keeps_the_width_and_cannot_be_pressed(kit: Kit, window: QWidget, qtbot: QtBot) -> None:
    button = Button(kit, "推送给客户确认", "primary")
    window.setLayout(vbox(button))
    pressed: list[bool] = []
    button.clicked.connect(pressed.append)
    lay_out(window)
    width = button.width()
    button.set_busy(True, "忙")
    lay_out(window)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert (button.width() >= width, pressed, button.busy) == (True, [], True)
    button.set_busy(False)
    assert button.isEnabled()
