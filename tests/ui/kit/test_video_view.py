"""The video view paints new frames only, tells when it did, and covers what must not be seen."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from ui.kit.base import vbox
from ui.kit.kit import Kit
from ui.kit.video_view import Picture, PictureLike, VideoState, VideoView


def flat(serial: int, blue: int, green: int, red: int, width: int = 64, height: int = 36) -> Picture:
    """A picture of one colour."""
    return Picture(width, height, width * 4, bytes((blue, green, red, 255)) * (width * height), serial, serial)


class Camera:
    """The newest picture."""

    def __init__(self) -> None:
        self.newest: Picture | None = flat(1, 0, 0, 200)

    def __call__(self) -> Picture | None:
        return self.newest


@pytest.fixture
def camera() -> Camera:
    return Camera()


@pytest.fixture
def view(kit: Kit, window: QWidget, camera: Camera, qtbot: QtBot) -> VideoView:
    made = VideoView(kit, camera)
    window.setLayout(vbox(made))
    qtbot.waitExposed(made)
    made.set_state(VideoState.LIVE)
    qtbot.waitUntil(lambda: made.painted_pictures == 1)
    return made


def middle(view: VideoView) -> QColor:
    return view.grab().toImage().pixelColor(view.width() // 2, view.height() // 2)


def test_bgra_bytes_become_the_right_colours(view: VideoView) -> None:
    seen = middle(view)
    assert (seen.red(), seen.green(), seen.blue()) == (200, 0, 0)


def test_the_same_frame_is_painted_once_and_a_new_one_once_more(view: VideoView, camera: Camera, qtbot: QtBot) -> None:
    told: list[PictureLike] = []
    view.on_painted = told.append
    for _ in range(5):
        view.tick()
        view.repaint()
    assert (view.painted_pictures, told) == (1, [])
    camera.newest = flat(2, 0, 150, 0)
    qtbot.waitUntil(lambda: bool(told))
    assert [picture.serial for picture in told] == [2]
    assert middle(view).green() == 150


def test_frames_that_come_faster_than_the_screen_are_skipped(view: VideoView, camera: Camera, qtbot: QtBot) -> None:
    for serial in range(2, 40):
        camera.newest = flat(serial, serial, 0, 0)
    qtbot.waitUntil(lambda: view.painted_pictures == 2)
    picture = view.picture()
    assert picture is not None
    assert picture.serial == 39


@pytest.mark.parametrize("state", [VideoState.COVERED, VideoState.ENDED, VideoState.CONNECTING, VideoState.IDLE])
def test_no_frame_shows_through_other_states(view: VideoView, state: VideoState) -> None:
    view.set_state(state)
    corner = view.grab().toImage().pixelColor(view.width() // 4, 4)
    assert corner.red() < 60


def test_a_broken_call_keeps_the_last_frame_dimmed(view: VideoView) -> None:
    view.set_state(VideoState.BROKEN)
    seen = view.grab().toImage().pixelColor(view.width() // 4, view.height() // 4)
    assert 20 < seen.red() < 120


def test_the_wanted_size_is_in_device_pixels(kit: Kit, window: QWidget, qtbot: QtBot) -> None:
    wanted: list[tuple[int, int]] = []
    view = VideoView(kit, on_wanted_size=lambda w, h: wanted.append((w, h)))
    window.setLayout(vbox(view))
    qtbot.waitUntil(lambda: bool(wanted))
    ratio = view.devicePixelRatioF()
    assert wanted[-1] == (round(view.width() * ratio), round(view.height() * ratio))


def test_the_own_picture_is_inset(view: VideoView, qtbot: QtBot) -> None:
    own = flat(1, 250, 0, 0)
    view.set_own_source(lambda: own, QSize(96, 56))
    view.tick()
    seen = view.grab().toImage().pixelColor(view.width() - 8 - 48, 8 + 28)
    assert (seen.blue(), seen.red()) == (250, 0)


def test_a_hidden_view_stops_looking(view: VideoView, camera: Camera, window: QWidget, qtbot: QtBot) -> None:
    window.hide()
    camera.newest = flat(9, 0, 0, 0)
    qtbot.wait(80)
    assert view.painted_pictures == 1


@pytest.mark.parametrize("on", [True, False])
def test_the_strip_says_whether_the_call_is_recorded(view: VideoView, kit: Kit, on: bool) -> None:
    view.set_recording("双录中 06:42" if on else "未双录", on=on)
    dot = view.grab().toImage().pixelColor(8 + 10, 8 + 10)
    assert (dot == kit.color("rec")) is on
    assert view.accessibleDescription() == ("双录中 06:42" if on else "未双录")


def test_without_words_there_is_no_strip(view: VideoView) -> None:
    bare = view.grab().toImage()
    view.set_recording("未双录", on=False)
    assert view.grab().toImage() != bare
    view.set_recording("", on=False)
    assert view.grab().toImage() == bare
