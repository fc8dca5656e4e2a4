"""Overlays, palette, tables, layout modes, alerts, stalls, crash net."""

import sys
import threading

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from common.errors import UserError
from ui.kit.alerts import Alerts, Choice, RecordingAlerts, WindowAlerts
from ui.kit.base import vbox
from ui.kit.buttons import Button
from ui.kit.crash import CrashGuard
from ui.kit.evidence_viewer import EvidenceViewer, Exhibit
from ui.kit.kit import Kit
from ui.kit.layout_modes import LayoutModes, mode_for
from ui.kit.overlays import Dialog, ToastArea
from ui.kit.palette import Palette, PaletteEntry
from ui.kit.shortcuts import ShortcutTable
from ui.kit.stalls import StallMeter
from ui.kit.tables import Column, Row, TableView


@pytest.fixture
def button(kit: Kit, window: QWidget, qtbot: QtBot) -> Button:
    """A button with the focus, under whatever opens."""
    made = Button(kit, "下面")
    window.setLayout(vbox(made))
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    made.setFocus()
    return made


def test_a_dialog_traps_the_focus_and_gives_it_back(kit: Kit, window: QWidget, button: Button, qtbot: QtBot) -> None:
    dialog = Dialog(kit, window, "挂断通话？")
    stay, end = dialog.add_button("stay", "继续通话"), dialog.add_button("end", "挂断", "danger")
    dialog.open()
    assert stay.hasFocus()
    QTest.keyClick(stay, Qt.Key.Key_Tab)
    assert end.hasFocus()
    QTest.keyClick(end, Qt.Key.Key_Tab)
    assert stay.hasFocus()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        QTest.mouseClick(end, Qt.MouseButton.LeftButton)
    assert chosen.args == ["end"]
    assert button.hasFocus()


def test_esc_dismisses_a_dialog_without_a_choice(kit: Kit, window: QWidget, button: Button, qtbot: QtBot) -> None:
    dialog = Dialog(kit, window, "挂断通话？")
    stay = dialog.add_button("stay", "继续通话")
    dialog.open()
    with qtbot.waitSignal(dialog.dismissed), qtbot.assertNotEmitted(dialog.chosen):
        QTest.keyClick(stay, Qt.Key.Key_Escape)
    assert button.hasFocus()


def test_a_dialog_hears_its_caps_and_the_window_below_hears_nothing(
    kit: Kit, window: QWidget, button: Button, qtbot: QtBot
) -> None:
    below: list[str] = []
    table = ShortcutTable(kit, window)
    for key in ("F9", "F12", "Ctrl+K"):
        table.add(key, key, key, lambda key=key: below.append(key))  # type: ignore[misc]
    dialog = Dialog(kit, window, "挂断通话？")
    dialog.add_button("stay", "继续通话", cap="Esc")
    dialog.add_button("end", "挂断", "danger", cap="F12")
    chosen: list[str] = []
    dialog.chosen.connect(chosen.append)
    dialog.open()
    QTest.keyClick(dialog.buttons["stay"], Qt.Key.Key_F12)  # still the press that opened it
    assert not chosen
    qtbot.waitUntil(dialog.guard.open)
    QTest.keyClick(dialog.buttons["stay"], Qt.Key.Key_F9)
    QTest.keyClick(dialog.buttons["stay"], Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(dialog.buttons["stay"], Qt.Key.Key_F12)
    assert (chosen, below) == (["end"], [])
    QTest.keyClick(button, Qt.Key.Key_F9)
    assert below == ["F9"]


def narrow(dialog: Dialog) -> list[str]:
    """The buttons that cannot show their words."""
    return [key for key, one in dialog.buttons.items() if one.width() < one.minimumSizeHint().width()]


@pytest.mark.parametrize("said", ["短", "客户要求，而且话很长很长", "customer asked for it in so many words " * 3])
def test_no_button_of_a_dialog_is_narrower_than_its_words(
    kit: Kit, window: QWidget, button: Button, qtbot: QtBot, said: str
) -> None:
    dialog = Dialog(kit, window, "为什么？")
    dialog.add_button("stay", "不做", cap="Esc")
    for at in range(3):
        dialog.add_button(f"{at}", said)
    dialog.open()
    qtbot.wait(20)
    assert not narrow(dialog)
    dialog.buttons["1"].set_words("words that came later, with another language, and need room of their own")
    qtbot.wait(20)
    assert not narrow(dialog)
    assert dialog.buttons["stay"].hasFocus()
    dialog.buttons["1"].set_words("短")
    qtbot.wait(20)
    row = said == "短"
    assert (dialog.buttons["0"].y() == dialog.buttons["2"].y()) is row, "beside each other again where they fit"


def test_a_dialog_stands_in_the_middle_whatever_it_says(kit: Kit, window: QWidget, button: Button) -> None:
    said = "Look at the customer in the video and at the portrait: the same person? A second person looks too."
    dialog = Dialog(kit, window, "Compare by eye", said * 3)
    dialog.add_button("stay", "Stay")
    dialog.open()
    assert abs(dialog.geometry().center().x() - window.rect().center().x()) <= 1


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier])
def test_choices_by_number_stand_under_each_other_and_their_numbers_choose(
    kit: Kit, window: QWidget, button: Button, qtbot: QtBot, held: Qt.KeyboardModifier
) -> None:
    dialog = Dialog(kit, window, "为什么？")
    dialog.add_button("stay", "不做", cap="Esc")
    for at in (1, 2):
        dialog.add_button(f"because{at}", f"原因{at}", cap=f"{at}")
    dialog.open()
    qtbot.waitUntil(dialog.guard.open)
    one, two = dialog.buttons["because1"], dialog.buttons["because2"]
    assert one.geometry().bottom() < two.geometry().top()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        QTest.keyClick(dialog.buttons["stay"], Qt.Key.Key_2, held)
    assert chosen.args == ["because2"]


def test_at_most_two_toasts_and_errors_stay(kit: Kit, window: QWidget) -> None:
    area = ToastArea(kit, window)
    for number in range(3):
        area.show_toast(f"{number}", "bad")
    assert [toast.label.text() for toast in area.toasts()] == ["1", "2"]


def test_the_palette_finds_by_initials_code_and_words(kit: Kit, window: QWidget, qtbot: QtBot) -> None:
    palette = Palette(kit, window)
    entries = (
        PaletteEntry("withdraw", "现金取款", initials="xjqk", code="0402"),
        PaletteEntry("deposit", "现金存款", initials="xjck", code="0401"),
        PaletteEntry("term", "定期存款开立", initials="dqckkl", code="0301"),
    )
    palette.set_entries(entries)
    palette.open()
    for query, keys in (
        ("xjqk", ["withdraw"]),
        ("0401", ["deposit"]),
        ("存款", ["deposit", "term"]),
        ("dkl", ["term"]),
    ):
        palette.query.setText(query)
        assert list(palette.shown_keys()) == keys, query
    palette.query.setText("xyz")
    assert palette.nothing.text() == "没有“xyz”，试试拼音首字母或四位交易码"


def test_the_palette_is_driven_by_keys(kit: Kit, window: QWidget, button: Button, qtbot: QtBot) -> None:
    palette = Palette(kit, window)
    palette.set_entries([PaletteEntry("a", "甲"), PaletteEntry("b", "乙", group="common.palette_actions")])
    palette.open()
    assert palette.query.hasFocus()
    QTest.keyClick(palette.query, Qt.Key.Key_Down)
    with qtbot.waitSignal(palette.chosen) as chosen:
        QTest.keyClick(palette.query, Qt.Key.Key_Return)
    assert chosen.args == ["b"]
    palette.open()
    with qtbot.waitSignal(palette.added) as added:
        QTest.keyClick(palette.query, Qt.Key.Key_Tab)
    assert added.args == ["a"]


def test_the_evidence_viewer_zooms_turns_and_pans(kit: Kit, window: QWidget, qtbot: QtBot) -> None:
    viewer = EvidenceViewer(kit, window)
    image = QImage(400, 200, QImage.Format.Format_RGB32)
    viewer.open((Exhibit("front", "正面", image), Exhibit("back", "背面", image)), "front")
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.view.offset.isNull()  # nothing to pan while all of it is seen
    for _ in range(4):
        QTest.keyClick(viewer, Qt.Key.Key_Plus)
    QTest.keyClick(viewer, Qt.Key.Key_Right)
    assert viewer.view.zoom > 2
    assert viewer.view.offset.x() < 0
    QTest.keyClick(viewer, Qt.Key.Key_R)
    assert viewer.view.quarter == 1
    QTest.keyClick(viewer, Qt.Key.Key_2)
    assert (viewer.current(), viewer.view.zoom) == ("back", 1.0)
    with qtbot.waitSignal(viewer.closed):
        QTest.keyClick(viewer, Qt.Key.Key_Space)


def test_a_table_keeps_the_chosen_row(kit: Kit, window: QWidget) -> None:
    table = TableView(kit, (Column("受理单"), Column("金额", right=True)))
    window.setLayout(vbox(table))
    table.set_rows([Row("a", ("1", "2")), Row("b", ("3", "4"))])
    table.choose("b")
    table.set_rows([Row("c", ("0", "0")), Row("a", ("1", "2")), Row("b", ("3", "5"))])
    assert table.current_key() == "b"


@pytest.mark.parametrize(
    ("width", "now", "mode"),
    [
        (1920, None, "L"),
        (1440, None, "M"),
        (1152, None, "S"),
        (500, None, "XS"),
        (1690, "M", "M"),
        (1696, "M", "L"),
        (1670, "L", "L"),
        (1663, "L", "M"),
        (1000, "L", "XS"),
        (1930, "XS", "L"),
    ],
)
def test_modes_change_with_hysteresis(width: int, now: str | None, mode: str) -> None:
    assert mode_for(width, now).id == mode


def test_a_window_tells_its_mode(kit: Kit, window: QWidget, qtbot: QtBot) -> None:
    modes = LayoutModes(window)
    with qtbot.waitSignal(modes.changed) as changed:
        window.resize(1500, 800)
    assert changed.args[0].id == "M"
    assert not modes.short


def test_alerts_speak_in_words_not_codes(kit: Kit, window: QWidget, button: Button, qtbot: QtBot) -> None:
    alerts = WindowAlerts(kit, window)
    alerts.error(UserError("network.session_ended"))
    assert alerts.toasts.toasts()[0].label.text() == "登录已过期，请重新登录"
    answers: list[str] = []
    alerts.ask("挂断？", None, [Choice("no", "继续"), Choice("yes", "挂断", "danger", "F12")], answers.append)
    assert alerts.dialog is not None
    QTest.mouseClick(alerts.dialog.buttons["yes"], Qt.MouseButton.LeftButton)
    assert answers == ["yes"]
    qtbot.waitUntil(lambda: alerts.dialog is None and not window.findChildren(Dialog))


def test_recording_alerts_answer_in_turn() -> None:
    recording = RecordingAlerts(answers=["yes"])
    alerts: Alerts = recording
    answers: list[str] = []
    alerts.warn("x")
    alerts.error(UserError("a.b"))
    alerts.ask("?", None, [Choice("yes", "是")], answers.append)
    assert (recording.said, answers) == ([("warn", "x"), ("error", "a.b")], ["yes"])


def test_the_stall_meter_counts_late_beats_only() -> None:
    now = [0.0]
    meter = StallMeter(now=lambda: now[0])
    meter.start()
    for later in (0.01, 0.055, 0.2):
        now[0] += later
        meter.beat()
    meter.stop()
    figures = {"stalls_over_50_ms": 1, "longest_ms": 190.0, "stalled_ms": 190.0, "stalls": [[0.265, 190.0]]}
    assert meter.figures() == figures


class _Broken(QWidget):
    """Fails in the middle of painting itself."""

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setOpacity(0.5)
        raise ValueError("x")


@pytest.mark.expects_log("unhandled exception")
def test_a_bug_while_painting_is_told_and_ends_no_window(qtbot: QtBot) -> None:
    guard = CrashGuard()
    seen: list[BaseException] = []
    guard.reported.connect(seen.append)
    guard.install()
    try:
        broken = _Broken()
        broken.show()
        qtbot.waitUntil(lambda: bool(seen))
        broken.deleteLater()
        QCoreApplication.sendPostedEvents(broken, QEvent.Type.DeferredDelete)
    finally:
        guard.uninstall()
    assert isinstance(seen[0], ValueError)


@pytest.mark.expects_log("unhandled exception")
def test_the_crash_net_tells_the_gui_thread(qtbot: QtBot) -> None:
    guard = CrashGuard()
    seen: list[tuple[BaseException, str]] = []
    guard.reported.connect(lambda error: seen.append((error, threading.current_thread().name)))
    guard.install()
    try:
        error = ValueError("x")
        worker = threading.Thread(target=lambda: sys.excepthook(ValueError, error, None))
        worker.start()
        worker.join()
        qtbot.waitUntil(lambda: bool(seen))
    finally:
        guard.uninstall()
    assert seen == [(error, "MainThread")]
