"""Push buttons with icon, words and key cap in one row, and segmented choices.

Frame and colours of the states come from the style sheet; the content is painted here, because a sheet knows no
icon spacing and no key cap.
"""

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from ui.kit.base import Painted, hbox, set_prop, text_width
from ui.kit.kit import Kit
from ui.kit.spinner import Turning, paint_arc
from ui.kit.texts.words import Words

Kind = Literal["", "primary", "danger", "danger2", "quiet"]
Fit = Literal["", "s", "l"]

_HEIGHT = {"s": 28, "": 36, "l": 44}
_PX = {"s": 13, "": 14, "l": 16}
_PAD = {"s": 10, "": 16, "l": 24}
_INK = {"": "text", "primary": "text-on-fill", "danger": "on-bad", "danger2": "bad-text", "quiet": "accent-text"}


def cap_width(kit: Kit, cap: str) -> int:
    """Width of a key cap: at least 28."""
    return max(28, text_width(kit, cap, 12) + 12)


def paint_cap(painter: QPainter, kit: Kit, rect: QRectF, cap: str, ink: str, *, filled: bool, edge: str) -> None:
    """A key cap, 20 px high; ``filled`` on plain ground, an outline on a filled button."""
    painter.setPen(kit.color(edge))
    painter.setBrush(kit.color("surface-sunken") if filled else Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setFont(kit.theme.font_px(12))
    painter.setPen(kit.color(ink))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, cap)


class KeyCap(Painted):
    """A key cap on its own."""

    def __init__(self, kit: Kit, cap: str, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._cap = cap
        self.setFixedSize(cap_width(kit, cap), 20)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        paint_cap(painter, self.kit, QRectF(self.rect()), self._cap, "text-2", filled=True, edge="line-strong")
        painter.end()


class Button(QPushButton):
    """A push button.

    Args:
        kind: ``primary danger danger2 quiet`` or plain. fit: ``s`` 28, plain 36, ``l`` 44 pixels high.
        cap: the key that does the same; printed on the button.
    """

    def __init__(
        self,
        kit: Kit,
        words: Words = "",
        kind: Kind = "",
        fit: Fit = "",
        icon: str | None = None,
        cap: str = "",
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kit, self._kind, self._fit, self._icon, self._cap = kit, kind, fit, icon, cap
        self._busy_words: Words | None = None
        self._listed = False
        self.setProperty("kind", kind)
        self.setProperty("fit", fit)
        self.setFixedHeight(_HEIGHT[fit])
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._turning = Turning(kit, self)
        self._turning.stepped.connect(self.update)
        self._bound = kit.bind(self, self._show, words)
        kit.theme.changed.connect(self.update)
        if on_click is not None:
            self.clicked.connect(lambda: on_click())

    def set_words(self, words: Words) -> None:
        """Change the words."""
        self._bound.set_words(words)

    def set_icon(self, icon: str | None) -> None:
        """Change the icon."""
        self._icon = icon
        self.updateGeometry()
        self.update()

    def set_cap(self, cap: str) -> None:
        """Change the key cap."""
        self._cap = cap
        self.updateGeometry()
        self.update()

    @property
    def cap(self) -> str:
        """The key printed on it."""
        return self._cap

    def set_listed(self, on: bool) -> None:
        """One line of a list of choices: as wide as the list, the cap in front, both at the left."""
        if on != self._listed:
            self._listed = on
            wide = QSizePolicy.Policy.Expanding if on else QSizePolicy.Policy.Fixed
            self.setSizePolicy(wide, QSizePolicy.Policy.Fixed)
            self.update()

    @property
    def busy(self) -> bool:
        """Whether the spinner stands in the place of the icon."""
        return self._busy_words is not None

    def set_busy(self, on: bool, words: Words | None = None) -> None:
        """Show that the press is being worked on: spinner, not clickable, never narrower than before."""
        if on == self.busy and words is None:
            return
        self.setMinimumWidth(self.width() if on and self.isVisible() else 0)
        self._busy_words = (words or self._bound.words) if on else None
        self.setProperty("busy", "true" if on else "false")
        self.setEnabled(not on)
        set_prop(self, "kind", self._kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self._turning.run(on)
        self.updateGeometry()
        self.update()

    def _show(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(f"{text} {self._cap}".strip())
        self.updateGeometry()

    def _words_now(self) -> str:
        return self.text() if self._busy_words is None else self.kit.say(self._busy_words)

    def _bold(self) -> bool:
        filled = self._kind in ("primary", "danger") and (self.isEnabled() or self.busy)
        return filled or (self.isCheckable() and self.isChecked())

    def _content_width(self) -> int:
        text = self._words_now()
        parts = [text_width(self.kit, text, _PX[self._fit], bold=self._kind in ("primary", "danger"))] if text else []
        if self._icon is not None or self.busy:
            parts.insert(0, 16)
        if self._cap:
            parts.append(cap_width(self.kit, self._cap))
        return sum(parts) + 8 * (len(parts) - 1)

    def sizeHint(self) -> QSize:
        pad = 8 if not self._words_now() else _PAD[self._fit]
        return QSize(max(_HEIGHT[self._fit], self._content_width() + 2 * pad + 2), _HEIGHT[self._fit])

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def _ink(self) -> str:
        if not self.isEnabled() and not self.busy:
            return "text-3"
        return "accent-text" if self.isCheckable() and self.isChecked() else _INK[self._kind]

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        self._paint_content(painter, self._ink())
        painter.end()

    def _paint_content(self, painter: QPainter, ink: str) -> None:
        text, middle = self._words_now(), self.height() / 2
        bold = self._bold()
        words = text_width(self.kit, text, _PX[self._fit], bold=bold) if text else 0
        icon = 16 if self._icon is not None or self.busy else 0
        cap = cap_width(self.kit, self._cap) if self._cap else 0
        parts = [part for part in (icon, words, cap) if part]
        x = (self.width() - sum(parts) - 8 * (len(parts) - 1)) / 2
        if self._listed:
            x = _PAD[self._fit]
            if cap:
                self._paint_cap(painter, x, cap, ink)
                x, cap = x + cap + 8, 0
        if icon:
            box = QRectF(x, middle - 8, 16, 16)
            if self.busy:
                track, arc = ("line", "accent") if ink != "text-on-fill" and ink != "on-bad" else ("accent-line", ink)
                paint_arc(painter, box, self._turning.phase, self.kit.color(track), self.kit.color(arc))
            elif self._icon is not None:
                pixmap = self.kit.theme.pixmap(self._icon, 16, ink, self.devicePixelRatioF())
                painter.drawPixmap(box.topLeft(), pixmap)
            x += 24
        if text:
            painter.setFont(self.kit.theme.font_px(_PX[self._fit], bold=bold))
            painter.setPen(self.kit.color(ink))
            painter.drawText(QRectF(x, 0, words + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text)
            x += words + 8
        if cap:
            self._paint_cap(painter, x, cap, ink)

    def _paint_cap(self, painter: QPainter, x: float, width: int, ink: str) -> None:
        filled = ink not in ("text-on-fill", "on-bad")
        edge = ("line-strong" if self.isEnabled() else "line") if filled else ink
        rect = QRectF(x, self.height() / 2 - 10, width, 20)
        paint_cap(painter, self.kit, rect, self._cap, "text-2" if filled else ink, filled=filled, edge=edge)


BusyButton = Button


class IconButton(Button):
    """A square button with only an icon; the words are its accessible name and tool tip."""

    def __init__(
        self,
        kit: Kit,
        icon: str,
        words: Words,
        kind: Kind = "quiet",
        fit: Fit = "",
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kit, words, kind, fit, icon, "", on_click, parent)
        self.setFixedWidth(_HEIGHT[fit])

    def _show(self, text: str) -> None:
        self.setText("")
        self.setToolTip(text)
        self.setAccessibleName(text)


class Segmented(QWidget):
    """One of a few, side by side; the first is chosen unless told otherwise, with an empty string none is.

    Signals:
        chosen(str): the id of the segment that a person chose.
    """

    chosen = Signal(str)

    def __init__(
        self,
        kit: Kit,
        segments: Sequence[tuple[str, Words]],
        current: str | None = None,
        fit: Fit = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self._buttons: dict[str, Button] = {}
        self._group = QButtonGroup(self)
        self._group.setExclusive(True)
        row = hbox(gap=0)
        for at, (key, words) in enumerate(segments):
            button = Button(kit, words, fit=fit, parent=self)
            button.setCheckable(True)
            button.setProperty("seg", "first" if at == 0 else "last" if at == len(segments) - 1 else "mid")
            button.clicked.connect(lambda _=False, key=key: self.chosen.emit(key))
            self._group.addButton(button)
            self._buttons[key] = button
            row.addWidget(button)
        self.setLayout(row)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        if segments:
            self.set_current(current if current is not None else segments[0][0])

    def current(self) -> str:
        """Id of the chosen segment, or an empty string."""
        return next((key for key, button in self._buttons.items() if button.isChecked()), "")

    def set_current(self, key: str) -> None:
        """Choose without a signal; an empty string: none."""
        if key:
            self._buttons[key].setChecked(True)
            return
        self._group.setExclusive(False)  # an exclusive group keeps its last one
        for button in self._buttons.values():
            button.setChecked(False)
        self._group.setExclusive(True)

    def segment(self, key: str) -> Button:
        """One of the buttons."""
        return self._buttons[key]
