"""Small parts that everything else is built from: layouts, labels, tags, the base of painted widgets."""

from collections.abc import Iterable
from typing import Literal, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout, QLabel, QLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.kit.kit import Kit
from ui.kit.texts.words import Words

Tone = Literal["", "muted", "faint", "ok", "warn", "bad", "accent", "on-ink", "on-ink-2"]
TagTone = Literal["", "ok", "warn", "bad", "accent"]
Part = QWidget | QLayout | None
W = TypeVar("W", bound=QWidget)
L = TypeVar("L", bound=QBoxLayout)

TONE_ICONS = {"ok": "check-circle", "warn": "warn", "bad": "stop", "accent": "info", "": "info"}


def named(widget: W, name: str) -> W:
    """Give a widget its address, ``area.thing``, and return it."""
    widget.setObjectName(name)
    return widget


def set_prop(widget: QWidget, name: str, value: object) -> None:
    """Set a dynamic property that the style sheet looks at, and dress the widget again if it changed."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        repolish(widget)


def repolish(widget: QWidget) -> None:
    """Make the style sheet look again at the widget's properties."""
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def _fill(layout: L, parts: Iterable[Part], gap: int, margins: tuple[int, int, int, int]) -> L:
    layout.setSpacing(gap)
    layout.setContentsMargins(*margins)
    for part in parts:
        if part is None:
            layout.addStretch(1)
        elif isinstance(part, QLayout):
            layout.addLayout(part)
        else:
            layout.addWidget(part)
    return layout


def hbox(*parts: Part, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QHBoxLayout:
    """A row; ``None`` is a stretch."""
    return _fill(QHBoxLayout(), parts, gap, margins)


def vbox(*parts: Part, gap: int = 8, margins: tuple[int, int, int, int] = (0, 0, 0, 0)) -> QVBoxLayout:
    """A column; ``None`` is a stretch."""
    return _fill(QVBoxLayout(), parts, gap, margins)


def frame(role: str, layout: QLayout | None = None, parent: QWidget | None = None) -> QFrame:
    """A frame dressed by the style sheet as ``role``."""
    made = QFrame(parent)
    made.setProperty("role", role)
    if layout is not None:
        made.setLayout(layout)
    return made


def line(*, vertical: bool = False, length: int = 0) -> QFrame:
    """A one-pixel divider."""
    made = frame("line")
    if vertical:
        made.setFixedWidth(1)
        if length:
            made.setFixedHeight(length)
    else:
        made.setFixedHeight(1)
    return made


class Label(QLabel):
    """A text that follows the language.

    Args:
        kind: step of the type scale (``caption label body strong title heading figure display value``;
            kiosk: ``note hint label step amount hero``).
        elide: cut with an ellipsis when there is no room; the whole text is then the tool tip.
    """

    def __init__(
        self,
        kit: Kit,
        words: Words = "",
        kind: str = "",
        tone: Tone = "",
        *,
        wrap: bool = False,
        elide: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kit = kit
        self._elide = elide
        self._full = ""
        self.setProperty("type", kind)
        self.setProperty("tone", tone)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        if elide:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
            self.setMinimumWidth(16)
        self._bound = kit.bind(self, self._show, words)

    @property
    def words(self) -> Words:
        """What is shown."""
        return self._bound.words

    def set_words(self, words: Words) -> None:
        """Show something else."""
        self._bound.set_words(words)

    def set_tone(self, tone: Tone) -> None:
        """Colour by meaning."""
        set_prop(self, "tone", tone)

    def full_text(self) -> str:
        """The whole text, also when it is elided."""
        return self._full

    def _show(self, text: str) -> None:
        self._full = text
        if self._elide:
            self._fit()
        else:
            self.setText(text)

    def _fit(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, Qt.TextElideMode.ElideRight, max(0, self.width()))
        if shown != self.text():
            self.setText(shown)
        self.setToolTip(self._full if shown != self._full else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._elide:
            self._fit()

    def sizeHint(self) -> QSize:
        if self._elide:
            return QSize(self.fontMetrics().horizontalAdvance(self._full) + 2, self.fontMetrics().height())
        return super().sizeHint()


class Painted(QWidget):
    """Base of painted widgets: repaints when theme or language change."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        kit.theme.changed.connect(self.update)
        kit.language.changed.connect(self._relabel)

    def _relabel(self) -> None:
        self.updateGeometry()
        self.update()

    def painter(self) -> QPainter:
        """A painter with smooth edges; the caller ends it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        return painter

    def icon(self, name: str, px: int, role: str) -> QPixmap:
        """An icon at this screen's ratio."""
        return self.kit.theme.pixmap(name, px, role, self.devicePixelRatioF())


class IconLabel(Painted):
    """One icon."""

    def __init__(self, kit: Kit, name: str, role: str = "text", px: int = 16, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._name, self._role, self._px = name, role, px
        self.setFixedSize(px, px)

    def set_icon(self, name: str, role: str) -> None:
        """Show another one."""
        self._name, self._role = name, role
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.drawPixmap(0, 0, self.icon(self._name, self._px, self._role))
        painter.end()


class Tag(Painted):
    """A state in a word, with its shape: 20 px high."""

    def __init__(
        self, kit: Kit, words: Words = "", tone: TagTone = "", icon: str | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(kit, parent)
        self._words, self._tone, self._icon = words, tone, icon
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(kit.say(words))

    @property
    def words(self) -> Words:
        """What is shown."""
        return self._words

    def text(self) -> str:
        """The text as shown."""
        return self.kit.say(self._words)

    def set_tag(self, words: Words, tone: TagTone = "", icon: str | None = None) -> None:
        """Show another state."""
        if (words, tone, icon) != (self._words, self._tone, self._icon):
            self._words, self._tone, self._icon = words, tone, icon
            self._relabel()

    def _relabel(self) -> None:
        self.setAccessibleName(self.text())
        super()._relabel()

    def sizeHint(self) -> QSize:
        return QSize(tag_width(self.kit, self.text(), self._icon is not None), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        paint_tag(painter, self.kit, QRectF(self.rect()), self.text(), self._tone, self._icon, self.devicePixelRatioF())
        painter.end()


def tag_width(kit: Kit, text: str, with_icon: bool) -> int:
    """Width of a tag in logical pixels."""
    return text_width(kit, text, 12) + 14 + (16 if with_icon and text else 12 if with_icon else 0)


def text_width(kit: Kit, text: str, px: int, *, bold: bool = False) -> int:
    """Width of one line of text, in logical pixels."""
    return kit.theme.text_width(text, px, bold=bold)


def paint_tag(
    painter: QPainter, kit: Kit, rect: QRectF, text: str, tone: TagTone, icon: str | None, ratio: float
) -> None:
    """Paint a tag; tables use it from their delegate."""
    fill = f"{tone}-tint" if tone else "surface-sunken"
    edge = f"{tone}-line" if tone else "line"
    ink = f"{tone}-text" if tone else "text-2"
    painter.setBrush(kit.color(fill))
    painter.setPen(kit.color(edge))
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    x = rect.left() + 7
    if icon is not None:
        painter.drawPixmap(round(x), round(rect.top() + 4), kit.theme.pixmap(icon, 12, ink, ratio))
        x += 16
    painter.setFont(kit.theme.font_px(12))
    painter.setPen(kit.color(ink))
    painter.drawText(QRectF(x, rect.top(), rect.right() - x, rect.height()), Qt.AlignmentFlag.AlignVCenter, text)
