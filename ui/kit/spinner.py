"""The turning arc of busy buttons and waiting panels; with reduced motion it stands still."""

from PySide6.QtCore import QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from ui.kit.base import Painted
from ui.kit.kit import Kit

TURN_MS = 1000
_STEP_MS = 50


class Turning(QObject):
    """The clock of a spinner: runs only while asked to, one turn a second."""

    stepped = Signal()

    def __init__(self, kit: Kit, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kit = kit
        self.phase = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._step)

    def run(self, on: bool) -> None:
        """Turn or stand still."""
        if on and not self._kit.theme.reduce_motion:
            self._timer.start()
        else:
            self._timer.stop()

    def _step(self) -> None:
        self.phase = (self.phase + _STEP_MS / TURN_MS) % 1.0
        self.stepped.emit()


def paint_arc(painter: QPainter, rect: QRectF, phase: float, track: QColor, arc: QColor) -> None:
    """A ring with a quarter of it in the arc's colour."""
    width = max(2.0, rect.width() / 8)
    inner = rect.adjusted(width / 2 + 1, width / 2 + 1, -width / 2 - 1, -width / 2 - 1)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(track, width))
    painter.drawEllipse(inner)
    painter.setPen(QPen(arc, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
    painter.drawArc(inner, int((90 - phase * 360) * 16), -90 * 16)


class Spinner(Painted):
    """A turning ring of ``px`` pixels; it turns while it is visible."""

    def __init__(
        self, kit: Kit, px: int = 16, track: str = "line", arc: str = "accent", parent: QWidget | None = None
    ) -> None:
        super().__init__(kit, parent)
        self._track, self._arc = track, arc
        self.setFixedSize(px, px)
        self._turning = Turning(kit, self)
        self._turning.stepped.connect(self.update)

    def showEvent(self, event: object) -> None:
        self._turning.run(True)

    def hideEvent(self, event: object) -> None:
        self._turning.run(False)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        colors = self.kit.color(self._track), self.kit.color(self._arc)
        paint_arc(painter, QRectF(self.rect()), self._turning.phase, *colors)
        painter.end()
