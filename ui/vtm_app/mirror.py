"""What the teller sees of this screen: small pictures when it changed, strokes as they are drawn, no PIN ever."""

import json
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPoint, QSize, QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from ui.kit.signature import StrokePoint

SCREEN, STROKE, MASKED = b"screen:", b"stroke:", b"screen:masked"
WIDTH = 540
EVERY_MS = 500
_AGAIN_AFTER = 10
"""Ticks after which an unchanged picture is sent once more: the channel may lose one."""
_QUALITY = 62


def picture_of(window: QWidget) -> bytes:
    """The window as JPEG, 540 wide."""
    height = round(window.height() * WIDTH / max(1, window.width()))
    image = QImage(QSize(WIDTH, height), QImage.Format.Format_RGB32)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.scale(WIDTH / window.width(), WIDTH / window.width())
    window.render(painter, QPoint(0, 0))
    painter.end()
    raw = QByteArray()
    buffer = QBuffer(raw)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "JPEG", _QUALITY)  # type: ignore[call-overload]  # the stubs want bytes
    return bytes(raw.data())


class Mirror(QObject):
    """Sends at most two pictures a second, none while the PIN is open.

    Args:
        send: to the teller, may lose it.
    """

    def __init__(self, window: QWidget, send: Callable[[bytes], object]) -> None:
        super().__init__(window)
        self._window, self._send = window, send
        self._on = self._masked = self._changed = False
        self._unchanged = 0
        self._timer = QTimer(self)
        self._timer.setInterval(EVERY_MS)
        self._timer.timeout.connect(self.tick)

    def set_state(self, *, on: bool, masked: bool) -> None:
        """Whether anybody looks, and whether the PIN is open."""
        if masked and not self._masked and on:
            self._send(MASKED)
        if (on, masked) != (self._on, self._masked):
            self._on, self._masked, self._changed = on, masked, True
            if on:
                self._timer.start()
            else:
                self._timer.stop()

    def note_change(self) -> None:
        """Something on the screen is different."""
        self._changed = True

    def tick(self) -> None:
        """Send what is new."""
        self._unchanged += 1
        if not self._on or (not self._changed and self._unchanged < _AGAIN_AFTER):
            return
        self._changed, self._unchanged = False, 0
        self._send(MASKED if self._masked else SCREEN + picture_of(self._window))

    def send_stroke(self, points: tuple[StrokePoint, ...], width: int, height: int) -> None:
        """A stroke has just been drawn."""
        if self._on:
            shape = {"width": width, "height": height, "points": [[point.x, point.y] for point in points]}
            self._send(STROKE + json.dumps(shape).encode())

    def send_clear(self) -> None:
        """The pad is empty again."""
        if self._on:
            self._send(STROKE + b'{"clear": true}')
