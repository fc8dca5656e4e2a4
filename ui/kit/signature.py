"""A place to sign with finger, pen or mouse: keeps every point with its time and pressure."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainterPath, QPaintEvent, QPen, QTabletEvent, QTouchEvent
from PySide6.QtWidgets import QWidget

from ui.kit.base import Painted
from ui.kit.kit import Kit
from ui.kit.texts.words import Words, t

MOUSE_PRESSURE = 0.5


@dataclass(frozen=True)
class StrokePoint:
    """A point in logical pixels of the pad, seconds since the first point, pressure 0..1 (0.5 where unknown)."""

    x: float
    y: float
    t: float
    pressure: float


class SignaturePad(Painted):
    """Collects strokes.

    Signals:
        changed(): a stroke began, grew or all were cleared. stroke_added(object): tuple of points, when a stroke ends.
    """

    changed = Signal()
    stroke_added = Signal(object)

    def __init__(
        self,
        kit: Kit,
        *,
        pen: int = 7,
        caption: Words | None = None,
        now: Callable[[], float] = time.monotonic,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kit, parent)
        self._pen, self._now = pen, now
        self._caption = t("common.sign_above_line") if caption is None else caption
        self._strokes: list[list[StrokePoint]] = []
        self._current: list[StrokePoint] | None = None
        self._start: float | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.setCursor(Qt.CursorShape.CrossCursor)
        kit.bind(self, self.setAccessibleName, t("common.signature_pad"))

    def sizeHint(self) -> QSize:
        return QSize(952, 640)

    def strokes(self) -> tuple[tuple[StrokePoint, ...], ...]:
        """Everything drawn so far."""
        return tuple(tuple(stroke) for stroke in self._strokes)

    def set_strokes(self, strokes: tuple[tuple[StrokePoint, ...], ...]) -> None:
        """Show strokes from elsewhere (a mirror of the kiosk)."""
        self._strokes = [list(stroke) for stroke in strokes]
        self.update()

    def is_empty(self) -> bool:
        """Nothing, or only a dot: less than 40 px of line in all."""
        return self.length() < 40

    def length(self) -> float:
        """Length of all lines in logical pixels."""
        total = 0.0
        for stroke in self._strokes:
            for a, b in pairwise(stroke):
                total += ((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5
        return total

    def clear(self) -> None:
        """Begin again."""
        self._strokes, self._current, self._start = [], None, None
        self.update()
        self.changed.emit()

    def _add(self, at: QPointF, pressure: float, *, begin: bool = False) -> None:
        now = self._now()
        if self._start is None:
            self._start = now
        inside = QRectF(self.rect()).adjusted(0, 0, -1, -1)
        x = min(max(at.x(), inside.left()), inside.right())
        y = min(max(at.y(), inside.top()), inside.bottom())
        point = StrokePoint(round(x, 1), round(y, 1), round(now - self._start, 4), round(pressure, 3))
        if begin or self._current is None:
            self._current = []
            self._strokes.append(self._current)
        self._current.append(point)
        self.update()
        self.changed.emit()

    def _end(self) -> None:
        if self._current is not None:
            done, self._current = tuple(self._current), None
            self.stroke_added.emit(done)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._add(event.position(), MOUSE_PRESSURE, begin=True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._current is not None:
            self._add(event.position(), MOUSE_PRESSURE)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        if event.type() == QEvent.Type.TabletRelease:
            self._end()
        elif event.type() == QEvent.Type.TabletPress or self._current is not None:
            begin = event.type() == QEvent.Type.TabletPress
            self._add(event.position(), event.pressure(), begin=begin)
        event.accept()

    def event(self, event: QEvent) -> bool:
        kinds = (QEvent.Type.TouchBegin, QEvent.Type.TouchUpdate, QEvent.Type.TouchEnd, QEvent.Type.TouchCancel)
        if isinstance(event, QTouchEvent) and event.type() in kinds:
            points = event.points()
            if event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel):
                self._end()
            elif points:
                pressure = points[0].pressure() or MOUSE_PRESSURE
                self._add(points[0].position(), pressure, begin=event.type() == QEvent.Type.TouchBegin)
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        frame = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(self.kit.color("line-strong"), 2))
        painter.setBrush(self.kit.color("surface"))
        painter.drawRoundedRect(frame, 24, 24)
        base = self.height() - max(48, self.height() * 0.16)
        painter.setPen(QPen(self.kit.color("line-strong"), 2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(48, base), QPointF(self.width() - 48, base))
        painter.setFont(self.kit.theme.font("note" if self.kit.theme.sheet == "kiosk" else "caption"))
        painter.setPen(self.kit.color("text-2"))
        caption = QRectF(48, base + 4, self.width() - 96, self.height() - base - 4)
        painter.drawText(caption, Qt.AlignmentFlag.AlignVCenter, self.kit.say(self._caption))
        ends = Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin
        painter.setPen(QPen(self.kit.color("text"), self._pen, Qt.PenStyle.SolidLine, *ends))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for stroke in self._strokes:
            painter.drawPath(stroke_path(stroke))
        painter.end()


def stroke_path(stroke: list[StrokePoint] | tuple[StrokePoint, ...]) -> QPainterPath:
    """A smooth line through the points of one stroke."""
    path = QPainterPath(QPointF(stroke[0].x, stroke[0].y))
    if len(stroke) == 1:
        path.lineTo(stroke[0].x + 0.1, stroke[0].y)
    for a, b in pairwise(stroke[1:]):
        path.quadTo(QPointF(a.x, a.y), QPointF((a.x + b.x) / 2, (a.y + b.y) / 2))
    if len(stroke) > 1:
        path.lineTo(stroke[-1].x, stroke[-1].y)
    return path
