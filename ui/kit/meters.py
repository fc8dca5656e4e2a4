"""Small painted measures: gauge, bars, countdown, signal."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.kit.base import Label, Painted, Tag, TagTone, hbox, vbox
from ui.kit.kit import Kit
from ui.kit.texts.words import T, Words, t


class Gauge(Painted):
    """A score between 0 and 100 with the threshold as a mark."""

    def __init__(
        self, kit: Kit, score: float = 0, threshold: float = 80, role: str = "ok", parent: QWidget | None = None
    ) -> None:
        super().__init__(kit, parent)
        self._score, self._threshold, self._role = score, threshold, role
        self.setFixedHeight(16)
        self.setMinimumWidth(60)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_score(self, score: float, threshold: float, role: str) -> None:
        """Show another score; ``role`` is ``ok``, ``warn`` or ``bad``."""
        if (score, threshold, role) != (self._score, self._threshold, self._role):
            self._score, self._threshold, self._role = score, threshold, role
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.kit.color("line"))
        painter.drawRoundedRect(QRectF(0, 4, self.width(), 8), 4, 4)
        share = min(max(self._score, 0), 100) / 100
        if share > 0:
            painter.setBrush(self.kit.color(self._role))
            painter.drawRoundedRect(QRectF(0, 4, max(8, self.width() * share), 8), 4, 4)
        painter.setBrush(self.kit.color("text"))
        painter.drawRoundedRect(QRectF(self.width() * self._threshold / 100 - 1, 0, 2, 16), 1, 1)
        painter.end()


class ScoreBox(QWidget):
    """Title and verdict, figure and gauge, one line of explanation."""

    def __init__(self, kit: Kit, title: Words | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setProperty("role", "plain")
        self._title: Words = title or t("common.face_match")
        self.tag = Tag(kit)
        self.tag.hide()
        self.figure = Label(kit, "–", "figure")
        self.gauge = Gauge(kit)
        self.note = Label(kit, "", "label", wrap=True)
        head = hbox(Label(kit, self._title, "label"), None, self.tag)
        head.setContentsMargins(0, 0, 0, 0)
        self.setLayout(vbox(head, hbox(self.figure, self.gauge, gap=12), self.note, gap=0))

    def set_score(
        self, score: float | None, threshold: float = 80, verdict: str = "same", note: Words | None = None
    ) -> None:
        """Show a score.

        Args:
            score: 0 to 100; None: not known yet.
            verdict: ``same``, ``close`` (near the threshold) or ``different``.
        """
        tones: dict[str, tuple[TagTone, str]] = {
            "same": ("ok", "check"),
            "close": ("warn", "warn"),
            "different": ("bad", "stop"),
        }
        tone, icon = tones[verdict]
        self.tag.setVisible(score is not None)
        self.note.set_words(note or t("common.threshold", threshold=f"{threshold:.1f}"))
        if score is None:
            self.figure.set_words("–")
            self.gauge.set_score(0, threshold, "ok")
            return
        said = T(f"common.face_{verdict}")
        self.tag.set_tag(said, tone, icon)
        self.figure.set_words(f"{score:.1f}")
        self.gauge.set_score(score, threshold, tone)
        name = t("common.gauge_name", what=self._title, score=f"{score:.1f}", threshold=threshold, verdict=said)
        self.gauge.setAccessibleName(self.kit.say(name))


class ProgressBar(Painted):
    """Known progress 0..1, or None: a stretch that walks to and fro."""

    def __init__(self, kit: Kit, height: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._share: float | None = 0.0
        self._phase = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(40)
        self._timer.timeout.connect(self._walk)
        self.setFixedHeight(height)

    def set_share(self, share: float | None) -> None:
        """Show progress."""
        self._share = share
        if share is None and not self.kit.theme.reduce_motion:
            self._timer.start()
        else:
            self._timer.stop()
        self.update()

    def _walk(self) -> None:
        self._phase = (self._phase + 0.04 / 1.2) % 1.0
        if self.isVisible():
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._share is None:
            there = abs(self._phase * 2 - 1)
            box = QRectF(self.width() * 0.6 * there, 0, self.width() * 0.4, self.height())
        else:
            box = QRectF(0, 0, self.width() * min(max(self._share, 0.0), 1.0), self.height())
        _draw_bar(self, box, "accent")


def _draw_bar(on: Painted, box: QRectF, role: str) -> None:
    """A box with round ends on a track of the widget's size."""
    painter = on.painter()
    painter.setPen(Qt.PenStyle.NoPen)
    radius = on.height() / 2
    painter.setBrush(on.kit.color("line"))
    painter.drawRoundedRect(QRectF(on.rect()), radius, radius)
    if box.width() > 0:
        painter.setBrush(on.kit.color(role))
        painter.drawRoundedRect(box, radius, radius)
    painter.end()


class CountdownBar(Painted):
    """Time that is left, as a bar that grows shorter once a second; amber in the last part."""

    def __init__(self, kit: Kit, height: int = 8, warn_below_s: float = 30, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._left, self._whole, self._warn = 0.0, 1.0, warn_below_s
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_left(self, left_s: float, whole_s: float) -> None:
        """Seconds left of how many."""
        before = int(self._left), self._whole
        self._left, self._whole = max(0.0, left_s), max(0.001, whole_s)
        if before != (int(self._left), self._whole):
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        box = QRectF(0, 0, self.width() * min(1.0, self._left / self._whole), self.height())
        _draw_bar(self, box, "warn" if self._left < self._warn else "accent")


class StepBar(Painted):
    """Segments of a short way: done, current, to do. The kiosk's progress, and the steps of an XS window."""

    def __init__(
        self, kit: Kit, total: int = 1, current: int = 0, height: int = 12, parent: QWidget | None = None
    ) -> None:
        super().__init__(kit, parent)
        self._total, self._current = total, current
        self.setFixedHeight(height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_step(self, current: int, total: int) -> None:
        """``current`` counts from 0; equal to ``total``: all done."""
        self._total, self._current = total, current
        words = t("common.step_of", step=min(current + 1, total), total=total)
        self.setAccessibleName(self.kit.say(words))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        gap, radius = 8, self.height() / 2
        width = (self.width() - gap * (self._total - 1)) / max(1, self._total)
        for at in range(self._total):
            role = "ok" if at < self._current else "accent" if at == self._current else "line"
            painter.setBrush(self.kit.color(role))
            painter.drawRoundedRect(QRectF(at * (width + gap), 0, width, self.height()), radius, radius)
        painter.end()


@dataclass(frozen=True)
class Bar:
    """One bar: its value, the word under it, and whether it is the one that matters now."""

    value: float
    caption: str = ""
    current: bool = False


class HourBars(Painted):
    """Figures per hour as bars with their numbers on top."""

    def __init__(self, kit: Kit, bars: Sequence[Bar] = (), parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._bars = tuple(bars)
        self.setMinimumHeight(120)

    def set_bars(self, bars: Sequence[Bar]) -> None:
        """Show other figures."""
        self._bars = tuple(bars)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        base, room = self.height() - 24, self.height() - 48
        painter.setPen(self.kit.color("line"))
        painter.drawLine(0, base, self.width(), base)
        top = max((bar.value for bar in self._bars), default=0) or 1
        pitch = self.width() / max(1, len(self._bars))
        painter.setFont(self.kit.theme.font_px(12))
        for at, bar in enumerate(self._bars):
            box = QRectF(at * pitch, 0, pitch, 0)
            height = room * bar.value / top
            wide = min(72.0, pitch * 0.6)
            if bar.value:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.kit.color("accent" if bar.current else "accent-line"))
                painter.drawRoundedRect(QRectF(box.center().x() - wide / 2, base - height, wide, height), 3, 3)
            painter.setPen(self.kit.color("text-2"))
            center = Qt.AlignmentFlag.AlignCenter
            if bar.value:
                painter.drawText(QRectF(box.left(), base - height - 20, pitch, 20), center, f"{bar.value:g}")
            painter.drawText(QRectF(box.left(), base + 4, pitch, 20), center, bar.caption)
        painter.end()


class SparkBars(Painted):
    """A row of thin bars, the last one marked: twelve months at a glance."""

    def __init__(
        self, kit: Kit, values: Sequence[float] = (), role: str = "warn", parent: QWidget | None = None
    ) -> None:
        super().__init__(kit, parent)
        self._values, self._role = tuple(values), role
        self.setFixedHeight(66)

    def set_values(self, values: Sequence[float], role: str = "warn") -> None:
        """Show other figures; ``role`` colours the last one."""
        self._values, self._role = tuple(values), role
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        base = self.height() - 1
        painter.setPen(self.kit.color("line"))
        painter.drawLine(0, base, self.width(), base)
        painter.setPen(Qt.PenStyle.NoPen)
        top = max(self._values, default=0) or 1
        pitch = self.width() / max(1, len(self._values))
        for at, value in enumerate(self._values):
            role = self._role if at == len(self._values) - 1 else "accent-line"
            painter.setBrush(self.kit.color(role))
            height = max(2.0 if value else 0.0, (base - 2) * value / top)
            painter.drawRoundedRect(QRectF(at * pitch, base - height, pitch * 0.64, height), 2, 2)
        painter.end()


class SignalBars(Painted):
    """Seven rising bars: how good the connection is."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._level = 0
        self.setFixedSize(28, 16)

    def set_level(self, level: int) -> None:
        """0 to 7."""
        if level != self._level:
            self._level = level
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(28, 16)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        role = "ok" if self._level >= 5 else "warn" if self._level >= 3 else "bad"
        for at in range(7):
            painter.setBrush(self.kit.color(role if at < self._level else "line-strong"))
            height = 4 + at * 12 / 6
            painter.drawRoundedRect(QRectF(at * 4, 16 - height, 3, height), 1, 1)
        painter.end()
