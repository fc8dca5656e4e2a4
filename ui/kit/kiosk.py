"""Parts of the kiosk: big buttons, tiles, head and foot, PIN boxes, keypad, illustrations."""

from collections.abc import Callable
from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
    QWidget,
)

from ui.kit.base import IconLabel, Label, Painted, Tone, hbox, set_prop, text_width
from ui.kit.kit import Kit
from ui.kit.panels import Brand
from ui.kit.texts.words import Words, t
from ui.kit.tokens import ASSETS, size, type_px


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

    def set_kind(self, kind: str) -> None:
        """Change the kind."""
        self._kind = kind
        set_prop(self, "kind", kind)
        self._fit()

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
        room = self.width() - 24 - icon - gap
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
        tall = 96 + 24 + round(title * 1.5) + round(note * 1.5)
        x, y = 40.0, max(16.0, (self.height() - tall) / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.kit.color("accent-tint"))
        painter.drawRoundedRect(QRectF(x, y, 96, 96), 24, 24)
        assert self._icon is not None
        pixmap = self.kit.theme.pixmap(self._icon, 56, "accent", self.devicePixelRatioF())
        painter.drawPixmap(QRectF(x + 20, y + 20, 56, 56).topLeft(), pixmap)
        y += 96 + 24
        width = self.width() - x - 16
        painter.setFont(self.kit.theme.font_px(title, bold=True))
        painter.setPen(self.kit.color("text"))
        painter.drawText(QRectF(x, y, width, title * 1.5), Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(self.kit.theme.font_px(note))
        painter.setPen(self.kit.color("text-2"))
        box = QRectF(x, y + title * 1.5, width, note * 1.5)
        words = painter.fontMetrics().elidedText(self.kit.say(self._note), Qt.TextElideMode.ElideRight, int(width))
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, words)


class KioskHead(QFrame):
    """The dark head: bank, language, large print. Nothing else stands there.

    Signals:
        language_pressed(), size_pressed().
    """

    language_pressed = Signal()
    size_pressed = Signal()

    def __init__(self, kit: Kit, bank: Words | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setProperty("role", "khead")
        self.language_button = KioskButton(kit, t("kiosk.other_language"), "globe", "head")
        self.language_button.setObjectName("head.language")
        self.size_button = KioskButton(kit, t("kiosk.large_print"), "text-size", "head")
        self.size_button.setObjectName("head.size")
        self.language_button.clicked.connect(lambda: self.language_pressed.emit())
        self.size_button.clicked.connect(lambda: self.size_pressed.emit())
        self.bank = Label(kit, bank or t("common.bank"), "label", "on-ink")
        mark = Brand(kit, 48, "on-ink")
        parts = hbox(mark, self.bank, None, self.language_button, self.size_button, gap=24, margins=(64, 0, 24, 0))
        self.setLayout(parts)
        kit.theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self.kit.theme.size("head"))
        large = self.kit.theme.name == "large"
        self.size_button.set_words(t("kiosk.standard_print" if large else "kiosk.large_print"))


class KioskFoot(QFrame):
    """The foot with up to three buttons of equal width; object names ``foot.<key>``.

    Signals:
        pressed(str): key of the button.
    """

    pressed = Signal(str)

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kit = kit
        self.setProperty("role", "kfoot")
        self._row = hbox(gap=32, margins=(64, 32, 64, 32))
        self.setLayout(self._row)
        self.buttons: dict[str, KioskButton] = {}
        kit.theme.changed.connect(self._fit)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self.kit.theme.size("foot"))

    def set_buttons(self, entries: list[tuple[str, Words, str]]) -> None:
        """Show these: key, words, icon."""
        for old in self.buttons.values():
            self._row.removeWidget(old)
            old.hide()
            old.setObjectName("")
            old.deleteLater()
        self.buttons = {}
        for key, words, icon in entries:
            button = KioskButton(self.kit, words, icon)
            button.setObjectName(f"foot.{key}")
            button.clicked.connect(lambda _=False, key=key: self.pressed.emit(key))
            self.buttons[key] = button
            self._row.addWidget(button, 1)


class StatusLine(QFrame):
    """What the machine is doing now: icon, one line, three dots that walk while it waits."""

    def __init__(self, kit: Kit, words: Words = "", icon: str = "scan", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "kstatus")
        self.setMinimumHeight(96)
        self._icon = IconLabel(kit, icon, "accent", 44)
        self.label = Label(kit, words, "body", wrap=True)
        self.label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = hbox(gap=24, margins=(36, 16, 36, 16))
        row.addWidget(self._icon)
        row.addWidget(self.label, 1)
        self.setLayout(row)

    def set_status(self, words: Words, icon: str = "scan", tone: Tone = "accent") -> None:
        """Say something else; ``ok``, ``warn`` and ``bad`` tint the line."""
        set_prop(self, "tone", "" if tone == "accent" else tone)
        self._icon.set_icon(icon, tone or "accent")
        self.label.set_words(words)


class PinBoxes(Painted):
    """Six boxes; gets a count only, never digits."""

    def __init__(self, kit: Kit, total: int = 6, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._total, self._count = total, 0
        self.setFixedHeight(136)
        self.setMinimumWidth(total * 96 + (total - 1) * 24)
        self._tell()

    def set_count(self, count: int) -> None:
        """How many digits have been entered."""
        if count != self._count:
            self._count = min(max(count, 0), self._total)
            self._tell()
            self.update()

    def count(self) -> int:
        """How many digits are shown as entered."""
        return self._count

    def _tell(self) -> None:
        self.setAccessibleName(self.kit.say(t("kiosk.pin_typed", n=self._count)))

    def _relabel(self) -> None:
        self._tell()
        super()._relabel()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        gap = 24
        width = min(120.0, (self.width() - gap * (self._total - 1)) / self._total)
        left = (self.width() - width * self._total - gap * (self._total - 1)) / 2
        for at in range(self._total):
            here = at == self._count
            box = QRectF(left + at * (width + gap), 2, width, self.height() - 4)
            painter.setPen(QPen(self.kit.color("focus" if here else "line-strong"), 4 if here else 2))
            painter.setBrush(self.kit.color("surface"))
            painter.drawRoundedRect(box.adjusted(2, 2, -2, -2), 16, 16)
            if at < self._count:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(self.kit.color("text"))
                painter.drawEllipse(box.center(), 14, 14)
        painter.end()


class Keypad(QWidget):
    """Digits for amounts (never for a PIN): 136 high keys, ``00``, backspace.

    Signals:
        pressed(str): ``0``–``9``, ``00`` or ``back``.
    """

    pressed = Signal(str)
    KEYS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "00", "0", "back")

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(24)
        for at, key in enumerate(self.KEYS):
            words: Words = t("kiosk.keypad_back") if key == "back" else key
            button = KioskButton(kit, words, "arrow-l" if key == "back" else None)
            button.setFixedHeight(size("kiosk", "key"))
            button.setObjectName(f"keypad.{key}")
            button.clicked.connect(lambda _=False, key=key: self.pressed.emit(key))
            grid.addWidget(button, at // 3, at % 3)


@cache
def illustration_svg(name: str) -> bytes:
    """Source of a picture: ``counter teller-scene customer-scene id-on-glass teller-avatar pin-pad cash-slot``."""
    return (ASSETS / "illustrations" / f"{name}.svg").read_bytes()


class Illustration(Painted):
    """One of the drawn pictures, as large as fits, on a tinted ground with round corners.

    Args:
        cover: fill the area and cut what does not fit (scenes); else show the whole (things).
        bare: no ground behind it.
    """

    def __init__(
        self,
        kit: Kit,
        name: str,
        *,
        cover: bool = False,
        bare: bool = False,
        radius: int = 24,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(kit, parent)
        self._cover, self._bare, self._radius = cover, bare, radius
        self._renderer = QSvgRenderer(self)
        self.set_picture(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def set_picture(self, name: str) -> None:
        """Show another one."""
        self._renderer.load(QByteArray(illustration_svg(name)))
        self._renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
        self.update()

    def sizeHint(self) -> QSize:
        return self._renderer.defaultSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        area = QRectF(self.rect())
        clip = QPainterPath()
        clip.addRoundedRect(area, self._radius, self._radius)
        painter.setClipPath(clip)
        if not self._bare:
            painter.fillRect(area, self.kit.color("accent-tint"))
        box = self._renderer.viewBoxF()
        scales = area.width() / box.width(), area.height() / box.height()
        scale = max(scales) if self._cover else min(scales)
        target = QRectF(0, 0, box.width() * scale, box.height() * scale)
        target.moveCenter(area.center())
        self._renderer.render(painter, target)
        painter.end()
