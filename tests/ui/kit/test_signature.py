"""The signature pad keeps every point with its time."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.kit.base import vbox
from ui.kit.kit import Kit
from ui.kit.signature import SignaturePad, StrokePoint


class Ticking:
    """A clock that goes on by 10 ms at each look."""

    def __init__(self) -> None:
        self.now = 5.0

    def __call__(self) -> float:
        self.now += 0.01
        return self.now


@pytest.fixture
def pad(kit: Kit, window: QWidget, qtbot: QtBot) -> SignaturePad:
    made = SignaturePad(kit, now=Ticking())
    window.setLayout(vbox(made))
    qtbot.waitExposed(made)
    return made


def draw(pad: SignaturePad, *points: tuple[int, int]) -> None:
    QTest.mousePress(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(*points[0]))
    for point in points[1:]:
        QTest.mouseMove(pad, QPoint(*point))
    QTest.mouseRelease(pad, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(*points[-1]))


def test_strokes_have_points_in_order_of_time(pad: SignaturePad) -> None:
    ended: list[tuple[StrokePoint, ...]] = []
    pad.stroke_added.connect(ended.append)
    draw(pad, (100, 100), (150, 120), (220, 90))
    draw(pad, (300, 100), (300, 260))
    strokes = pad.strokes()
    assert [len(stroke) for stroke in strokes] == [3, 2]
    assert [(p.x, p.y) for p in strokes[0]] == [(100, 100), (150, 120), (220, 90)]
    times = [p.t for stroke in strokes for p in stroke]
    assert times == sorted(times)
    assert times[0] == 0
    assert tuple(ended) == strokes


def test_a_dot_is_not_a_signature(pad: SignaturePad) -> None:
    assert pad.is_empty()
    draw(pad, (100, 100), (110, 100))
    assert pad.is_empty()
    draw(pad, (100, 100), (180, 160))
    assert not pad.is_empty()


def test_clear_begins_again(pad: SignaturePad, qtbot: QtBot) -> None:
    before = pad.grab().toImage()
    draw(pad, (100, 100), (400, 260))
    assert pad.grab().toImage() != before
    with qtbot.waitSignal(pad.changed):
        pad.clear()
    assert (pad.strokes(), pad.grab().toImage() == before) == ((), True)


def test_points_stay_inside_the_pad(pad: SignaturePad) -> None:
    draw(pad, (100, 100), (5000, -40))
    last = pad.strokes()[0][-1]
    assert 0 <= last.x < pad.width()
    assert last.y == 0


def test_a_mirror_shows_the_same_strokes(pad: SignaturePad, kit: Kit, qtbot: QtBot) -> None:
    draw(pad, (100, 100), (400, 260), (500, 120))
    mirror = SignaturePad(kit)
    qtbot.addWidget(mirror)
    mirror.resize(pad.size())
    mirror.set_strokes(pad.strokes())
    pictures = [
        w.grab().toImage().convertToFormat(QImage.Format.Format_RGB32).copy(40, 40, 800, 500) for w in (pad, mirror)
    ]
    assert pictures[0] == pictures[1]
