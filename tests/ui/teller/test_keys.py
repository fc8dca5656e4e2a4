"""The call, the keys and what stands above the window: driven with real keys."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit

from benchmarks.seat import cases
from tests.ui.teller.conftest import Seat, phase, serve
from ui.teller_app.local import CallPhase
from ui.teller_app.main_key import Act, Action
from video.call import CallState

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def test_f12_asks_first_and_f12_again_hangs_up(seat: Seat) -> None:
    serve(seat, cases.filled())
    seat.key(Key.Key_F12)
    assert seat.window.alerts.dialog is not None
    seat.key(Key.Key_Escape)
    assert seat.out.link.did == []
    seat.key(Key.Key_F12)
    seat.key(Key.Key_F12)
    assert seat.out.link.did == ["hang_up"]
    seat.out.link.ended.emit("hangup")
    assert seat.main() == "再次呼叫客户"
    seat.key(Key.Key_F9)
    assert seat.out.store.sent[-1].suffix == "call"


def test_hold_mute_and_a_broken_call(seat: Seat) -> None:
    serve(seat, cases.filled())
    assert phase(seat) is CallPhase.LIVE
    seat.key(Key.Key_F2)
    assert phase(seat) is CallPhase.HELD
    seat.key(Key.Key_F2)
    seat.key(Key.Key_M, CTRL)
    assert seat.out.link.did == ["held True", "held False", "muted True"]
    seat.out.link.stand(CallState.BROKEN)
    assert phase(seat) is CallPhase.RECOVERING
    assert seat.main() == "提交"


def test_the_picture_of_a_call_never_claims_a_recording(seat: Seat) -> None:
    serve(seat)
    video = seat.part("teller.video")
    assert video.accessibleDescription() == "未双录"
    seat.out.link.ended.emit("hangup")
    seat.paint()
    assert video.accessibleDescription() == ""


def test_f6_finds_a_case_and_enter_opens_it_to_read(seat: Seat) -> None:
    done = cases.completed()
    seat.out.store.known[done.id] = done
    seat.out.desk.found = [cases.row(done.number, id=done.id)]
    seat.key(Key.Key_F6)
    QTest.keyClicks(seat.part("teller.caseSearch"), "0051")
    seat.key(Key.Key_Return)
    assert seat.out.desk.asked == ["0051"]
    seat.key(Key.Key_Return)
    assert seat.window.parts.cases.local.read_only
    assert "4 件资料" in " ".join(label.text() for label in seat.part("teller.recordHead").findChildren(QLabel))
    name = seat.part("teller.record.name")
    assert isinstance(name, QLineEdit)
    assert name.isReadOnly()
    seat.key(Key.Key_Escape)
    assert seat.out.store.case is None


def test_the_palette_finds_actions_by_initials(seat: Seat) -> None:
    serve(seat, cases.filled())
    seat.key(Key.Key_K, CTRL)
    QTest.keyClicks(seat.part("palette.query"), "qxyw")
    assert seat.window.popups.palette.shown_keys() == ("cancel_case",)
    seat.key(Key.Key_Return)
    assert seat.window.alerts.dialog is not None
    QTest.mouseClick(seat.part("dialog.customer_left"), Qt.MouseButton.LeftButton)
    assert seat.out.store.sent[-1].suffix == "cancel"
    assert seat.out.store.sent[-1].body.reason == "customer_left"


def test_f1_prints_the_installed_keys(seat: Seat) -> None:
    seat.key(Key.Key_F1)
    shown = {row.key for row, _ in seat.window.table.rows()}
    assert {"F2", "F3", "F9", "F12", "Ctrl+J", "Ctrl+K"} <= shown
    assert seat.window.popups.help.isVisible()
    seat.key(Key.Key_Escape)
    assert not seat.window.popups.help.isVisible()


def test_language_and_theme_switch_at_run_time(seat: Seat) -> None:
    serve(seat, cases.filled())
    QTest.mouseClick(seat.part("teller.language"), Qt.MouseButton.LeftButton)
    assert seat.main() == "Submit"
    QTest.mouseClick(seat.part("teller.theme"), Qt.MouseButton.LeftButton)
    assert seat.window.kit.theme.name == "dark"


def test_a_window_that_was_closed_finds_its_case_again(seat: Seat) -> None:
    again = cases.filled()
    seat.out.store.known[again.id] = again
    seat.window.parts.desk._resumed = False
    seat.out.desk.view = cases.desk(state="serving", current_case=again.id)
    seat.window.parts.desk.refresh()
    assert seat.main() == "再次呼叫客户"


@pytest.mark.parametrize("key", [Key.Key_F5, Key.Key_F7])
def test_keys_that_do_not_apply_do_nothing(seat: Seat, key: Key) -> None:
    serve(seat, cases.filled())
    seat.key(key)
    assert seat.out.store.sent == []


def test_a_key_that_just_changed_ignores_a_press(seat: Seat) -> None:
    serve(seat, cases.filled())
    seat.paint()
    assert not seat.window.bar.main.press()
    assert seat.out.store.sent == []


def test_somebody_elses_case_cannot_be_acted_on(seat: Seat) -> None:
    serve(seat, cases.filled(teller=None))
    seat.window.parts.commands.act(Action(Act.CLOSE))
    assert seat.out.store.sent == []
