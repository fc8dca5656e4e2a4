"""Function keys: the guard, the three faces, the shortcut table, input methods."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from ui.kit.base import Label, vbox
from ui.kit.help_overlay import HelpOverlay
from ui.kit.keys import Face, KeyBar, KeyButton
from ui.kit.kit import Kit
from ui.kit.shortcuts import ShortcutTable
from ui.kit.texts.words import t


class Hand:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def main(kit: Kit, window: QWidget, hand: Hand, qtbot: QtBot) -> KeyButton:
    key = KeyButton(kit, "F9", "核对住址", "arrow-r", main=True, now=hand)
    window.setLayout(vbox(key))
    qtbot.waitUntil(key.isVisible)
    return key


def test_a_key_whose_meaning_changed_ignores_presses_for_400_ms(main: KeyButton, hand: Hand, qtbot: QtBot) -> None:
    pressed: list[str] = []
    main.clicked.connect(lambda: pressed.append(main.text()))
    main.set_do("批准")
    hand.now += 0.399
    QTest.mouseClick(main, Qt.MouseButton.LeftButton)
    QTest.keyClick(main, Qt.Key.Key_Space)
    assert main.press() is False
    hand.now += 0.002
    QTest.mouseClick(main, Qt.MouseButton.LeftButton)
    assert main.press() is True
    assert pressed == ["批准", "批准"]


def test_saying_the_same_again_does_not_close_the_guard(main: KeyButton, hand: Hand) -> None:
    main.set_do("批准")
    hand.now += 1
    main.set_do("批准")
    assert main.press() is True


def test_waiting_and_busy_faces_cannot_be_pressed(main: KeyButton, hand: Hand, qtbot: QtBot) -> None:
    pressed: list[bool] = []
    main.clicked.connect(lambda: pressed.append(True))
    for face in (Face.WAITING, Face.BUSY):
        if face is Face.WAITING:
            main.set_waiting("等待客户签名", since=94.0)
        else:
            main.set_busy("正在执行 4 / 9")
        hand.now += 1
        QTest.mouseClick(main, Qt.MouseButton.LeftButton)
        QTest.keyClick(main, Qt.Key.Key_Space)
        assert main.press() is False
    assert not pressed
    assert main.face is Face.BUSY


def test_the_three_faces_look_different(main: KeyButton) -> None:
    pictures = [main.grab().toImage()]
    main.set_waiting("核对住址")
    pictures.append(main.grab().toImage())
    main.set_busy("核对住址")
    pictures.append(main.grab().toImage())
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]


def test_the_cap_stands_only_on_what_can_be_done(main: KeyButton) -> None:
    assert main.accessibleName() == "核对住址 F9"
    main.set_waiting("等待客户签名")
    assert main.accessibleName() == "等待客户签名"


@pytest.fixture
def table(kit: Kit, window: QWidget, qtbot: QtBot) -> ShortcutTable:
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return ShortcutTable(kit, window)


def test_a_shortcut_presses_the_button_with_its_cap(
    kit: Kit, window: QWidget, table: ShortcutTable, qtbot: QtBot
) -> None:
    bar = KeyBar(kit, "接待下一位")
    key = bar.add_key("hold", "F2", "保持", "pause")
    window.setLayout(vbox(bar))
    pressed: list[str] = []
    bar.pressed.connect(pressed.append)
    table.add_button("hold", key)
    table.add_button("main", bar.main)
    QTest.keyClick(window, Qt.Key.Key_F2)
    table.set_enabled("hold", False)
    QTest.keyClick(window, Qt.Key.Key_F2)
    QTest.keyClick(window, Qt.Key.Key_F9)
    assert pressed == ["hold", "main"]
    assert not key.isEnabled()


def test_a_key_can_stand_only_once(table: ShortcutTable) -> None:
    table.add("a", "F3", "x", lambda: None)
    with pytest.raises(ValueError, match="twice"):
        table.add("b", "F3", "y", lambda: None)


def test_enter_and_esc_belong_to_the_input_method_while_it_composes(
    window: QWidget, table: ShortcutTable, qtbot: QtBot
) -> None:
    edit = QLineEdit()
    window.setLayout(vbox(edit))
    window.activateWindow()
    edit.setFocus()
    qtbot.waitUntil(lambda: QApplication.focusWidget() is edit)
    pressed: list[str] = []
    table.add("close", "Esc", "x", lambda: pressed.append("esc"))
    table.add("find", "Ctrl+K", "x", lambda: pressed.append("find"))
    QApplication.sendEvent(edit, QInputMethodEvent("gu", []))
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    QTest.keyClick(edit, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert (pressed, table.composing) == (["find"], True)
    done = QInputMethodEvent()
    done.setCommitString("顾")
    QApplication.sendEvent(edit, done)
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    assert (pressed, edit.text()) == (["find", "esc"], "顾")


def test_help_shows_exactly_the_installed_keys(kit: Kit, window: QWidget, table: ShortcutTable, qtbot: QtBot) -> None:
    table.add("help", "F1", t("common.key_help"), lambda: None)
    table.add("close", "Esc", t("common.key_close"), lambda: None, group="common.keys_window")
    overlay = HelpOverlay(kit, window, table)
    overlay.open()
    shown = {label.text() for label in overlay.findChildren(Label)}
    assert {kit.say(row.words) for row, _ in table.rows()} <= shown
    with qtbot.waitSignal(overlay.closed):
        QTest.keyClick(overlay, Qt.Key.Key_X)
    assert not overlay.isVisible()
