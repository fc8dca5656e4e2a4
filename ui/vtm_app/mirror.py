"""What the teller sees of this screen: small pictures when it changed, strokes as they are drawn, no PIN ever."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import shiboken6
from PySide6.QtCore import QObject, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from ui.kit.picture_files import encode_jpeg
from ui.kit.signature import StrokePoint

SCREEN, STROKE, MASKED = b"screen:", b"stroke:", b"screen:masked"
WIDTH = 540
EVERY_MS = 500
_AGAIN_AFTER = 10
"""Ticks after which an unchanged picture is sent once more: the channel may lose one."""
_QUALITY = 62


def drawn(window: QWidget) -> QImage:
    """The window, 540 wide."""
    height = round(window.height() * WIDTH / max(1, window.width()))
    image = QImage(QSize(WIDTH, height), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(WIDTH / window.width(), WIDTH / window.width())
    window.render(painter, QPoint(0, 0))
    painter.end()
    return image


@cache
def _encoder() -> ThreadPoolExecutor:
    """One thread: the kiosk has one screen, and encoding it takes longer than the window may stand still."""
    return ThreadPoolExecutor(1, thread_name_prefix="mirror")


class Mirror(QObject):
    """Sends at most two pictures a second, none while the PIN is open.

    Args:
        send: to the teller, may lose it.
    """

    _encoded = Signal(int, bytes)

    def __init__(self, window: QWidget, send: Callable[[bytes], object]) -> None:
        super().__init__(window)
        self._window, self._send = window, send
        self._on = self._masked = self._changed = False
        self._unchanged = 0
        self._scene = 0
        self.busy = False
        # Emitted on the encoder's thread, heard on the GUI thread.
        self._encoded.connect(self._send_picture, Qt.ConnectionType.QueuedConnection)
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.tick)

    def set_state(self, *, on: bool, masked: bool) -> None:
        """Whether anybody looks, and whether the PIN is open."""
        if masked and not self._masked and on:
            self._send(MASKED)
        if (on, masked) != (self._on, self._masked):
            self._on, self._masked, self._changed = on, masked, True
            self._scene += 1  # what is being encoded now is of before
            if on:
                self._timer.start()
            else:
                self._timer.stop()

    def note_change(self) -> None:
        """Something on the screen is different."""
        self._changed = True

    def tick(self) -> None:
        """Send what is new; a picture that is still being encoded is waited for."""
        self._unchanged += 1
        if not self._on or self.busy or (not self._changed and self._unchanged < _AGAIN_AFTER):
            return
        self._changed, self._unchanged = False, 0
        if self._masked:
            self._send(MASKED)
            return
        self.busy = True
        _encoder().submit(self._encode, self._scene, drawn(self._window))

    def _encode(self, scene: int, image: QImage) -> None:
        picture = encode_jpeg(image, _QUALITY)
        if shiboken6.isValid(self):  # the window may have gone meanwhile
            self._encoded.emit(scene, picture)

    def _send_picture(self, scene: int, picture: bytes) -> None:
        self.busy = False
        if scene == self._scene and self._on:
            self._send(SCREEN + picture)

    def send_stroke(self, points: tuple[StrokePoint, ...], width: int, height: int) -> None:
        """A stroke has just been drawn."""
        if self._on:
            shape = {"width": width, "height": height, "points": [[point.x, point.y] for point in points]}
            self._send(STROKE + json.dumps(shape).encode())

    def send_clear(self) -> None:
        """The pad is empty again."""
        if self._on:
            self._send(STROKE + b'{"clear": true}')
