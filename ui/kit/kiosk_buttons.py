"""Buttons and tiles of the kiosk: at least 96 px, content painted, never cut."""

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QStylePainter, QWidget

from ui.kit.base import text_width
from ui.kit.kit import Kit
from ui.kit.texts.words import Words
from ui.kit.tokens import size, type_px


class KioskButton(QPushButton):
    """A button for a finger: 112 high (primary 128; large print 136 and 160), icon and words side by side.

    Args:
        kind: ``primary``, ``quiet``, ``bad``, ``choice``, ``head`` (on the dark head, 96 high) or plain.
    """

    def __init__(
        self,
        kit: Kit,
        words: Words,
        icon: str | None = None,
        kind: str = "",
        on_click: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.kit, self._icon, self._kind = kit, icon, kind
        self.setProperty("kind", kind)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy.Policy.Fixed if kind == "head" else QSizePolicy.Policy.Expanding
        self.setSizePolicy(policy, QSizePolicy.Policy.Fixed)
        self._bound = kit.bind(self, self._show, words)
        kit.theme.changed.connect(self._fit)
        self._fit()
        if on_click is not None:
            self.clicked.connect(lambda: on_click())

    def set_words(self, words: Words) -> None:
        """Change the words."""
        self._bound.set_words(words)

    def set_icon(self, icon: str | None) -> None:
        """Change the icon."""
        self._icon = icon
        self.update()

    def _show(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(text)
        self.updateGeometry()

    def _fit(self) -> None:
        group = self.kit.theme.group
        large = group == "kiosk_large"
        heights = {"primary": size(group, "button-primary"), "head": 120 if large else 96}
        self.setFixedHeight(heights.get(self._kind, size(group, "button")))
        self.updateGeometry()
        self.update()

    def _px(self) -> int:
        group = self.kit.theme.group
        if self._kind == "primary":
            return type_px(group, "label") + 4
        return type_px(group, "body" if self._kind in ("head", "choice") else "label") - (
            4 if self._kind == "head" and group == "kiosk_large" else 0
        )

    def _icon_px(self) -> int:
        return {"primary": 52, "head": 36, "choice": 36}.get(self._kind, 44)

    def sizeHint(self) -> QSize:
        width = text_width(self.kit, self.text(), self._px(), bold=True)
        return QSize(max(144, width + (self._icon_px() + 12 if self._icon else 0) + 52), self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(96, self.height())

    def ink(self) -> str:
        """Colour role of icon and words."""
        if not self.isEnabled():
            return "text-3"
        if self._kind == "head":
            return "ink" if self.isChecked() else "on-ink"
        if self._kind == "choice" and self.isChecked():
            return "accent-text"
        return {"primary": "text-on-fill", "bad": "bad-text"}.get(self._kind, "text")

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = ""
        painter = QStylePainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawControl(QStyle.ControlElement.CE_PushButtonBevel, option)
        self.paint_content(painter)
        painter.end()

    def paint_content(self, painter: QPainter) -> None:
        """Icon and words in the middle, shrunk by font size rather than cut when there is too little room."""
        px, icon = self._px(), self._icon_px() if self._icon else 0
        gap = 12 if icon else 0
        room = self.width() - 40 - icon - gap
        while px > size(self.kit.theme.group, "min-target") // 4 and (
            text_width(self.kit, self.text(), px, bold=True) > room
        ):
            px -= 1
        words = text_width(self.kit, self.text(), px, bold=True)
        x = (self.width() - words - icon - gap) / 2
        if self._icon:
            pixmap = self.kit.theme.pixmap(self._icon, icon, self.ink(), self.devicePixelRatioF())
            painter.drawPixmap(QRectF(x, (self.height() - icon) / 2, icon, icon).topLeft(), pixmap)
        painter.setFont(self.kit.theme.font_px(px, bold=True))
        painter.setPen(self.kit.color(self.ink()))
        box = QRectF(x + icon + gap, 0, words + 4, self.height())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.text())


class KioskTile(KioskButton):
    """A choice: icon on a tinted square, title, one line."""

    def __init__(
        self,
        kit: Kit,
        icon: str,
        words: Words,
        note: Words = "",
        on_click: Callable[[], object] | None = None,
        height: int = 312,
        parent: QWidget | None = None,
    ) -> None:
        self._tile_height = height
        self._note = note
        super().__init__(kit, words, icon, "", on_click, parent)
        self.setProperty("look", "tile")

    def _fit(self) -> None:
        self.setMinimumHeight(self._tile_height)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def _show(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(f"{text}, {self.kit.say(self._note)}".strip(", "))

    def sizeHint(self) -> QSize:
        return QSize(440, self._tile_height)

    def paint_content(self, painter: QPainter) -> None:
        group = self.kit.theme.group
        title, note = type_px(group, "label") + 8, type_px(group, "body")
        said, width = self.kit.say(self._note), self.width() - 56
        room = int((self.height() - 32 - 96 - 24 - title * 1.5) / (note * 1.5))
        lines = self._note_lines(said, note, width, room)
        kept = max(lines, min(room, 2 if group == "kiosk_large" else 1))  # the same for all: icons stay in line
        tall = 96 + 24 + round(title * 1.5) + round(kept * note * 1.5)
        x, y = 40.0, max(16.0, (self.height() - tall) / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.kit.color("accent-tint"))
        painter.drawRoundedRect(QRectF(x, y, 96, 96), 24, 24)
        assert self._icon is not None
        pixmap = self.kit.theme.pixmap(self._icon, 56, "accent", self.devicePixelRatioF())
        painter.drawPixmap(QRectF(x + 20, y + 20, 56, 56).topLeft(), pixmap)
        y += 96 + 24
        painter.setFont(self.kit.theme.font_px(title, bold=True))
        wide = painter.fontMetrics().horizontalAdvance(self.text())
        if wide > width:  # a long title is set smaller rather than cut off
            painter.setFont(self.kit.theme.font_px(max(note, int(title * width / wide)), bold=True))
        painter.setPen(self.kit.color("text"))
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, width)
        painter.drawText(QRectF(x, y, width, title * 1.5), Qt.AlignmentFlag.AlignVCenter, words)
        if lines:
            painter.setFont(self.kit.theme.font_px(note))
            painter.setPen(self.kit.color("text-2"))
            wrapped = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(x, y + title * 1.5, width, lines * note * 1.5), int(wrapped), said)

    def _note_lines(self, said: str, note: int, width: int, room: int) -> int:
        """How many lines the note takes; none where it does not fit whole: the title says enough."""
        if not said:
            return 0
        metrics = QFontMetricsF(self.kit.theme.font_px(note))
        box = metrics.boundingRect(QRectF(0, 0, width, 1000), int(Qt.TextFlag.TextWordWrap), said)
        needed = max(1, round(box.height() / metrics.lineSpacing()))
        return needed if needed <= room and box.width() <= width else 0
