"""Parts of the kiosk: big buttons, tiles, head and foot, PIN boxes, keypad, illustrations."""

from functools import cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainterPath, QPaintEvent, QPen
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QSizePolicy,
    QWidget,
)

from ui.kit.base import IconLabel, Label, Painted, Tone, hbox, set_prop
from ui.kit.kiosk_buttons import KioskButton, KioskTile
from ui.kit.kit import Kit
from ui.kit.panels import Brand
from ui.kit.texts.words import Words, t
from ui.kit.tokens import ASSETS, size

__all__ = [
    "Illustration",
    "Keypad",
    "KioskButton",
    "KioskFoot",
    "KioskHead",
    "KioskTile",
    "PinBoxes",
    "StatusLine",
    "WalkingDots",
]


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


class WalkingDots(Painted):
    """Three dots, one dark; it walks once a second."""

    def __init__(self, kit: Kit, parent: QWidget | None = None) -> None:
        super().__init__(kit, parent)
        self._at = 0
        self.setFixedSize(84, 20)
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self._walk)

    def _walk(self) -> None:
        self._at = (self._at + 1) % 3
        self.update()

    def showEvent(self, event: object) -> None:
        if not self.kit.theme.reduce_motion:
            self._timer.start()

    def hideEvent(self, event: object) -> None:
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = self.painter()
        painter.setPen(Qt.PenStyle.NoPen)
        for at in range(3):
            painter.setBrush(self.kit.color("accent" if at == self._at else "accent-line"))
            inset = 0 if at == self._at else 4  # told apart by size too: large print has one blue only
            painter.drawEllipse(QRectF(at * 32, 0, 20, 20).adjusted(inset, inset, -inset, -inset))
        painter.end()


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
        self.dots = WalkingDots(kit)
        row.addWidget(self.label, 1)
        row.addWidget(self.dots)
        self.setLayout(row)

    def set_status(self, words: Words, icon: str = "scan", tone: Tone = "accent", *, waiting: bool = True) -> None:
        """Say something else; ``ok``, ``warn`` and ``bad`` tint the line; ``waiting`` shows the dots."""
        self.dots.setVisible(waiting)
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
