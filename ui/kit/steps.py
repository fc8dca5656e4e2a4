"""What has been done, what is going on, what is still to do: a vertical list and a horizontal timeline."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.base import Painted
from ui.kit.kit import Kit
from ui.kit.texts.words import Words

StepState = Literal["done", "now", "todo", "warn", "bad"]


@dataclass(frozen=True)
class Step:
    """One step: words, state, and a word at its right or under it (a time, "now")."""

    words: Words
    state: StepState = "todo"
    note: Words = ""


_ICON = {"done": ("check-circle", "ok"), "warn": ("warn", "warn"), "bad": ("stop", "bad")}


def _paint_dot(painter: QPainter, kit: Kit, center: QPointF, state: StepState, ratio: float) -> None:
    painter.setBrush(kit.color("surface"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawEllipse(center, 8, 8)
    if state in _ICON:
        icon, role = _ICON[state]
        painter.drawPixmap(center - QPointF(8, 8), kit.theme.pixmap(icon, 16, role, ratio))
    elif state == "now":
        painter.setPen(QPen(kit.color("accent"), 5))
        painter.drawEllipse(center, 5.5, 5.5)
    else:
        painter.setPen(QPen(kit.color("line-strong"), 2))
        painter.drawEllipse(center, 6, 6)


class StepsList(Painted):
    """Steps one below the other, 32 px each."""

    def __init__(self, kit: Kit, steps: Sequence[Step] = (), parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._steps = tuple(steps)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show other steps."""
        if tuple(steps) != self._steps:
            self._steps = tuple(steps)
            self._relabel()

    def _relabel(self) -> None:
        said = (f"{self.kit.say(s.words)} {self.kit.say(s.note)}".strip() for s in self._steps)
        self.setAccessibleDescription("; ".join(said))
        super()._relabel()

    def sizeHint(self) -> QSize:
        return QSize(200, 32 * len(self._steps))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 32 * len(self._steps))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        ratio = self.devicePixelRatioF()
        for at, step in enumerate(self._steps):
            middle = at * 32 + 16
            if at:
                role = "ok" if step.state in ("done", "now") else "line"
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.kit.color(role))
                painter.drawRect(QRectF(7, middle - 24, 2, 16))
        for at, step in enumerate(self._steps):
            middle = at * 32 + 16
            _paint_dot(painter, self.kit, QPointF(8, middle), step.state, ratio)
            note = self.kit.say(step.note)
            painter.setFont(self.kit.theme.font_px(12))
            room = painter.fontMetrics().horizontalAdvance(note) + 8 if note else 0
            painter.setPen(self.kit.color("text-2"))
            right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(0, middle - 16, self.width(), 32), right, note)
            painter.setFont(self.kit.theme.font_px(14, bold=step.state == "now"))
            painter.setPen(self.kit.color("text-2" if step.state == "todo" else "text"))
            width = self.width() - 28 - room
            words = painter.fontMetrics().elidedText(self.kit.say(step.words), Qt.TextElideMode.ElideRight, int(width))
            painter.drawText(QRectF(28, middle - 16, width, 32), Qt.AlignmentFlag.AlignVCenter, words)
        painter.end()


class AuthTimeline(Painted):
    """Steps side by side with lines between: the way of an authorisation."""

    def __init__(self, kit: Kit, steps: Sequence[Step] = (), parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._steps = tuple(steps)
        self.setFixedHeight(60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_steps(self, steps: Sequence[Step]) -> None:
        """Show other steps."""
        if tuple(steps) != self._steps:
            self._steps = tuple(steps)
            self._relabel()

    def sizeHint(self) -> QSize:
        return QSize(120 * max(1, len(self._steps)), 60)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        count = len(self._steps)
        last = 56.0
        pitch = (self.width() - last) / max(1, count - 1)
        ratio = self.devicePixelRatioF()
        for at, step in enumerate(self._steps):
            x = at * pitch
            if at:
                role = "ok" if step.state in ("done", "now") else "line"
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.kit.color(role))
                painter.drawRect(QRectF(x - pitch + 24, 9, pitch - 32, 2))
            _paint_dot(painter, self.kit, QPointF(x + 9, 10), step.state, ratio)
            width = (pitch if at < count - 1 else last) - 8
            self._caption(painter, step, QRectF(x, 22, width, 20))
        painter.end()

    def _caption(self, painter: QPainter, step: Step, box: QRectF) -> None:
        painter.setFont(self.kit.theme.font_px(14, bold=step.state == "now"))
        painter.setPen(self.kit.color("text"))
        cut, left = Qt.TextElideMode.ElideRight, Qt.AlignmentFlag.AlignVCenter
        words = painter.fontMetrics().elidedText(self.kit.say(step.words), cut, int(box.width()))
        painter.drawText(box, left, words)
        painter.setFont(self.kit.theme.font_px(12))
        painter.setPen(self.kit.color("text-2"))
        note = painter.fontMetrics().elidedText(self.kit.say(step.note), cut, int(box.width()))
        painter.drawText(box.translated(0, 19), left, note)
